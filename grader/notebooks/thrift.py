"""Spares nbgrader what it does over and over: inside the block the gradebook is opened once and each schema is read once.

nbgrader opens the gradebook anew some nine times per submission, looks at all its tables each time and compiles every query
again, and it checks its own schema of metadata for each cell. What is read, written and committed stays the same.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import jsonschema
from nbgrader.api import Gradebook


@contextlib.contextmanager
def thrifty() -> Iterator[None]:
    """Inside the block nbgrader shares one engine per gradebook and one validator per schema."""
    opened: dict[tuple[Any, ...], dict[str, Any]] = {}
    validators: dict[str, Any] = {}
    begin = Gradebook.__init__

    def open_once(self: Any, *args: Any, **kwargs: Any) -> None:
        key = (*args, *sorted(kwargs.items()))
        if key not in opened:
            begin(self, *args, **kwargs)
            opened[key] = dict(vars(self))
        vars(self).update(opened[key])

    def close(self: Any) -> None:
        self.db.remove()

    def validate(instance: Any, schema: Any, *args: Any, **kwargs: Any) -> None:
        key = repr(schema)
        if key not in validators:
            cls = jsonschema.validators.validator_for(schema)
            cls.check_schema(schema)
            validators[key] = cls(schema)
        error = jsonschema.exceptions.best_match(validators[key].iter_errors(instance))
        if error is not None:
            raise error

    with (
        _in_place(Gradebook, "__init__", open_once),
        _in_place(Gradebook, "close", close),
        _in_place(jsonschema, "validate", validate),
    ):
        try:
            yield
        finally:
            for shared in opened.values():
                shared["engine"].dispose()


@contextlib.contextmanager
def _in_place(owner: Any, name: str, ours: Any) -> Iterator[None]:
    theirs = getattr(owner, name)
    setattr(owner, name, ours)
    try:
        yield
    finally:
        setattr(owner, name, theirs)
