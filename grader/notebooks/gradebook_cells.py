"""What the gradebook already holds of assignments: read only, to warn before nbgrader refuses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from grader.catalog.problems import CourseError
from grader.notebooks.configfile import NAME

if TYPE_CHECKING:  # most runs have no need of a gradebook
    from sqlalchemy.engine import URL, Engine


@dataclass(frozen=True)
class Recorded:
    """An assignment in the gradebook.

    Attributes:
        cells: the grade ids of its notebook.
        submissions: how many students' work is in it.
    """

    cells: frozenset[str]
    submissions: int


def recorded(folder: Path, assignments: Iterable[str]) -> dict[str, Recorded]:
    """What the gradebook of a course folder holds of assignments, by name; those that it does not know are left out.

    Raises:
        CourseError: the configuration or the gradebook cannot be read.
    """
    from nbgrader.api import Assignment
    from sqlalchemy import select
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.orm import Session

    try:
        url = make_url(_address(folder))
        engine = _engine(url, folder)
    except (SQLAlchemyError, ImportError) as error:  # a driver may not be installed
        raise CourseError(f"{folder / NAME}: db_url: {type(error).__name__}: {error}") from None
    if engine is None:
        return {}
    found: dict[str, Recorded] = {}
    try:
        with Session(engine) as session:
            for assignment in session.scalars(select(Assignment).where(Assignment.name.in_(list(assignments)))):
                cells = {cell.name for book in assignment.notebooks for cell in book.source_cells}
                found[str(assignment.name)] = Recorded(frozenset(cells), len(assignment.submissions))
    except SQLAlchemyError as error:
        raise CourseError(f"{url!r}: the gradebook cannot be read: {type(error).__name__}") from None
    finally:
        engine.dispose()
    return found


def _engine(url: URL, folder: Path) -> Engine | None:
    """A connection that cannot write to SQLite; none where there is no gradebook yet, for a look must not make one."""
    from sqlalchemy import create_engine

    if url.get_backend_name() != "sqlite":
        return create_engine(url)
    path = folder / (url.database or "")
    if not path.is_file():
        return None
    return create_engine(url.set(database=f"file:{quote(str(path))}", query={"mode": "ro", "uri": "true"}))


def _address(folder: Path) -> str:
    """The gradebook's address as the settings give it."""
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

    config = Config({"CourseDirectory": {"root": str(folder)}})
    config.merge(_config(folder))
    return str(CourseDirectory(config=config).db_url)


def _config(folder: Path) -> Any:
    from traitlets.config.loader import Config, ConfigFileNotFound, PyFileConfigLoader

    try:
        return PyFileConfigLoader(NAME, path=str(folder)).load_config()
    except ConfigFileNotFound:
        return Config()
    except Exception as error:  # the file is the instructor's, and any error may be in it
        raise CourseError(f"{folder / NAME}: cannot be read: {type(error).__name__}: {error}") from None
