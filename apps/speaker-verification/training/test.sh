#!/usr/bin/env bash
# The training code's tests, with the first Python that has torch: in .venv (see train.sh), in $PYTHON, or in python3. Skips loudly elsewhere.
set -euo pipefail
cd "$(dirname "$0")"
python=${PYTHON:-}
if [ -z "$python" ]; then
  if [ -x .venv/bin/python ]; then python=$PWD/.venv/bin/python; else python=python3; fi
fi
if ! "$python" -c 'import torch, scipy, yaml, onnx, onnxruntime, pytest' 2>/dev/null; then
  echo "!!! SKIPPED: the packages of training/requirements.txt are not installed for $python, so the training code was not tested" >&2
  exit "${SKIP_STATUS:-0}"
fi
cd tests
"$python" -m pytest -q --junitxml=../../reports/pytest.xml "$@"
