# Makes an environment from a bare clone: system packages where they are missing, a virtual environment, the pinned packages.
# Sourced by tests/demo.sh and tests/all.sh. The environment is .venv, or what GRADER_VENV names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ "$(uname -s)" = Linux ] && { ! command -v bwrap >/dev/null || ! ldconfig -p | grep -q libseccomp.so.2; }; then
  if command -v apt-get >/dev/null; then
    become=""
    if [ "$(id -u)" != 0 ]; then become=sudo; fi
    $become apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $become apt-get install -y -qq bubblewrap libseccomp2 >/dev/null
  else
    echo "bubblewrap or libseccomp is missing and there is no apt-get: grading for marks will refuse to run" >&2
  fi
fi

venv="${GRADER_VENV:-.venv}"
if [ ! -x "$venv/bin/python" ]; then
  "${PYTHON:-python3}" -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
PATH="$PWD/$venv/bin:$PATH"
case "$venv" in /*) PATH="$venv/bin:$PATH" ;; esac
export PATH
