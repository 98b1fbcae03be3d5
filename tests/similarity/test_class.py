"""Classes with known copies: copies of unusual work are found, honest work is not, and nothing hostile stops it."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import numpy as np
import pytest
import similar_class as made
from typer.testing import CliRunner

from grader.catalog.course import Course
from grader.cli.app import app
from grader.similarity.comparing import Found, compare
from grader.similarity.handed import Work
from grader.similarity.weighing import HIGHEST, LOWEST, null_of, shares_of
from grader.similarity.writing import groups_of, write

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course(ROOT)
LONG = "multi_head_attention"
SHORT = "linear_params"

# A solution that no course knows of, written by nobody else.
OWN = """
import torch
from torch import nn

class MultiHeadAttention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        # one matrix is enough for all of the three of them
        self.everything = nn.Parameter(torch.randn(3 * dim, dim).div(dim ** 0.5))
        self.back = nn.Linear(dim, dim)

    def turn(self, tensor, place):
        rows = self.everything.chunk(3)[place]
        pieces = (tensor @ rows.t()).split(tensor.shape[-1] // self.heads, dim=-1)
        # glue heads onto the batch so that bmm can be used
        return torch.cat(pieces, dim=0)

    def forward(self, query, key, value, mask=None):
        q, k, v = (self.turn(t, i) for i, t in enumerate((query, key, value)))
        energy = torch.bmm(q, k.transpose(1, 2)).mul(q.shape[-1] ** -0.5)
        if mask is not None:
            energy = torch.where(mask.repeat(self.heads, 1, 1), energy, energy.new_full((), -1e30))
        exps = torch.exp(energy - energy.amax(dim=-1, keepdim=True))
        mixed = torch.bmm(exps / exps.sum(dim=-1, keepdim=True), v)
        joined = torch.cat(mixed.chunk(self.heads, dim=0), dim=-1)
        return self.back(joined.tanh() * 0.5 + joined)
"""


def works_of(students: list[made.Student], exercise: str) -> list[Work]:
    return [Work(student.name, exercise, student.source.encode()) for student in students]


def a_class(exercise: str, extra: list[made.Student], size: int = 24) -> list[made.Student]:
    """Students who use the reference and a few who use alternatives, and the given ones."""
    rng = random.Random(7)
    bases = made.bases_of(COURSE.exercise(exercise))
    names = list(bases)
    usual = [made.honest(f"s{number:02}", names[0], bases[names[0]], rng) for number in range(size)]
    others = [made.honest(f"t{number:02}", name, bases[name], rng) for number, name in enumerate(names[1:])]
    return [*usual, *others, *extra]


def comparison(exercise: str, students: list[made.Student], earlier: list[Work] | None = None) -> Found:
    return compare([COURSE.exercise(exercise)], [*works_of(students, exercise), *(earlier or [])])


@pytest.fixture(scope="module")
def family() -> list[made.Student]:
    rng = random.Random(3)
    ada = made.honest("ada", "own", OWN, rng)
    bob = made.copied("bob", ada, rng)
    return [ada, bob, made.copied("cy", bob, rng)]


def test_disguised_copies_are_found_and_nobody_else(family: list[made.Student]) -> None:
    found = comparison(LONG, a_class(LONG, family))
    assert {pair.students for pair in found.pairs} == {("ada", "bob"), ("ada", "cy"), ("bob", "cy")}
    assert all("form" in pair.evidence for pair in found.pairs)
    assert [group["students"] for group in groups_of(found)] == [["ada", "bob", "cy"]]


def test_all_who_take_the_usual_way_are_left_alone() -> None:
    base = COURSE.exercise(LONG).reference.read_bytes()
    same = [Work(f"s{number}", LONG, base) for number in range(30)]
    assert not compare([COURSE.exercise(LONG)], same).pairs


def test_what_many_found_weighs_nothing_even_where_the_course_does_not_know_it(family: list[made.Student]) -> None:
    rng = random.Random(1)
    camp = [made.honest(f"u{number}", "own", OWN, rng) for number in range(10)]
    plain = [made.Student(student.name, made.ast.unparse(made.ast.parse(student.source)), "own") for student in camp]
    found = comparison(LONG, a_class(LONG, plain))
    assert not found.pairs


def test_short_exercises_are_never_told_by_form() -> None:
    odd = "def linear_params(inputs, outputs, bias=True):\n    return outputs * (inputs + (1 if bias else 0))\n"
    same = [made.Student(name, odd, "odd") for name in ("ada", "bob")]
    found = comparison(SHORT, a_class(SHORT, same))
    assert not found.pairs
    assert found.exercises[0].short.startswith("too short to tell")
    assert found.exercises[0].null is None


def test_rare_comments_are_evidence_of_their_own() -> None:
    body = "def linear_params(in_features, out_features, bias=True):\n{}    return out_features * (in_features + bool(bias))\n"
    told = body.format(
        "    # my dog thinks that every neuron wants one more bone\n    # and bones are counted once per neuron not per dog\n"
    )
    same = [made.Student(name, told, "odd") for name in ("ada", "bob")]
    found = comparison(SHORT, a_class(SHORT, same))
    (pair,) = found.pairs
    assert pair.evidence == ("words",)
    assert pair.form is None
    assert len(pair.wording.comments) == 2


def test_comments_of_the_exercise_are_no_evidence() -> None:
    stub = COURSE.exercise(LONG).stub.read_text(encoding="utf-8")
    same = [made.Student(name, stub, "stub") for name in ("ada", "bob")]
    assert not comparison(LONG, a_class(LONG, same)).pairs


def test_earlier_years_are_compared_with_this_one_but_not_with_each_other(family: list[made.Student]) -> None:
    ada, bob, cy = family
    earlier = [Work(student.name, LONG, student.source.encode(), earlier=True) for student in (bob, cy)]
    found = comparison(LONG, a_class(LONG, [ada]), earlier)
    assert {pair.students for pair in found.pairs} == {("ada", "bob (earlier)"), ("ada", "cy (earlier)")}


def test_hostile_submissions_are_listed_and_stop_nothing(family: list[made.Student]) -> None:
    bad = {
        "syntax": b"def MultiHeadAttention(:",
        "null": b"\0",
        "large": b"#" * 10_000_000,
        "deep": b"x = " + b"-" * 90_000 + b"1",
    }
    works = [Work(name, LONG, source) for name, source in bad.items()]
    found = comparison(LONG, a_class(LONG, family), works)
    assert {student for student, _, _ in found.left} == bad.keys()
    assert len(found.pairs) == 3


def test_the_order_of_works_changes_nothing(family: list[made.Student]) -> None:
    students = a_class(LONG, family)
    assert groups_of(comparison(LONG, students)) == groups_of(comparison(LONG, students[::-1]))


def test_the_threshold_follows_the_class() -> None:
    rng = np.random.default_rng(0)
    apart, alike = rng.beta(2, 20, 2_000), rng.beta(8, 12, 2_000)
    low, high = null_of(apart), null_of(alike)
    assert LOWEST <= low.threshold < high.threshold <= HIGHEST
    copies = np.concatenate([alike, np.full(40, 0.97)])
    assert null_of(copies).threshold == pytest.approx(high.threshold, abs=0.03)
    assert not null_of(apart[:10]).told


def test_shares_are_symmetric_and_grow_with_what_is_shared() -> None:
    rare, other = {f"r{n}" for n in range(40)}, {f"o{n}" for n in range(40)}
    half = {f"r{n}" for n in range(20)} | {f"h{n}" for n in range(20)}
    share = shares_of([rare, set(rare), half, other, *({f"x{n}{m}" for m in range(40)} for n in range(20))]).share
    assert np.allclose(share, share.T)
    assert share[0, 1] > share[0, 2] > share[0, 3] == 0


# -- pages and the command -----------------------------------------------------------------------------------------------------


def test_pages_are_whole_and_hold_no_live_text_of_students(family: list[made.Student], tmp_path: Path) -> None:
    evil = [made.Student(f"<img src=x>{one.name}", one.source + "\n# </pre><script>alert(1)</script>\n", "own") for one in family]
    evil = [
        made.Student(one.name, one.source.replace("def forward", "# </td><script>bad()</script>\n    def forward"), "own")
        for one in evil
    ]
    found = comparison(LONG, a_class(LONG, evil))
    assert write(found, tmp_path / "out") == 3
    texts = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("*.html")}
    assert set(texts) == {"index.html", "pair-0001.html", "pair-0002.html", "pair-0003.html"}
    for text in texts.values():
        assert "<script" not in text
        assert "<img" not in text
        assert "http://" not in text
        assert "https://" not in text
    side = texts["pair-0001.html"]
    assert "&lt;/td&gt;&lt;script&gt;" in side
    # Every mark is told by a sign, and leads to a line of the other program.
    marked = re.findall(r'<tr id="([ab])\d+" class=m>.*?<a href="#([ab]\d+)">[≈=] \d+</a>', side)
    assert len(marked) > 20
    assert all(own != to[0] and f'id="{to}"' in side for own, to in marked)
    assert "evidence of" in texts["index.html"]
    groups = json.loads((tmp_path / "out" / "groups.json").read_text(encoding="utf-8"))
    assert [set(group) for group in groups] == [{"exercise", "students", "score"}]
    assert len(json.loads((tmp_path / "out" / "similar.json").read_text(encoding="utf-8"))["pairs"]) == 3


def hand_in(students: list[made.Student], folder: Path) -> None:
    for student in students:
        place = folder / student.name / "answer.py"
        place.parent.mkdir(parents=True)
        place.write_text(student.source, encoding="utf-8")


def test_the_command_reads_a_class_and_an_earlier_year(family: list[made.Student], tmp_path: Path) -> None:
    ada, bob, cy = family
    hand_in(a_class(LONG, [ada, bob], 12), tmp_path / "class")
    hand_in([cy], tmp_path / "last")
    (tmp_path / "class" / "zed").mkdir()
    (tmp_path / "class" / "zed" / "a.py").write_bytes(b"def MultiHeadAttention(:\n\xff")
    call = ["similar", str(tmp_path / "class"), "--course", str(ROOT), "--exercises", LONG, "--against", str(tmp_path / "last")]
    done = CliRunner().invoke(app, [*call, "--output", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "ada and bob" in done.stdout
    assert "ada and cy (earlier)" in done.stdout
    assert "no mark was changed" in done.stdout
    assert (tmp_path / "out" / "index.html").exists()
    told = json.loads(CliRunner().invoke(app, [*call, "--json"]).stdout)
    assert {tuple(pair["students"]) for pair in told["pairs"]} >= {("ada", "bob"), ("bob", "cy (earlier)")}
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "work.txt").touch()
    for place, words in (("kept", "something else"), ("class/alike", "handed in"), ("last", "handed in"), ("class", "handed in")):
        again = CliRunner().invoke(app, [*call, "--output", str(tmp_path / place)])
        assert again.exit_code != 0
        assert words in str(again.exception)
    assert not (tmp_path / "class" / "alike").exists()
