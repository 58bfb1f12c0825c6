#!/usr/bin/env bash
# Everything from nothing to the committed model: environment, synthesized voices, training, export, measurement.
# Arguments go to train.py, e.g. ./train.sh --minutes 60 --threads 2. Run again after an interruption: it goes on.
set -euo pipefail
cd "$(dirname "$0")"

command -v espeak-ng >/dev/null || { echo "espeak-ng is needed for the synthesized voices (apt install espeak-ng)" >&2; exit 1; }
python=${PYTHON:-}
if [ -z "$python" ]; then
  [ -d .venv ] || python3 -m venv .venv
  python=.venv/bin/python
  "$python" -m pip install --quiet --requirement requirements.txt
fi
[ -f runs/synth/plain.npz ] || "$python" synth.py # plain.npz is the last one written
"$python" train.py "$@"
"$python" export.py
"$python" evaluate.py --write
