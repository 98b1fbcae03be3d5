"""Where a course lies, found without reading anything in it."""

from __future__ import annotations

import os
from pathlib import Path


def named_root(given: Path | None) -> Path | None:
    """The course's folder where one is named, by an option or by `GRADER_COURSE`."""
    named = given or os.environ.get("GRADER_COURSE")
    return Path(named).resolve() if named else None


def upward_root() -> Path | None:
    """The nearest folder upwards that has exercises, or a folder of them that cannot be looked into: that is the course, too."""
    here = Path.cwd()
    return next(filter(_has_exercises, (here, *here.parents)), None)


def nearest_root() -> Path | None:
    """The nearest folder upwards that has exercises, else the kit's own checkout; None where there is neither."""
    own = Path(__file__).resolve().parents[2]
    return upward_root() or (own if _has_exercises(own) else None)


def closed(root: Path) -> OSError | None:
    """Why the exercises of a course cannot be looked into, all of them or a topic's; None where they can."""
    try:
        with os.scandir(root / "exercises") as found:
            topics = [entry.path for entry in found if entry.is_dir()]
        for topic in topics:
            os.scandir(topic).close()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return error
    return None


def _has_exercises(folder: Path) -> bool:
    return any((folder / "exercises").glob("*/*/exercise.yaml")) or closed(folder) is not None
