"""Carries an upgrade out, file by file; it may be killed at any moment and is finished by running it again."""

from __future__ import annotations

from grader.bundle.ledger import PLACE, digest, drop, put, read, tidy
from grader.bundle.upgrade import JOURNAL, Upgrade, order_of
from grader.catalog.problems import CourseError
from grader.locales import tr


def apply_upgrade(made: Upgrade) -> None:
    """Write what is planned; a file that changed since it was planned is left alone and noted in `busy`.

    Raises:
        CourseError: something cannot be written; what was written stays, and the next run goes on from there.
    """
    root = made.root
    try:
        put(root, root / JOURNAL, made.journal.data)
        for path, data in order_of(made):
            place = root / path
            if path == PLACE:
                continue
            if _changed_since(made, path):
                made.busy.append(path)
            elif data is None:
                drop(root, place)
            else:
                put(root, place, data)
        # With a file left alone the old ledger stays true, and the journal tells the rest.
        if not made.busy:
            put(root, root / PLACE, made.bundle.data)
            drop(root, root / JOURNAL)
        tidy(root)
    except OSError as error:
        place_told = error.filename or root
        told = tr(
            "{place}: cannot be written: {why}; mend this and run the same command again, it goes on from here",
            place=place_told, why=error.strerror,
        )  # fmt: skip
        raise CourseError(told) from None


def _changed_since(made: Upgrade, path: str) -> bool:
    if path not in made.expected:
        return False
    now = read(made.root / path)
    return (None if now is None else digest(now)) != made.expected[path]
