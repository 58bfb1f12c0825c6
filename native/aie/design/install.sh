#!/usr/bin/env bash
# Installs xDSL for check.py and run.py into .venv here, and fails with a message where something else is missing that run.py
# needs. PyPI is all that is used.
set -euo pipefail
cd "$(dirname "$0")"
"${PYTHON:-python3}" -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
missing=()
for tool in mlir-opt mlir-translate llc; do
  command -v "$tool-22" >/dev/null || command -v "$tool" >/dev/null || missing+=("$tool")
done
if [ ${#missing[@]} -gt 0 ]; then
  printf 'not installed: %s; apt-get install mlir-22-tools llvm-22\n' "${missing[*]}" >&2
  exit 1
fi
