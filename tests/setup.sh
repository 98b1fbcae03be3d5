# Makes an environment from a bare clone: system packages where they are missing, a virtual environment, the pinned packages.
# Sourced by tests/demo.sh and tests/all.sh. The environment is .venv, or what GRADER_VENV names; GRADER_EXTRAS is what to install
# of the kit (by default what the demo needs), GRADER_PACKAGES which system packages beside those of the sandbox.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ "$(uname -s)" = Linux ]; then
  missing=""
  for package in bubblewrap libseccomp2 ${GRADER_PACKAGES:-}; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
  done
  if [ -n "$missing" ] && command -v apt-get >/dev/null; then
    become=""
    if [ "$(id -u)" != 0 ]; then become=sudo; fi
    $become apt-get update -qq
    # shellcheck disable=SC2086  # a list of names
    DEBIAN_FRONTEND=noninteractive $become apt-get install -y -qq --no-install-recommends $missing >/dev/null
  elif [ -n "$missing" ] && ! command -v bwrap >/dev/null; then
    echo "bubblewrap is missing and there is no apt-get: grading for marks will refuse to run" >&2
  fi
fi

venv="${GRADER_VENV:-.venv}"
if [ ! -x "$venv/bin/python" ]; then
  "${PYTHON:-python3}" -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[${GRADER_EXTRAS:-torch}]"
PATH="$PWD/$venv/bin:$PATH"
case "$venv" in /*) PATH="$venv/bin:$PATH" ;; esac
export PATH
