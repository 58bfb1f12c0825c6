#!/usr/bin/env bash
# Builds the wheel into dist/.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environment.sh
rm -rf dist
"$python" -m maturin build --release --locked --quiet --interpreter "$python" --out dist
ls dist
