"""Fingerprints of form: what changes only the looks of a program changes little of them, what changes its way changes them."""

from __future__ import annotations

import pytest

from grader.similarity.prints import Prints, prints_of
from grader.similarity.unit import Incomparable, unit_of

ORIGINAL = '''
import torch
from torch import nn

def helper(x, scale):
    """Divides."""
    return x / scale

def solve(query, key, value):
    scores = query @ key.transpose(-2, -1)
    shifted = scores - scores.max(dim=-1, keepdim=True).values
    weights = torch.exp(shifted)
    total = weights.sum(-1, keepdim=True)
    shares = helper(weights, total)
    for step in range(3):
        shares = shares * torch.sigmoid(total) + step
    return shares @ value, shares
'''


def form(source: str) -> set[str]:
    return set(prints_of(unit_of(source.encode(), "solve")).form)


def kept(source: str) -> float:
    before, after = form(ORIGINAL), form(source)
    return len(before & after) / min(len(before), len(after))


SAME = {
    "names": ORIGINAL.replace("scores", "a").replace("weights", "b").replace("shares", "c").replace("helper", "d"),
    "comments and docstrings": ORIGINAL.replace('    """Divides."""\n', "").replace("    total", "    # sum\n    total"),
    "annotations": ORIGINAL.replace("x, scale", "x: torch.Tensor, scale: float = 1.0"),
    "order of statements": ORIGINAL.replace(
        "    weights = torch.exp(shifted)\n", "    weights = torch.exp(shifted)\n    unused = None\n"
    ),
    "helper in line": ORIGINAL.replace("helper(weights, total)", "weights / total"),
    "methods for functions": ORIGINAL.replace("torch.sigmoid(total)", "total.sigmoid()"),
    "split expression": ORIGINAL.replace(
        "shares = shares * torch.sigmoid(total) + step",
        "gate = torch.sigmoid(total)\n        p = gate * shares\n        shares = p + step",
    ),
    "joined expression": ORIGINAL.replace("    weights = torch.exp(shifted)\n", "").replace("weights", "torch.exp(shifted)"),
    "one name for all": ORIGINAL.replace("shifted = scores -", "scores = scores -").replace("exp(shifted)", "exp(scores)"),
}


@pytest.mark.parametrize("source", SAME.values(), ids=SAME.keys())
def test_looks_change_no_fingerprint(source: str) -> None:
    compile(source, "source", "exec")
    assert kept(source) == 1


def test_a_while_loop_changes_few() -> None:
    source = ORIGINAL.replace("for step in range(3):", "step = 0\n    while step < 3:").replace(
        "+ step", "+ step\n        step += 1"
    )
    assert 0.8 < kept(source) < 1


def test_another_way_shares_little() -> None:
    source = (
        "import torch\ndef solve(query, key, value):\n    w = torch.softmax(query.matmul(key.mT), -1)\n    return w @ value, w\n"
    )
    assert kept(source) < 0.3


def test_only_what_the_entry_uses_counts() -> None:
    source = ORIGINAL + "\ndef other(x):\n    return [x.cos().sin().tan() for y in x.log()]\n\nprint(other.__name__)\n"
    assert form(source) == form(ORIGINAL)
    unit = unit_of(source.encode(), "solve")
    assert not any("cos" in line for _, line in unit.text())


def test_words_are_told_apart_from_form() -> None:
    source = ORIGINAL.replace("    total", "    # The DENOMINATOR, of all of them!\n    total").replace("+ step", "* 0.1234")
    prints: Prints = prints_of(unit_of(source.encode(), "solve"))
    line = source.split("\n").index("    # The DENOMINATOR, of all of them!") + 1
    assert prints.comments["the denominator of all of them"] == (line,)
    assert {"shifted", "helper", "query"} <= prints.names.keys()
    assert "0.1234" in prints.literals


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"def solve(:", "no Python"),
        (b"\0", "no Python"),
        (b"x = 1\n" * 500_000, "larger"),
        (b"def solve():\n    return '" + b"x" * 300_000 + b"'\n", "longer"),
        (b"def solve():\n    return " + b"(" * 5_000 + b")" * 5_000, "no Python|nested"),
        (b"def solve():\n    return " + b"-" * 50_000 + b"1", "nested|no Python"),
        (b"def solve():\n    return " + b"+".join([b"1"] * 50_000), "nested"),
    ],
    ids=["syntax", "null", "large", "long", "brackets", "signs", "sum"],
)
def test_hostile_sources_are_refused_with_a_reason(source: bytes, reason: str) -> None:
    with pytest.raises(Incomparable, match=reason):
        prints_of(unit_of(source, "solve"))


@pytest.mark.parametrize(
    "source",
    [
        b"\xff\xfe\x00" + ORIGINAL.encode("utf-16-le"),
        "def solve():\n    '\\d'\n    return '\xe9\udcff'\n".encode("latin-1", "replace"),
        b"",
        b"def solve(): return " + b"9" * 4_000,
        b"match 1:\n    case [a, *b] if (c := a): pass\nasync def solve(*a, k=1, **b):\n    async with x as y: await y\n",
        b"class solve:\n    a: int\n    def __call__(self, x): self.b = x; return lambda z: {k: v for k, v in self.b if v}\n",
        b"def solve(x):\n    try:\n        del x\n    except* ValueError as e:\n        raise\n    return f'{x!r}'[1:2, ...]\n",
        b"def solve(x): return solve(solve(x))\n",
        b"a = [b := 1, *[]]\nfor solve in a: solve, [a[0], a.b] = a\n",
        b"\r\ndef solve(x):\r\n\x0c    return x\r\n",
    ],
)
def test_odd_sources_are_read_or_refused(source: bytes) -> None:
    try:
        unit = unit_of(source, "solve")
    except Incomparable:
        return
    prints_of(unit)
    assert all(1 <= number <= len(unit.lines) for number, _ in unit.text())
