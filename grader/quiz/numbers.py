"""Reads numbers as people write them: decimal comma or point, groups of thousands, fractions, powers, Devanagari digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction
from itertools import product

_LONGEST = 200
_MOST_PARTS = 16

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?")
_POWER = re.compile(r"([+-]?\d+)(?:\^|\*\*)\{?([+-]?\d{1,3})\}?")
_TIMES_TEN = re.compile(r"(.+?)(?:[*·×x]|\\cdot|\\times)10(?:\^|\*\*)\{?([+-]?\d{1,3})\}?")
_SPACED = re.compile(r"[+-]?\d{1,3}( \d{3})+([.,]\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_INDIAN = re.compile(r"[+-]?\d{1,2}(,\d{2})*,\d{3}(\.\d+)?")
_POINTED = re.compile(r"[+-]?\d{1,3}(\.\d{3}){2,}(,\d+)?")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_WRAPPED = re.compile(r"(?:torch\.)?(?:size)?\s*[(\[{]+(.*?)[)\]}]+")


def readings(text: str, units: Iterable[str] = ()) -> list[Fraction]:
    """What a written number may mean; two readings where a comma may part thousands or decimals, none where it is no number."""
    text = _cleaned(text)
    for unit in sorted({_cleaned(unit) for unit in units}, key=len, reverse=True):
        if unit and text.endswith(unit) and text != unit:
            text = text.removesuffix(unit).strip()
            break
    if len(text) > _LONGEST:
        return []
    if text.endswith("%"):
        return [number / 100 for number in _readings(text[:-1].strip())]
    return _readings(text)


def tuple_readings(text: str) -> list[tuple[Fraction, ...]]:
    """What a written tuple may mean: "(1, 8, 30, 30)", "1 8 30 30", "torch.Size([1, 8, 30, 30])", "1×8×30×30"."""
    text = _cleaned(text)
    wrapped = _WRAPPED.fullmatch(text)
    inner = (wrapped.group(1) if wrapped else text).strip()
    if not inner or len(inner) > _LONGEST:
        return []
    parts = [part for part in re.split(r"\s*[,;×x*]\s*|\s+", inner) if part]
    if len(parts) > _MOST_PARTS:
        return []
    return [tuple(numbers) for numbers in product(*(_readings(part)[:1] for part in parts))] if parts else []


def _cleaned(text: str) -> str:
    # Before normalisation, which would make 105 of 10⁵.
    text = _RAISED.sub(lambda found: "^" + found.group().translate(_LOWERED), text[: 4 * _LONGEST])
    text = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").replace("\N{EN DASH}", "-")
    text = text.replace("{,}", ".").replace("\\,", " ").replace("\N{FRACTION SLASH}", "/").strip(" \t\r\n$`")
    return " ".join(text.casefold().split()).removeprefix("=").removeprefix("≈").strip()


def _readings(text: str) -> list[Fraction]:
    numerator, slash, denominator = text.partition("/")
    if slash:
        return [a / b for a in _whole_or_decimal(numerator) for b in _whole_or_decimal(denominator) if b]
    return _whole_or_decimal(text)


def _whole_or_decimal(text: str) -> list[Fraction]:
    text = text.strip()
    power = _POWER.fullmatch(text.replace(" ", ""))
    if power:
        base, exponent = int(power.group(1)), int(power.group(2))
        return [] if (base == 0 and exponent < 0) or abs(base) > 1000 else [Fraction(base) ** exponent]
    scaled = _TIMES_TEN.fullmatch(text.replace(" ", ""))
    if scaled:
        return [number * Fraction(10) ** int(scaled.group(2)) for number in _plain(scaled.group(1))]
    return _plain(text)


def _plain(text: str) -> list[Fraction]:
    if _SPACED.fullmatch(text):
        text = text.replace(" ", "")
    text = text.replace("_", "")
    found: list[str] = []
    if _GROUPED.fullmatch(text) or _INDIAN.fullmatch(text):
        found.append(text.replace(",", ""))
    if _POINTED.fullmatch(text):
        found.append(text.replace(".", "").replace(",", "."))
    if text.count(",") == 1 and "." not in text:
        found.append(text.replace(",", "."))
    return [Fraction(number) for number in found or [text] if _PLAIN.fullmatch(number)]
