"""Words that two students chose alike: comments, names, texts and numbers that nearly nobody else has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from grader.similarity.explained import Explained
from grader.similarity.prints import Prints

_LONG = 7  # words in a comment that is unlikely to be written twice
_SHORT = 3  # words in comments of which several must agree
_MOST_HOLDERS = 12  # more students than these make a comment common


@dataclass(frozen=True)
class Wording:
    """What two programs share and nearly nobody else has.

    Attributes:
        comments: also lines of docstrings.
        names: of variables, functions and attributes.
        literals: texts and numbers.
        share: of the comments of the one that has fewer.
    """

    comments: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    literals: tuple[str, ...] = ()
    share: float = 0.0

    @property
    def enough(self) -> bool:
        """Whether the comments alone call for a look; names and literals never do."""
        counts = [len(comment.split()) for comment in self.comments]
        return sum(count >= _SHORT for count in counts) >= 3 or sum(count >= _LONG for count in counts) >= 2


def wording_of(programs: Sequence[Prints], explained: Explained) -> dict[tuple[int, int], Wording]:
    """The rare words that pairs share, by the numbers of their programs.

    Parameters:
        programs: of a class.
        explained: words that the exercise explains, which never count.
    """

    def own(word: str) -> bool:
        return word not in explained.words

    def unheard(text: str) -> bool:
        return text not in explained.text

    comments = _rare([program.comments for program in programs], unheard)
    names = _rare([program.names for program in programs], own)
    literals = _rare([program.literals for program in programs], unheard)
    told = [sum(unheard(comment) for comment in program.comments) for program in programs]
    found: dict[tuple[int, int], Wording] = {}
    for pair in sorted({*comments, *names, *literals}):
        both = tuple(sorted(comments.get(pair, ())))
        fewest = min(told[pair[0]], told[pair[1]])
        share = len(both) / fewest if both else 0.0
        found[pair] = Wording(both, tuple(sorted(names.get(pair, ()))), tuple(sorted(literals.get(pair, ()))), min(1.0, share))
    return found


def _rare(programs: Sequence[Iterable[str]], counts: Callable[[str], bool]) -> dict[tuple[int, int], list[str]]:
    """Words that few hold, by the pairs that hold them."""
    holders: dict[str, list[int]] = {}
    for number, words in enumerate(programs):
        for word in words:
            holders.setdefault(word, []).append(number)
    most = min(_MOST_HOLDERS, max(2, len(programs) // 10))
    found: dict[tuple[int, int], list[str]] = {}
    for word, numbers in holders.items():
        if 2 <= len(numbers) <= most and counts(word):
            for pair in combinations(numbers, 2):
                found.setdefault(pair, []).append(word)
    return found
