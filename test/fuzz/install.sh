#!/bin/sh
# Brings schemathesis, the fuzzer of `npm run test:fuzz`, into a folder of its own. Needs Python 3.10 or newer with venv.
set -eu
cd "$(dirname "$0")/../.."
VERSION=4.32.5
if [ "$(.schemathesis/bin/schemathesis --version 2>/dev/null | awk '{print $NF}')" != "$VERSION" ]; then
  # Debian and Ubuntu have venv in a package of its own.
  python3 -m venv .schemathesis 2>/dev/null || {
    if [ "$(id -u)" = 0 ]; then sudo=''; else sudo='sudo'; fi
    $sudo apt-get update -qq
    $sudo apt-get install -qq -y --no-install-recommends python3-venv
    python3 -m venv .schemathesis
  }
  .schemathesis/bin/pip install --quiet --disable-pip-version-check "schemathesis==$VERSION"
fi
.schemathesis/bin/schemathesis --version
