# Sourced by the other scripts: makes .venv with what requirements.txt pins, once, and names its Python in $python.

find_python() { # the newest Python at hand that is at least 3.11, which the pinned numpy wants
  local candidate
  for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
      { echo "$candidate"; return 0; }
  done
  return 1
}

install_python() { # on Debian and its kin, where Python or its venv module is missing
  command -v apt-get >/dev/null || return 1
  local root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo -n)
  "${root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq python3 python3-venv
}

make_environment() {
  local found
  found=$(find_python) && "$found" -m venv .venv 2>/dev/null && return 0
  rm -rf .venv
  install_python >&2 && found=$(find_python) && "$found" -m venv .venv && return 0
  rm -rf .venv
  echo "@dsp/python needs Python 3.11 or newer with venv to build its wheel (Debian: apt-get install python3 python3-venv)" >&2
  return 1
}

python=.venv/bin/python
[ -d .venv/Scripts ] && python=.venv/Scripts/python
stamp=.venv/requirements.txt
if ! cmp -s requirements.txt "$stamp"; then
  [ -x "$python" ] || make_environment || exit 1
  [ -d .venv/Scripts ] && python=.venv/Scripts/python
  "$python" -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
  cp requirements.txt "$stamp"
fi
