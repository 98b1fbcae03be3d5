"""Kept records come back whole, are found under their key alone, and never mix."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from grader.batch.store import Kept, Store, key_of
from grader.batch.task import Order, Task
from grader.catalog.course import Course
from grader.record import Record

REPOSITORY = Path(__file__).resolve().parents[2]
ORDER = Order(REPOSITORY, ("linear_params",), "secret")
TASK = Task("ada", "a.py", b"x = 1", ("linear_params",))
EXERCISE = Course(REPOSITORY).exercise("linear_params")


def kept(exercise: str, score: float = 1) -> Kept:
    return Kept(f"key of {exercise}", Record(exercise, "ada", "failed", score, 2, reason="naïve\nü"))


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "records")
    assert store.read("topic", "ada") == {}
    store.keep("topic", "ada", {"one": kept("one"), "two": kept("two")})
    store.keep("topic", "ada", {"two": kept("two", 2)})
    assert store.read("topic", "ada") == {"one": kept("one"), "two": kept("two", 2)}
    assert store.read("topic", "bob") == {}
    assert store.read("other", "ada") == {}
    assert [record.exercise for record in store.all("topic")] == ["one", "two"]


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "../x", ".hidden", "a\\b", "näme", "a b", "x" * 300, "a\0b", "\ud800"])
def test_any_name_stays_inside_the_folder_and_apart(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path / "records")
    store.keep("topic", name, {"one": kept("one")})
    store.keep("topic", "ada", {"two": kept("two")})
    assert set(store.read("topic", name)) == {"one"}
    inside = {path.resolve() for path in (tmp_path / "records").rglob("*.jsonl")}
    assert len(inside) == 2
    assert len(list(tmp_path.rglob("*.jsonl"))) == 2


def test_damaged_lines_count_as_absent(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep("topic", "ada", {"one": kept("one"), "two": kept("two")})
    path = store.path("topic", "ada")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(lines[0] + "\n" + lines[1][:40] + "\n[]\n{}\nnull\n", encoding="utf-8")
    assert set(store.read("topic", "ada")) == {"one"}
    path.write_bytes(b"\xff\xfe")
    assert store.read("topic", "ada") == {}


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.keep("topic", "ada", {"one": kept("one")})

    def full(_: int) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        store.keep("topic", "ada", {"one": kept("one", 2)})
    assert store.read("topic", "ada") == {"one": kept("one")}


def test_the_key_changes_with_everything_that_decides() -> None:
    base = key_of(ORDER, TASK, EXERCISE)
    assert key_of(ORDER, TASK, EXERCISE) == base
    others = [
        key_of(replace(ORDER, secret="another"), TASK, EXERCISE),
        key_of(replace(ORDER, language="ru"), TASK, EXERCISE),
        key_of(replace(ORDER, allow_unsandboxed=True), TASK, EXERCISE),
        key_of(ORDER, replace(TASK, source=b"x = 2"), EXERCISE),
        key_of(ORDER, replace(TASK, student="bob"), EXERCISE),
        key_of(ORDER, replace(TASK, filename="b.py"), EXERCISE),
        key_of(ORDER, replace(TASK, exercises=("linear_params", "conv2d_params")), EXERCISE),
        key_of(ORDER, TASK, Course(REPOSITORY).exercise("conv2d_params")),
    ]
    assert len({base, *others}) == 9
