#!/bin/sh
# Installs PgBouncer on Debian and Ubuntu, for the tests of replicas behind a pooler. They start one of their own.
# Run as often as you like: what is there already is left alone. Nothing is written into the repository.
set -eu

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

if dpkg-query -W -f '${db:Status-Status}\n' pgbouncer 2>/dev/null | grep -q '^installed$'; then
  echo 'pgbouncer: there already'
  exit 0
fi

as_root apt-get update -qq
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends pgbouncer
echo 'pgbouncer: installed'
