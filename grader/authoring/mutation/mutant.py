"""All small changes of one module that still compile."""

import ast
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from . import arguments, arithmetic, calls, constants, indexing, logic, statements
from .context import Context, context_of
from .sites import Site, sites
from .text import telling_site, told

Operator = Callable[[Site, Context], Iterator[ast.AST]]

OPERATORS: Final[tuple[Operator, ...]] = (
    statements.step_left_out,
    statements.accumulation_changed,
    statements.input_overwritten,
    statements.targets_swapped,
    statements.results_swapped,
    logic.branch_forced,
    logic.choice_forced,
    logic.comparison_changed,
    logic.connective_changed,
    logic.default_replaced,
    arithmetic.operator_swapped,
    arithmetic.operands_swapped,
    arithmetic.operand_dropped,
    arithmetic.sign_flipped,
    constants.number_changed,
    constants.switch_flipped,
    constants.word_changed,
    indexing.bound_dropped,
    indexing.bound_shifted,
    indexing.range_start_moved,
    indexing.indices_swapped,
    indexing.new_axis_dropped,
    calls.function_confused,
    calls.function_forgotten,
    calls.attribute_forgotten,
    calls.output_axes_swapped,
    arguments.neighbours_exchanged,
    arguments.elements_exchanged,
    arguments.axis_left_out,
    arguments.keyword_left_out,
    arguments.axis_argument_left_out,
    arguments.axis_kept,
    statements.graph_cut,
)


@dataclass(frozen=True)
class Mutant:
    """One changed module."""

    line: int
    before: str
    after: str
    source: str
    ordinal: int = 1

    @property
    def description(self) -> str:
        """What `equivalent.yaml` calls it: no line number, so that it outlives edits elsewhere."""
        repeated = f" (#{self.ordinal})" if self.ordinal > 1 else ""
        return f"{self.before} → {self.after}{repeated}"


def mutants(source: str) -> list[Mutant]:
    """The mutants of a module in a fixed order, outer code before inner; each differs from it and from all others."""
    tree = ast.parse(source)
    context = context_of(tree)
    texts = {ast.unparse(tree)}
    told_before: Counter[str] = Counter()
    found: list[Mutant] = []
    for site in sites(tree):
        for operator in OPERATORS:
            for replacement in operator(site, context):
                mutant = _mutant(tree, site, replacement)
                if mutant.source in texts or not _compiles(mutant.source):
                    continue
                texts.add(mutant.source)
                told_before[mutant.description] += 1
                found.append(replace(mutant, ordinal=told_before[mutant.description]))
    return found


def _mutant(tree: ast.Module, site: Site, replacement: ast.AST) -> Mutant:
    telling = telling_site(site, replacement)
    before = told(telling.node, telling)
    with site.holding(replacement):
        after = told(replacement if telling is site else telling.node, telling)
        return Mutant(_line(site), before, after, ast.unparse(tree))


def _line(site: Site) -> int:
    for place in (site, *site.ancestors()):
        line = getattr(place.node, "lineno", None)
        if isinstance(line, int):
            return line
    return 1


def _compiles(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(source, "<mutant>", "exec")
        except (SyntaxError, ValueError):
            return False
    return True
