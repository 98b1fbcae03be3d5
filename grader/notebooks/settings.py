"""What the notebook side needs to know of a course folder: where the kit is, the language, the secret, where records are kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.batch.store import Store
from grader.batch.task import Order
from grader.catalog.course import Course
from grader.catalog.problems import CourseError

PRIVATE = ".grader"


@dataclass(frozen=True)
class Settings:
    """The settings of one course folder, as `nbgrader_config.py` gives them.

    Attributes:
        root: the course folder of nbgrader.
        kit: the folder with `exercises/` and `solutions/`.
        language: en, ru or hi.
        allow_unsandboxed: give marks without the sandbox.
    """

    root: Path
    kit: Path
    language: str = "en"
    allow_unsandboxed: bool = False

    @property
    def course(self) -> Course:
        """The kit as a course.

        Raises:
            CourseError: it is not there, or lacks the private half.
        """
        for half in ("exercises", "solutions"):
            if not (self.kit / half).is_dir():
                raise CourseError(
                    f"{self.root / 'nbgrader_config.py'}: kit: {self.kit} has no folder `{half}`; name the kit's folder there"
                )
        return Course(self.kit)

    @property
    def secret(self) -> str:
        """The course's secret, from which all inputs follow.

        Raises:
            CourseError: it cannot be read; the message says how to get one.
        """
        path = self.root / PRIVATE / "secret"
        try:
            secret = path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise CourseError(f"{path}: cannot be read: {error.strerror}; `grader nbgrader init` writes it") from None
        if not secret:
            raise CourseError(f"{path}: is empty; delete it and run `grader nbgrader init` again")
        return secret

    @property
    def store(self) -> Store:
        """Where records are kept."""
        return Store(self.root / PRIVATE / "records")

    def order(self, exercises: tuple[str, ...]) -> Order:
        """What workers must know to grade exercises."""
        return Order(self.kit, exercises, self.secret, self.language, self.allow_unsandboxed)
