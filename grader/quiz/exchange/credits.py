"""The credits that Moodle knows, for its XML and for GIFT."""

from __future__ import annotations

from fractions import Fraction

from grader.quiz.exchange.contract import Booklet, Card, Choice, Losses

_PARTS = (*(Fraction(1, n) for n in (*range(1, 11), 20)), Fraction(2, 3), Fraction(3, 4), Fraction(5, 6))
LISTED = tuple(sorted({*_PARTS, *(Fraction(n, 10) for n in (0, 3, 4, 6, 7, 8, 9))}))


def listed(value: Fraction) -> Fraction:
    """The nearest credit that Moodle knows, with the sign of the value."""
    near = min(LISTED, key=lambda known: abs(known - abs(value)))
    return -near if value < 0 else near


def exact(percent: str) -> Fraction:
    """The credit that a percentage of at most seven digits stands for: 33.33333 is a third."""
    value = Fraction(percent) / 100
    near = listed(value)
    return near if abs(near - value) < Fraction(1, 10_000) else value


def percent(value: Fraction) -> str:
    """A credit as Moodle writes it."""
    text = f"{float(value * 100):.5f}"
    return text.rstrip("0").rstrip(".")


def tick_fractions(booklet: Booklet, card: Card, losses: Losses) -> dict[str, Fraction]:
    """What each option of a question adds: Moodle sums them up and stops at zero, which is the rule `net`."""
    right = len(card.of("right"))
    if card.scoring != "net":
        losses.add(booklet, card, f"scoring {card.scoring!r} becomes 'net': Moodle adds up fractions and knows no other rule")
    share = Fraction(1, right)
    if listed(share) != share:
        told = f"1/{right} per option becomes {percent(listed(share))} %: Moodle lists no such fraction"
        losses.add(booklet, card, told)
    signs = {"right": 1, "wrong": -1, "either": 0}
    return {choice.id: signs[choice.value] * listed(share) for choice in card.choices}


def answer_fraction(booklet: Booklet, card: Card, credit: Fraction, losses: Losses) -> Fraction:
    """The credit of a known answer, as near as Moodle can say it."""
    if listed(credit) != credit:
        losses.add(booklet, card, f"credit {float(credit):g} becomes {percent(listed(credit))} %: Moodle lists no such fraction")
    return listed(credit)


def choice_losses(booklet: Booklet, card: Card, losses: Losses) -> None:
    """What Moodle cannot say of options, in XML and GIFT alike."""
    if any(choice.explain_unticked for choice in card.choices):
        losses.add(booklet, card, "explain_unticked is left out: feedback is shown for ticked options only")


def draw_loss(booklet: Booklet, card: Card, losses: Losses) -> None:
    """One draw stands for all."""
    if card.drawn:
        losses.add(booklet, card, f"one draw for all students: {card.drawn}")


def shuffles(choices: tuple[Choice, ...]) -> bool:
    """Whether any option may change its place."""
    return not all(choice.fixed for choice in choices)
