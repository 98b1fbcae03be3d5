"""What every format shares: questions as plain data in one language, and the list of what was lost or not understood."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeAlias

from grader.quiz.model import Form

Number: TypeAlias = int | float
Value: TypeAlias = Number | tuple[Number, ...]


@dataclass(frozen=True)
class Choice:
    """An option to tick.

    Attributes:
        id: the bank's; students never see it.
        text, explain, explain_unticked: Markdown with LaTeX in `$…$`; `explain` of an either-way option is its reason.
        fixed: stays at its place when options are shuffled.
    """

    id: str
    text: str
    value: Literal["right", "wrong", "either"]
    explain: str = ""
    explain_unticked: str = ""
    fixed: bool = False


@dataclass(frozen=True)
class Known:
    """An answer known beforehand: a number or tuple within `rtol` and `atol`, or any of some texts."""

    value: Value | None = None
    forms: tuple[str, ...] = ()
    credit: Fraction = Fraction(1)
    rtol: float = 0.0
    atol: float = 0.0
    explain: str = ""

    def margin(self, part: Number) -> float:
        """How far off a part of the value may be."""
        return float(self.atol + self.rtol * abs(part))


@dataclass(frozen=True)
class Part:
    """An item of an order, a pair, or something on the right that matches nothing."""

    id: str
    text: str
    match: str = ""
    explain: str = ""


@dataclass(frozen=True)
class Picture:
    """An image file, and the words for who cannot see it."""

    path: Path
    alt: str


@dataclass(frozen=True)
class Card:
    """A question in one language, with its parameters' values filled in, and its key.

    Attributes:
        form: how it is answered; code has the form it is answered in.
        scoring: the named rule; empty where the form has none.
        drawn: the values of its parameters in words; empty where it has none.
        rule: how it is answered and marked, in words.
        line: where it stands in the file it was read from.
    """

    id: str
    form: Form
    text: str
    points: float = 1.0
    difficulty: int = 2
    tags: tuple[str, ...] = ()
    source: str = ""
    code: str = ""
    picture: Picture | None = None
    choices: tuple[Choice, ...] = ()
    truth: bool | None = None
    answers: tuple[Known, ...] = ()
    items: tuple[Part, ...] = ()
    distractors: tuple[Part, ...] = ()
    scoring: str = ""
    unit: str = ""
    explain: str = ""
    rule: str = ""
    drawn: str = ""
    line: int = 0

    @property
    def is_tuple(self) -> bool:
        """Whether it asks for several numbers at once."""
        return self.form == "numeric" and bool(self.answers) and isinstance(self.answers[0].value, tuple)

    def of(self, value: Literal["right", "wrong", "either"]) -> list[Choice]:
        """The options of a value."""
        return [choice for choice in self.choices if choice.value == value]


@dataclass(frozen=True)
class Booklet:
    """A bank in one language, as one draw of it."""

    id: str
    title: str
    language: str
    graded: bool
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Loss:
    """What a format cannot say of a question."""

    bank: str
    question: str
    what: str

    def line(self) -> str:
        """One line for a reader."""
        return f"{self.bank}: {self.question}: {self.what}"


class Losses:
    """Collects what is lost while a bank is written."""

    def __init__(self) -> None:
        self._found: list[Loss] = []

    def add(self, booklet: Booklet, card: Card, what: str) -> None:
        """Note a loss once."""
        loss = Loss(booklet.id, card.id, what)
        if loss not in self._found:
            self._found.append(loss)

    def __iter__(self) -> Iterator[Loss]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


@dataclass(frozen=True)
class Note:
    """What an importer made of a place in a file."""

    line: int
    what: str
    understood: bool = False


@dataclass
class Found:
    """What an importer read: questions, and an account of it by line."""

    cards: list[Card] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    title: str = ""

    def missed(self, line: int, what: str) -> None:
        """Note that something was not understood, or is not there."""
        self.notes.append(Note(line, what))


Reader: TypeAlias = Callable[[str], Found]
# With the key or without; the bytes of the file.
Writer: TypeAlias = Callable[[Sequence[Booklet], bool, Losses], bytes]
