"""Checks that an answer has the form that the manifest promises, before a test unpacks it."""

from __future__ import annotations

import numbers
from functools import partial
from typing import Any

import numpy as np

from grader.guest.wire import torch_module
from grader.testing.assertions import kind_of, show
from grader.testing.failure import Failure

_TYPES: dict[str, tuple[type, ...]] = {
    "any": (object,),
    "int": (numbers.Integral,),
    "float": (numbers.Real, np.floating),
    "array": (np.ndarray,),
    "mapping": (dict,),
}
_WORDS = {
    "int": "an integer",
    "float": "a number",
    "array": "an ndarray",
    "tensor": "a torch tensor",
    "module": "a torch module",
    "mapping": "a dict",
}


def describe_form(form: Any) -> str:
    """A form in words."""
    if isinstance(form, str):
        return _WORDS.get(form, "anything")
    return "a tuple of " + ", ".join(describe_form(item) for item in form)


def conform(value: Any, form: Any, module: type, place: str = "") -> Any:
    """The value, sequences as tuples, if it has the form; else `Failure`.

    Parameters:
        value: the decoded answer.
        form: a manifest's `returns`.
        module: the class that stands for modules on this side.
        place: where in a structure the value stands.
    """
    if not isinstance(form, str):
        if not isinstance(value, (tuple, list)) or len(value) != len(form):
            raise _failure(value, form, place)
        return tuple(
            conform(item, part, module, f"{place}[{i}]") for i, (item, part) in enumerate(zip(value, form, strict=True))
        )
    if not _fits(value, form, module):
        raise _failure(value, form, place)
    return value


def _fits(value: Any, form: str, module: type) -> bool:
    if form == "tensor":
        torch = torch_module()
        return torch is not None and isinstance(value, torch.Tensor)
    if form == "module":
        return isinstance(value, module)
    return isinstance(value, _TYPES[form]) and not (form in ("int", "float") and isinstance(value, (bool, np.bool_)))


def _failure(value: Any, form: Any, place: str) -> Failure:
    told = f"{'in ' + place + ': ' if place else ''}{kind_of(value)} came back where {describe_form(form)} is promised"
    return Failure("type", told, returned=partial(show, value), expected=describe_form(form))
