"""`grader demo`: plays a student's and an instructor's commands on a temporary copy of the course."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from rich.console import Console

from grader.authoring.demo import set_up
from grader.catalog.course import Course
from grader.cli.checking import Manner, check_exercises
from grader.cli.grading import grade_files, read_submissions


def show_demo(course: Course) -> int:
    """Play the demo; the exit code: 0 where everything worked, whatever the marks."""
    out = Console(highlight=False, soft_wrap=True)
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="grader-demo-") as name:
        folder = Path(name).resolve()
        scene = set_up(course, folder)
        os.chdir(folder)
        try:
            out.print("A student has done one exercise, made a mistake in the second, and not begun the third:\n")
            out.print(f"$ grader check {' '.join(exercise.name for exercise in scene.checked)}", style="bold", markup=False)
            check_exercises(scene.course, scene.checked, Manner("en"))
            out.print("\nAn instructor grades a class with hidden tests; some of it is hostile:\n")
            out.print(f"$ grader grade {scene.graded.name} submissions/*.py", style="bold", markup=False)
            submissions = read_submissions(scene.submissions, None)
            code = grade_files(scene.course, scene.graded, submissions, "demo", "en", as_json=False, allow_unsandboxed=True)
            out.print("\nEvery verdict above comes from another process than the code it judges.", markup=False)
            return code
        finally:
            os.chdir(before)
