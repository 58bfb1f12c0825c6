#!/usr/bin/env bash
# Every step from scratch to the package's model: environment, packed recordings, teacher, training, content, export.
# usage: ./train.sh [CONFIG [arguments of train.py]]   e.g. ./train.sh small, ./train.sh shipped --device cuda
# CONFIG is a file of configs/ (default: small, two hours on two cores). Run it again after an interruption: it resumes.
set -euo pipefail
cd "$(dirname "$0")"
config=${1:-small}
[ $# -gt 0 ] && shift

python=${PYTHON:-}
if [ -z "$python" ]; then
  [ -d .venv ] || python3 -m venv .venv
  python=.venv/bin/python
  "$python" -m pip install --quiet --requirement requirements.txt
fi
runs=${DSP_SPEAKER_RUNS:-runs}
[ -f "$runs/pack/audio-120.npy" ] || "$python" prepare.py
[ -f "$runs/pack/teacher.npz" ] || "$python" teacher.py
run=$runs/$(basename "$config" .yaml)
"$python" train.py --config "$config" --out "$run" "$@"
"$python" content.py "$run" --out "$run-projected"
"$python" export.py "$run-projected" --out "$run-projected/model"
echo "The model is in $run-projected/model. @dsp/sincnet's own is in packages/sincnet/model (export.py's default)."
