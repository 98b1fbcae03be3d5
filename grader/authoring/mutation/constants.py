"""Slips in literals: off by one, the wrong axis, a flipped switch, another mode."""

import ast
import math
from collections.abc import Iterator, Sequence

from .arithmetic import makes_identity
from .context import Context
from .literals import number, value_of
from .sites import Site, called
from .vocabulary import AXIS_CALLS, AXIS_KEYWORDS, CONFUSED_WORDS, SHAPING, SYMMETRIC_NOISE

_LARGE = 1000
_TINY = 1e-3


def number_changed(site: Site, context: Context) -> Iterator[ast.AST]:
    value = value_of(site.node)
    if value is None or _is_part_of_negative(site):
        return
    if isinstance(value, float):
        changed: Sequence[float] = _other_floats(value, site)
    elif _is_axis(site, context):
        changed = _other_axes(value, site)
    else:
        changed = _other_integers(value, site)
    for other in changed:
        if not makes_identity(site, other):
            yield number(other)


def switch_flipped(site: Site, context: Context) -> Iterator[ast.AST]:
    is_endless_loop = site.parent is not None and isinstance(site.parent.node, ast.While)
    if isinstance(site.node, ast.Constant) and isinstance(site.node.value, bool) and not is_endless_loop:
        yield ast.Constant(not site.node.value)


def word_changed(site: Site, context: Context) -> Iterator[ast.AST]:
    match site.node:
        case ast.Constant(value=str() as word) if word in CONFUSED_WORDS and not _is_key(site):
            yield ast.Constant(CONFUSED_WORDS[word])


def _other_integers(value: int, site: Site) -> Sequence[float]:
    parent = site.parent.node if site.parent else None
    if isinstance(parent, ast.Slice):
        return _other_bounds(value, site.field)
    if isinstance(parent, ast.Call) and (name := called(parent)) in SHAPING and (value <= 0 or name == "permute"):
        return []
    if value == 0:
        return [1]
    if value == -1:
        return [1, -2]
    # One more or less of ten thousand is within the tolerance of most tests.
    if abs(value) >= _LARGE:
        return [value // 10, value * 10]
    return [value - 1, value + 1]


def _other_bounds(value: int, field: str) -> list[int]:
    """Without what leaving the bound out says already: x[0:] for x[1:]."""
    if field == "step":
        return [value + 1] if value > 0 else []
    if value == 0:
        return [1]
    return [value + (1 if value > 0 else -1)] + ([value - 1] if value > 1 else [])


def _other_floats(value: float, site: Site) -> Sequence[float]:
    if value == 0 or not math.isfinite(value):
        return [1.0] if value == 0 else [-value]
    if abs(value) < _TINY:
        return [0.0, value * 1000]
    parent = site.parent.node if site.parent else None
    is_added = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub) and site.field == "right"
    negated = [] if is_added or _scales_symmetric_noise(parent) else [-value]
    if value == 1:
        return [0.0, 2.0, *negated]
    if value == 0.5:
        return [1.0, *negated]
    # A share and its complement are taken for each other: momentum, smoothing, dropout.
    return [round(1 - value, 12) if 0 < value < 1 else value * 2, *negated]


def _scales_symmetric_noise(node: ast.AST | None) -> bool:
    """0.1 * randn() and -0.1 * randn() are the same random variable."""
    factors = (node.left, node.right) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) else ()
    return any(isinstance(factor, ast.Call) and called(factor) in SYMMETRIC_NOISE for factor in factors)


def _other_axes(value: int, site: Site) -> list[int]:
    """A neighbouring axis that the call does not name already: naming one twice only raises, or undoes a transpose."""
    taken: set[int | float | None] = set()
    match site.parent:
        case Site(node=ast.Call(args=named)):
            taken = {value_of(argument) for argument in named}
        case Site(node=ast.Tuple(elts=named) | ast.List(elts=named), field=field) if field != "slice":
            taken = {value_of(element) for element in named}
    from_end = value < 0
    place = -1 - value if from_end else value
    others = [other for other in (place - 1, place + 1, 0, 1, 2, 3) if other not in (place, -1)]
    return [other for other in ((-1 - other if from_end else other) for other in others) if other not in taken][:1]


def _is_axis(site: Site, context: Context) -> bool:
    """Whether a number names an axis or picks an element."""
    holder = site.parent
    while holder and isinstance(holder.node, ast.Tuple | ast.List):
        site, holder = holder, holder.parent
    match holder.node if holder else None:
        case ast.keyword(arg=name):
            return name in AXIS_KEYWORDS or name == "axes"
        case ast.Subscript():
            return site.field == "slice"
        case ast.Call(func=ast.Attribute()) as call:
            on_method = context.subject(call) is not call.args[0]
            return called(call) in AXIS_CALLS and (on_method or site.index != 0)
        case _:
            return False


def _is_part_of_negative(site: Site) -> bool:
    return site.parent is not None and value_of(site.parent.node) is not None


def _is_key(site: Site) -> bool:
    """A word that looks something up is not a mode."""
    parent = site.parent.node if site.parent else None
    return isinstance(parent, ast.Subscript | ast.Compare) or (isinstance(parent, ast.Dict) and site.field == "keys")
