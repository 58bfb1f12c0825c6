#!/usr/bin/env bash
# Installs the wheel of dist/ (built first where there is none) and runs the tests against it. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
ls dist/*.whl >/dev/null 2>&1 || bash scripts/build.sh
. scripts/environment.sh
"$python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps --no-index --find-links dist auralis_dsp
mkdir -p reports
"$python" -m pytest --junitxml=reports/pytest.xml "$@"
