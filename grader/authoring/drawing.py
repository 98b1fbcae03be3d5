"""An exercise's picture is part of its proof: on the reference it must be drawn, and be what it says is expected."""

from __future__ import annotations

import numpy as np

from grader.catalog.course import Exercise
from grader.grading.host import Submission
from grader.grading.picturing import draw_picture
from grader.pictures.panels import Heat, Lines, Panel, name_in
from grader.sandbox.contract import Sandbox

_RTOL = _ATOL = 2e-3  # stored expectations are rounded


def picture_problems(exercise: Exercise, sandbox: Sandbox) -> list[str]:
    """What is wrong with the picture of an exercise, in sentences; nothing where it has none."""
    if not exercise.picture.is_file() or not exercise.reference.is_file():
        return []
    reference = Submission("reference", exercise.reference.name, exercise.reference.read_bytes())
    picture = draw_picture(exercise, reference, sandbox)
    if picture.reason:
        told = " ".join(picture.reason.split())
        return [told if picture.ours else f"picture.py: it cannot draw the reference: {told}"]
    return [f"picture.py: {name_in(panel.name, 'en')!r}: {problem}" for panel in picture.panels for problem in _problems(panel)]


def _problems(panel: Panel) -> list[str]:
    if isinstance(panel, Heat) and panel.expected is not None:
        if panel.wrong is None:
            return [f"the reference gives the shape {panel.values.shape}, expected has {panel.expected.shape}"]
        return [f"{int(panel.wrong.sum())} values of the reference are not as expected"] if panel.wrong.any() else []
    if isinstance(panel, Lines):
        compared = [curve for curve in panel.curves if curve.expected is not None]
        far = [c for c in compared if not np.allclose(c.values, c.expected, rtol=_RTOL, atol=_ATOL)]
        return [f"the curve {name_in(curve.name, 'en')!r} of the reference is not as expected" for curve in far]
    return []
