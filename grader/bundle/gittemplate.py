"""What makes a bundle a repository template: a workflow that checks every push, and files that keep git from changing others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.catalog.course import Exercise

WORKFLOW = ".github/workflows/check.yml"
IGNORED = "__pycache__/\n*.py[cod]\n.venv/\n.ipynb_checkpoints/\nrecords.jsonl\n.grader/new*\n"
# An upgrade tells a student's work from ours by its bytes.
_ATTRIBUTES = "* text=auto eol=lf\n*.whl binary\n"

_HEAD = """\
# Runs the visible tests on every push. The exit code decides: 0 all pass, 1 something does not, 2 usage, 3 not your fault.
name: Autograding
on: [push, repository_dispatch]
permissions: {checks: write, actions: read, contents: read}
jobs:
  autograding:
    runs-on: ubuntu-latest
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.12", cache: pip}
      - run: |
          sudo apt-get update -qq
          sudo apt-get install -y -qq bubblewrap libseccomp2
          sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0
          python -m pip install -r requirements.txt
"""
_STEP = """\
      - id: {id}
        uses: classroom-resources/autograding-command-grader@v1
        with: {{test-name: "{name}", command: "grader check {name}", timeout: 5, max-score: {points:g}}}
"""
_TAIL = """\
      - uses: classroom-resources/autograding-grading-reporter@v1
        env:
{variables}
        with: {{runners: "{runners}"}}
      - if: always()
        run: grader check --json > records.jsonl || true
      - if: always()
        uses: actions/upload-artifact@v4
        with: {{name: records, path: records.jsonl}}
      - run: grader check
"""


def git_files(exercises: Sequence[Exercise]) -> dict[str, bytes]:
    """The files by path.

    Parameters:
        exercises: each gets a step of its own, and its points when all its visible tests pass.
    """
    ids = {exercise.name: re.sub(r"\W", "-", exercise.name) for exercise in exercises}
    steps = [_STEP.format(id=ids[each.name], name=each.name, points=each.manifest.points) for each in exercises]
    variables = [f'          {name.upper()}_RESULTS: "${{{{ steps.{name}.outputs.result }}}}"' for name in ids.values()]
    tail = _TAIL.format(variables="\n".join(variables), runners=",".join(ids.values()))
    return {
        WORKFLOW: (_HEAD + "".join(steps) + tail).encode(),
        ".gitattributes": _ATTRIBUTES.encode(),
    }
