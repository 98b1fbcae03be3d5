"""otter-grader on the submissions that `against_nbgrader` made: the same hidden tests, run by otter in the notebook's kernel.

otter-grader lives in an environment of its own, since its versions are not ours: `python -m venv otter`, then
`otter/bin/pip install otter-grader ipykernel`. The kit, NumPy and torch are lent to it by PYTHONPATH of the tests alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from against_nbgrader import ENVIRONMENT, ROOT, SHIM, SIX, TOPIC, given
from meter import Meter, Spent

from grader.catalog.course import Course, Exercise

TEST = """
import sys

sys.path += {places!r}

from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points!r}


@test_case(points={points!r})
def test_hidden(env):
    own = dict(env)
    exec({shim!r}, own)
    earned = own["_run"](*{given!r})
    assert earned >= {points!r}, earned
"""


def compare(folder: Path, made: Path, python: Path, meter: Meter) -> Spent:
    """Grade with otter-grader what lies in the folder of the comparison with nbgrader, one `otter run` each.

    Parameters:
        folder: to work in.
        made: where `against_nbgrader.compare` worked.
        python: of the environment with otter-grader.
        meter: tells what it takes.
    """
    (folder / "tests").mkdir(parents=True)
    kit = Course(made / "kit")
    for name in SIX:
        (folder / "tests" / f"{name}.py").write_text(_test(kit.exercise(name)), encoding="utf-8")
    _lend(python)
    otter = str(python.parent / "otter")
    meter.run([otter, "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"], folder, ENVIRONMENT)
    wall = cpu = 0.0
    full = count = 0
    for number, notebook in enumerate(sorted((made / "stock" / "submitted").glob(f"*/{TOPIC}/{TOPIC}.ipynb"))):
        out = folder / f"out{number}"
        out.mkdir()
        spent = meter.run([otter, "run", "-a", "autograder.zip", "-o", str(out), "--no-logo", str(notebook)], folder, ENVIRONMENT)
        wall, cpu = wall + spent.wall, cpu + spent.cpu
        scores = json.loads((out / "results.json").read_text(encoding="utf-8"))["tests"]
        asked = [each for each in scores if any(name in each["name"] for name in SIX)]
        assert len(asked) == len(SIX), scores
        full += sum(each.get("score", 0) == each["max_score"] for each in asked)
        count += 1
    print(
        f"otter run, one after the other: {cpu:6.1f} s of CPU, {wall:6.1f} s wall for {count} submissions; "
        f"{full} of {count * len(SIX)} exercises with full marks"
    )
    return Spent(cpu, wall)


def _test(exercise: Exercise) -> str:
    return TEST.format(places=_places(), name=exercise.name, points=exercise.manifest.points, shim=SHIM, given=given(exercise))


def _places() -> Sequence[str]:
    return [str(ROOT), *dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))]


def _lend(python: Path) -> None:
    """Let that environment find torch and the kit where they are, behind everything of its own."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True, env=kept)
    Path(done.stdout.strip(), "lent_for_the_benchmark.pth").write_text("\n".join(_places()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit("run whole_class.py --otter PYTHON")
