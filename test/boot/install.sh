#!/bin/sh
# Installs what the boot tests need on Debian and Ubuntu: QEMU, its iPXE ROMs, a static busybox and a kernel.
# Run as often as you like: what is there already is left alone. Nothing is written into the repository.
set -eu

packages='qemu-system-x86 ipxe-qemu busybox-static'
# Small kernels for virtual machines first; whichever the distribution has.
kernels='linux-image-cloud-amd64 linux-image-kvm linux-image-virtual linux-image-amd64'
cache="${XDG_CACHE_HOME:-$HOME/.cache}/bss-edge-boot"

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

installed() { dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -q '^installed$'; }

# The package that holds the kernel itself: the names above only depend on it.
kernel_package() {
  for meta in $kernels; do
    found=$(apt-cache depends "$meta" 2>/dev/null | grep -Eo 'linux-image-(unsigned-)?[0-9][^ ]*' | head -n 1)
    if [ -n "$found" ]; then echo "$found"; return; fi
  done
}

missing=''
for package in $packages; do installed "$package" || missing="$missing $package"; done
if [ -z "$missing" ] && [ -r "$cache/vmlinuz" ]; then echo "boot tools: all there"; exit 0; fi

as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of words on purpose
[ -z "$missing" ] || as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing

if [ ! -r "$cache/vmlinuz" ]; then
  package=$(kernel_package)
  [ -n "$package" ] || { echo "boot tools: none of these packages is known to apt: $kernels" >&2; exit 1; }
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # The image is unpacked, never installed: this machine's own boot loader is none of our business.
  (cd "$work" && apt-get -o APT::Sandbox::User=root download -q "$package" && dpkg -x ./*.deb tree)
  mkdir -p "$cache"
  cp "$work"/tree/boot/vmlinuz-* "$cache/vmlinuz.new"
  chmod 644 "$cache/vmlinuz.new"
  mv "$cache/vmlinuz.new" "$cache/vmlinuz"
fi
echo "boot tools: installed, kernel in $cache/vmlinuz"
