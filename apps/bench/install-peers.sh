#!/usr/bin/env bash
# Installs the peers that npm does not bring: a Python environment in .venv, the Rust peers, transformers.js.
# Only package registries are used (PyPI, crates.io, npm). Each part may fail by itself: the benchmark lists what is absent.
set -uo pipefail
cd "$(dirname "$0")"
failed=()

python() {
  "${PYTHON:-python3}" -m venv .venv &&
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement peers/python/requirements.txt &&
    voices &&
    aubio
}

# Speaker encoders. Without their dependencies: Resemblyzer wants a webrtcvad that has to be compiled, and what SpeechBrain's networks need
# is here already.
voices() {
  .venv/bin/pip install --quiet --disable-pip-version-check --no-deps \
    Resemblyzer==0.1.4 webrtcvad-wheels==2.0.14.post1 \
    speechbrain==1.1.2 hyperpyyaml==1.2.3 ruamel.yaml==0.19.1 ruamel.yaml.clib==0.2.15
}

# aubio has no wheels, and its setup.py wants numpy beside it and forgives less than today's C compilers ask.
aubio() {
  .venv/bin/pip install --quiet --disable-pip-version-check 'setuptools<70' wheel &&
    CFLAGS="-O2 -Wno-error -Wno-incompatible-pointer-types -Wno-int-conversion" \
      .venv/bin/pip install --quiet --disable-pip-version-check --no-build-isolation aubio==0.4.9
}

# knf-rs's build script reads C++ headers with libclang: the Python environment has one where the system has none.
rust() {
  if [ -z "${LIBCLANG_PATH:-}" ]; then
    local found
    found=$(find .venv -name 'libclang*' -type f \( -name '*.so*' -o -name '*.dylib' \) 2>/dev/null | head -1)
    [ -n "$found" ] && export LIBCLANG_PATH="$PWD/$(dirname "$found")"
  fi
  cargo build --release --locked --manifest-path peers/rust/Cargo.toml
}

# The transforms in 16-bit fixed point, beside our kernel.
q15() { bash peers/q15/build.sh; }

node() { npm install --prefix peers/node --ignore-scripts --no-audit --no-fund --no-package-lock --silent; }

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(python rust q15 node)
for part in "${parts[@]}"; do
  case $part in
    python | rust | q15 | node) ;;
    *) echo "usage: install-peers.sh [python] [rust] [q15] [node]" >&2; exit 2 ;;
  esac
  printf '== %s\n' "$part"
  "$part" || failed+=("$part")
done
if [ ${#failed[@]} -gt 0 ]; then
  printf 'not installed: %s\n' "${failed[*]}" >&2
  exit 1
fi
