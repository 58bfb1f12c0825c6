#!/usr/bin/env bash
# Tests a wheel for arm64 on another machine: with qemu-aarch64 and Debian's arm64 Python, which it unpacks into .cache. Nothing is
# installed on the system. Where qemu or apt is missing, it says so and leaves the wheel untested.
#
#   bash scripts/arm64.sh WHEEL
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environment.sh
wheel=$1
root=$PWD/.cache/wheels/arm64

for tool in qemu-aarch64 apt-get dpkg-deb; do
  command -v $tool >/dev/null || { echo "SKIPPED: $wheel is not tested, as $tool is not here (Debian: apt-get install qemu-user)" >&2; exit 0; }
done

unpack() { # Debian's Python 3.11 and its libraries, with apt's state in a folder of its own
  rm -rf "$root"
  mkdir -p "$root"/{lists/partial,cache/archives/partial,debs,sites}
  touch "$root/status"
  cat >"$root/apt.conf" <<CONF
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "root";
Dir::State::Lists "$root/lists";
Dir::State::status "$root/status";
Dir::Cache "$root/cache";
CONF
  (
    export APT_CONFIG=$root/apt.conf
    apt-get update -qq
    cd "$root/debs"
    apt-get download -qq python3.11-minimal libpython3.11-minimal libpython3.11-stdlib libc6 libgcc-s1 libstdc++6 zlib1g \
      libexpat1 libssl3 libffi8 libbz2-1.0 liblzma5 libuuid1
  )
  for deb in "$root"/debs/*.deb; do dpkg-deb --extract "$deb" "$root/sysroot"; done
  rm -r "$root"/{lists,cache,debs}
}

install() { # WHEEL…: as pip would for that machine
  "$python" -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target "$root/sites" \
    --platform manylinux_2_28_aarch64 --platform manylinux_2_27_aarch64 --platform manylinux_2_17_aarch64 --platform manylinux2014_aarch64 \
    --python-version 3.11 --only-binary=:all: "$@"
}

[ -x "$root/sysroot/usr/bin/python3.11" ] || unpack
install numpy==2.4.6 "$wheel"
cd "$root"
PYTHONPATH=$root/sites qemu-aarch64 -L "$root/sysroot" "$root/sysroot/usr/bin/python3.11" -s ../../../scripts/smoke.py
