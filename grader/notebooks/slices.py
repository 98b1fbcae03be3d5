"""The statements of a notebook that some names need, in the order in which they can run."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Slice:
    """Statements by their number.

    Attributes:
        chosen: all of them.
        before: by statement, those that must have run before it; of very many, not those that one of them needs itself.
        attempted: those that may fail without harm: nothing is known to need them, or they only change a value.
        kept: of the attempted, those that bind what is needed, with these names; without a value of each, the failure counts.
        risky: those that may fail and then take along all that is loaded with them.
        missing: names that nothing defines.
    """

    chosen: set[int] = field(default_factory=set)
    before: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    attempted: set[int] = field(default_factory=set)
    kept: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    risky: set[int] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)

    def order(self) -> list[int]:
        """As they stand in the notebook; one that stands below its first use is moved up to it."""
        done: set[int] = set()
        result: list[int] = []
        for first in sorted(self.chosen):
            stack = [(first, False)]
            while stack:
                number, ready = stack.pop()
                if ready:
                    result.append(number)
                elif number not in done:
                    done.add(number)
                    stack.append((number, True))
                    stack += [(each, False) for each in sorted(self.before[number], reverse=True)]
        return result

    def join(self, other: Slice) -> None:
        """Add another slice of the same statements."""
        # What one of them cannot do without is not just attempted.
        needed = (self.chosen - self.attempted) | (other.chosen - other.attempted)
        self.chosen |= other.chosen
        self.attempted = (self.attempted | other.attempted) - needed
        self.risky |= other.risky
        self.missing |= other.missing
        for number, names in other.kept.items():
            self.kept[number] |= names
        for number, earlier in other.before.items():
            self.before[number] |= earlier
