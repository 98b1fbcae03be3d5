"""The parameters of a question: what they may be, and the values that a seed draws."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from grader.quiz.expressions import CONSTANTS, FUNCTIONS, ExpressionError, Value, evaluate, names_in
from grader.quiz.seeds import Stream

_MOST_VALUES = 10_000
# A question whose conditions hold for one draw in fifty is still drawn with all but certainty.
_ATTEMPTS = 2_000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

Number: TypeAlias = Annotated[int, Field(strict=True)] | Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Range(BaseModel):
    """Numbers from one to another in steps, both ends included."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: Annotated[Number, Field(alias="from")]
    to: Number
    step: Number | None = None

    @model_validator(mode="after")
    def _has_values(self) -> Range:
        if self.step is None and not (isinstance(self.from_, int) and isinstance(self.to, int)):
            raise ValueError("fractions need a step")
        first, last, step = (Decimal(str(number)) for number in (self.from_, self.to, 1 if self.step is None else self.step))
        if step <= 0 or last < first:
            raise ValueError("step must be more than 0, and `to` at least `from`")
        if (last - first) % step:
            raise ValueError("`to` is no whole number of steps away from `from`")
        if (last - first) / step >= _MOST_VALUES:
            raise ValueError(f"at most {_MOST_VALUES} values")
        return self

    @property
    def values(self) -> tuple[Value, ...]:
        """All of them, in order; in decimal steps, so that 0.1 + 0.2 is 0.3."""
        step: Any = 1 if self.step is None else self.step
        first, last, by = (Decimal(str(number)) for number in (self.from_, self.to, step))
        whole = isinstance(self.from_, int) and isinstance(step, int)
        numbers = (first + by * i for i in range(int((last - first) / by) + 1))
        return tuple(int(number) if whole else float(number) for number in numbers)


Scalar: TypeAlias = Number | Annotated[str, Field(strict=True)]
Choice: TypeAlias = Scalar | Annotated[tuple[Scalar, ...], Field(max_length=16)]


def _kind(value: Any) -> str | None:
    if isinstance(value, (Range, Mapping)):
        return "range"
    if isinstance(value, (list, tuple)):
        return "choices"
    return "expression" if isinstance(value, str) else None


Parameter: TypeAlias = Annotated[
    Annotated[Range, Tag("range")]
    | Annotated[tuple[Choice, ...], Field(min_length=1, max_length=200), Tag("choices")]
    | Annotated[str, Field(strict=True), Tag("expression")],
    Discriminator(
        _kind,
        custom_error_type="parameter",
        custom_error_message="give a list of choices, {from, to, step}, or an expression in quotes",
    ),
]


def check_parameters(parameters: Mapping[str, Parameter], where: Sequence[str]) -> None:
    """Make sure that names can be used and expressions name what stands above them.

    Raises:
        ValueError: the message names the parameter.
    """
    known: set[str] = set()
    for name, parameter in parameters.items():
        if not _NAME.fullmatch(name) or name in FUNCTIONS or name in CONSTANTS or name in ("and", "or", "not", "if", "else"):
            raise ValueError(f"parameter {name!r}: a name has letters, digits and _, and is no function of expressions")
        if isinstance(parameter, str):
            _check_names(parameter, known, f"parameter {name!r}")
        known.add(name)
    for condition in where:
        _check_names(condition, known, "where")
    if where and not known:
        raise ValueError("where: there are no parameters to draw again")


def _check_names(source: str, known: set[str], place: str) -> None:
    unknown = sorted(names_in(source) - known)
    if unknown:
        raise ValueError(f"{place}: {source!r} needs {unknown[0]!r}, and no parameter of that name stands above it")


def draw_values(parameters: Mapping[str, Parameter], where: Sequence[str], seed: int) -> dict[str, Value]:
    """The values that a seed draws.

    Raises:
        ExpressionError: a derived value cannot be computed, or no draw meets the conditions.
    """
    stream = Stream(seed, "parameters")
    for _ in range(_ATTEMPTS):
        values = _derived(parameters, {name: pool[stream.below(len(pool))] for name, pool in _pools(parameters).items()}, where)
        if values is not None:
            return values
    raise ExpressionError(f"no draw of {_ATTEMPTS} meets all conditions of `where`")


def combinations(parameters: Mapping[str, Parameter]) -> int:
    """How many draws there are, before conditions."""
    return math.prod(len(pool) for pool in _pools(parameters).values())


def all_values(parameters: Mapping[str, Parameter], where: Sequence[str]) -> Iterator[dict[str, Value]]:
    """Every draw that meets the conditions."""
    pools = _pools(parameters)
    for chosen in itertools.product(*pools.values()):
        values = _derived(parameters, dict(zip(pools, chosen, strict=True)), where)
        if values is not None:
            yield values


def _pools(parameters: Mapping[str, Parameter]) -> dict[str, tuple[Value, ...]]:
    return {
        name: parameter.values if isinstance(parameter, Range) else parameter
        for name, parameter in parameters.items()
        if not isinstance(parameter, str)
    }


def _derived(
    parameters: Mapping[str, Parameter], chosen: Mapping[str, Value], where: Sequence[str]
) -> dict[str, Value] | None:
    """The drawn and the derived values in order; None where a condition does not hold."""
    values: dict[str, Value] = {}
    pending = list(where)
    for name, parameter in parameters.items():
        values[name] = evaluate(parameter, values) if isinstance(parameter, str) else chosen[name]
        # As soon as its names are known: a condition may keep a later division from zero.
        ready = [condition for condition in pending if names_in(condition) <= values.keys()]
        if not all(evaluate(condition, values) for condition in ready):
            return None
        pending = [condition for condition in pending if condition not in ready]
    return values
