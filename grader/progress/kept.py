"""`.grader/kept.json` of a course folder: what is remembered of one student between commands, and may be lost without harm."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from grader.locales import tr
from grader.quiz.jsonfile import Unusable, json_bytes, read_json, write_whole

FOLDER = ".grader"
PLACE = f"{FOLDER}/kept.json"
_MOST_BYTES = 1 << 20


class Remembered:
    """What is remembered; keys of other versions are carried along.

    Attributes:
        path: the file.
        notes: why something was not remembered or cannot be, for the student.
    """

    def __init__(self, path: Path, data: dict[str, Any], notes: list[str]) -> None:
        self.path = path
        self.notes = notes
        self._data = data

    @classmethod
    def of(cls, root: Path) -> Remembered:
        """What is remembered in a course folder; a file that cannot be read counts as empty, with a note."""
        path = root / PLACE
        if not os.path.exists(path):  # Path.exists raises where the folder cannot be entered
            return cls(path, {}, [])
        try:
            data = read_json(path, _MOST_BYTES)
            if not isinstance(data, dict):
                raise Unusable("it is no mapping of keys to values", broken=True)
        except Unusable as error:
            note = tr("{file} is ignored: {why}. It only remembers hints; the next hint writes it anew.", file=path, why=error)
            return cls(path, {}, [note])
        return cls(path, data, [])

    def hints_shown(self, exercise: str) -> int:
        """How many of an exercise's hints the student has seen."""
        count = self._mapping("hints").get(exercise)
        return count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else 0

    def show_hints(self, exercise: str, count: int) -> None:
        """Remember that so many have been seen; written by `save`."""
        self._mapping("hints")[exercise] = count

    def mistakes_shown(self, exercise: str) -> list[str]:
        """The known mistakes, by id, that the student has been told of."""
        found = self._mapping("mistakes").get(exercise)
        return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []

    def show_mistake(self, exercise: str, mistake: str) -> None:
        """Remember that a mistake has been told; written by `save`."""
        self._mapping("mistakes")[exercise] = [*self.mistakes_shown(exercise), mistake]

    @property
    def student(self) -> str | None:
        """Who hands in from this folder."""
        name = self._data.get("student")
        return name if isinstance(name, str) and name.strip() else None

    @student.setter
    def student(self, name: str) -> None:
        self._data["student"] = name

    def save(self) -> None:
        """Write the file whole; where that is impossible, a note says so and nothing else happens."""
        try:
            self.path.parent.mkdir(exist_ok=True)
            write_whole(self.path, json_bytes(self._data))
        except OSError as error:
            why = error.strerror or error
            self.notes.append(tr("{file} cannot be written: {why}. This will not be remembered.", file=self.path, why=why))

    def _mapping(self, key: str) -> dict[str, Any]:
        found = self._data.get(key)
        if not isinstance(found, dict):
            found = self._data[key] = {}
        return found
