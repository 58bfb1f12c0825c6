#!/usr/bin/env bash
# Runs our tests and librosa's own, patched, with each librosa that is known: 0.10 and 0.11, and 1.0, which wants Python 3.12 or
# newer. A version without an interpreter is skipped, and the last line says so. Environments lie in .cache/versions.
#
#   bash scripts/versions.sh [VERSION…]        e.g. 1.0.0
set -uo pipefail
cd "$(dirname "$0")/.."
ls dist/*.whl >/dev/null 2>&1 || bash scripts/build.sh || exit 1

interpreter() { # the first Python at hand between two versions: on the path, or of pyenv
  local candidate
  for candidate in python3.13 python3.12 python3.11 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3; do
    command -v "$candidate" >/dev/null &&
      "$candidate" -c "import sys; sys.exit(not ($1 <= sys.version_info[:2] <= $2))" 2>/dev/null && { echo "$candidate"; return 0; }
  done
  return 1
}

run() { # VERSION, and what goes with it
  local version=$1 python=.cache/versions/$1/bin/python
  if [ ! -x "$python" ]; then
    "$2" -m venv ".cache/versions/$version" &&
      "$python" -m pip install --quiet "librosa==$version" pytest soundfile samplerate resampy "${@:3}" || return 1
  fi
  "$python" -m pip install --quiet --force-reinstall --no-deps --no-index --find-links dist auralis_dsp &&
    "$python" -m pytest tests --deselect tests/test_librosa.py --deselect tests/test_signatures.py::test_types &&
    "$python" scripts/librosa_tests.py --compare
}

failed=() skipped=()
for version in "${@:-0.10.2 0.11.0 1.0.0}"; do
  for version in $version; do
    case $version in
      # Until 0.10 librosa uses what scipy 1.14 dropped, and its tests what numpy 2 did.
      0.10.*) least='(3, 10)' most='(3, 12)' more=('numpy<2' 'scipy<1.14' 'numba<0.61' 'scikit-learn<1.6') ;;
      0.11.*) least='(3, 10)' most='(3, 13)' more=() ;;
      *) least='(3, 12)' most='(3, 99)' more=() ;;
    esac
    echo "== librosa $version"
    if python=$(interpreter "$least" "$most"); then
      run "$version" "$python" "${more[@]}" || failed+=("$version")
    else
      echo "SKIPPED: librosa $version wants a Python between $least and $most, and there is none" >&2
      skipped+=("$version")
    fi
  done
done
echo "failed: ${failed[*]:-none}; SKIPPED for want of an interpreter: ${skipped[*]:-none}"
[ ${#failed[@]} -eq 0 ]
