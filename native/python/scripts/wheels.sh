#!/usr/bin/env bash
# Builds into dist the wheels for Linux (manylinux_2_17 and musllinux_1_2, x86_64 and aarch64) and the source distribution, and checks
# them: the symbols of glibc that each wheel needs, the licences, and, in fresh environments, that the wheel for this machine and the
# source distribution work; the wheel for arm64 under qemu (scripts/arm64.sh).
#
#   bash scripts/wheels.sh [PART…]        x86_64-gnu aarch64-gnu x86_64-musl aarch64-musl sdist; all of them by default
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environment.sh
tools=.cache/wheels/tools
[ -x $tools/bin/auditwheel ] || "$python" -m venv $tools
# zig's linker knows every version of glibc.
$tools/bin/pip install --quiet --disable-pip-version-check maturin==1.16.0 ziglang==0.17.1 auditwheel==6.8.2

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(x86_64-gnu aarch64-gnu x86_64-musl aarch64-musl sdist)
mkdir -p dist

build() { # ARCHITECTURE LIBC
  local target=$1-unknown-linux-$2 tag=manylinux_2_17
  [ "$2" = gnu ] || tag=musllinux_1_2
  rm -f dist/*"$tag"_"$1"*.whl
  rustup target add "$target" 2>/dev/null
  PATH="$PWD/$tools/bin:$PATH" $tools/bin/maturin build --release --locked --quiet --zig --target "$target" --compatibility "$tag" --out dist
  check dist/*"$tag"_"$1"*.whl "$tag"_"$1"
}

check() { # WHEEL TAG: needs no more than its tag says, and holds the licences
  local folder needed shown
  folder=$(mktemp -d)
  "$python" -m zipfile -e "$1" "$folder"
  ls "$folder"/*.dist-info/licenses/{LICENSE-MIT,LICENSE-APACHE,THIRD-PARTY.md} >/dev/null
  case $2 in
    musllinux*) # auditwheel reads a system's own libc.so, which is musl's on musl alone.
      needed=$(readelf --wide --dynamic "$folder"/auralis_dsp/*.so | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | tr '\n' ' ')
      [ "$needed" = 'libc.so ' ] || { echo "$1 needs $needed; libc.so is all that musl's Pythons have" >&2; return 1; }
      ;;
    *)
      needed=$(readelf --wide --dyn-syms "$folder"/auralis_dsp/*.so | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -1)
      if [ "$(printf '%s\nGLIBC_2.17\n' "$needed" | sort -V | tail -1)" != GLIBC_2.17 ]; then
        echo "$1 needs $needed, which is newer than 2.17" >&2
        return 1
      fi
      shown=$($tools/bin/auditwheel show "$1" | tr '\n' ' ')
      grep -q "\"$2\"" <<<"$shown" || { echo "$shown" >&2; return 1; }
      ;;
  esac
  rm -r "$folder"
  echo "$1: $2, needs $needed, $(du -k "$1" | cut -f1) KiB"
}

smoke() { # FILE: in a fresh environment, outside this folder, so that nothing here is imported
  local environment=.cache/wheels/smoke
  rm -rf $environment
  "$python" -m venv $environment
  $environment/bin/pip install --quiet --disable-pip-version-check "$1"
  (cd .cache/wheels && smoke/bin/python -I ../../scripts/smoke.py)
}

for part in "${parts[@]}"; do
  case $part in
    x86_64-gnu | aarch64-gnu | x86_64-musl | aarch64-musl) build "${part%-*}" "${part#*-}" ;;
    sdist)
      rm -f dist/*.tar.gz
      $tools/bin/maturin sdist --out dist 2>/dev/null
      held=$(tar -tzf dist/*.tar.gz)
      for name in LICENSE-MIT LICENSE-APACHE THIRD-PARTY.md core/Cargo.toml codec/Cargo.toml Cargo.lock; do
        grep -q "^[^/]*/$name\$" <<<"$held" || { echo "$name is not in the source distribution" >&2; exit 1; }
      done
      smoke dist/*.tar.gz
      ;;
    *) echo "usage: wheels.sh [x86_64-gnu] [aarch64-gnu] [x86_64-musl] [aarch64-musl] [sdist]" >&2; exit 2 ;;
  esac
  if [ "$part" = "$(uname -m)-gnu" ]; then smoke dist/*manylinux_2_17_"$(uname -m)"*.whl; fi
  if [ "$part" = aarch64-gnu ] && [ "$(uname -m)" != aarch64 ]; then
    bash scripts/arm64.sh dist/*manylinux_2_17_aarch64*.whl
  fi
done
