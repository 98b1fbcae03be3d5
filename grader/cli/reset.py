"""`grader reset`: the stub as it was handed out, with the student's version kept beside it."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from grader.catalog.problems import CourseError
from grader.cli.language import Language
from grader.cli.options import CourseOption, ExerciseArgument, near, one_exercise
from grader.locales import tr


def reset(exercise: ExerciseArgument, lang: Language = "en", course: CourseOption = None) -> None:
    """Begin an exercise anew; what you have written is kept beside it."""
    from grader.progress.stubs import pristine
    from grader.quiz.jsonfile import write_whole

    found, chosen = one_exercise(course, exercise)
    stub = chosen.stub
    fresh = pristine(found, chosen)
    try:
        own = stub.read_bytes() if stub.exists() or stub.is_symlink() else None
        if own == fresh:
            print(tr("{file} is as it was handed out: nothing to do", file=near(stub)))
            return
        kept = _keep(stub, own) if own is not None and own.strip() else None
        write_whole(stub, fresh)
    except OSError as error:
        place = error.filename or stub
        raise CourseError(tr("{file}: cannot be read or written: {why}", file=place, why=error.strerror or error)) from None
    print(tr("{file} is as it was handed out", file=near(stub)))
    if kept is not None:
        print(tr("Your version is kept: {file}. To have it back, rename it to {name}.", file=near(kept), name=stub.name))


def _keep(stub: Path, content: bytes) -> Path:
    """Write the student's version beside the stub, under a name that nothing has and that nobody grades."""
    today = datetime.date.today().isoformat()
    number = 1
    while True:
        # With the ending .py it would be a second submission, and its name would come before the first one's.
        path = stub.with_name(f"{stub.stem}.{today}-{number}{stub.suffix}.bak")
        try:
            with path.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            number += 1
        else:
            return path
