"""The kept results: nothing is lost between writers, and nothing wrong with the file or the folder stops anything."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.progress.outline import outline
from grader.progress.standing import next_place, standing
from grader.progress.state import keep, load, source_hash, state_file
from grader.progress.view import condition, exercise_lines, next_line, summary, topic_lines
from grader.record import Record, TestResult

REPOSITORY = Path(__file__).resolve().parents[2]


def record(name: str, outcome: Any = "passed", passed: int = 2, tests: int = 2, source: str = "") -> Record:
    results = tuple(
        TestResult(f"test_{i}", f"title {i}", "passed" if i < passed else "failed", 0, 1) for i in range(tests)
    )
    return Record(name, "you", outcome, 0, 1, results, source_hash=source)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for number, (topic, name, requires) in enumerate((("one", "first", []), ("one", "second", ["first"]), ("two", "third", []))):
        folder = tmp_path / "exercises" / topic / name
        folder.mkdir(parents=True)
        manifest = {"title": {"en": f"The {name}", "ru": f"{name} по-русски"}, "requires": requires}
        (folder / "exercise.yaml").write_text(json.dumps(manifest), encoding="utf-8")
        (folder / f"{name}.py").write_text(f"x = {number}\n", encoding="utf-8")
        (folder.parent / "topic.yaml").write_text(f"title: {{en: Topic {topic}}}\norder: {3 - number}\n", encoding="utf-8")
    return tmp_path


def places(root: Path) -> list[Any]:
    return [place for _, group in standing(outline(root, "en"), load(root)) for place in group]


def test_results_are_kept_and_added_to(root: Path) -> None:
    assert keep(root, [record("first"), record("second", "failed", 1)])
    assert keep(root, [record("second", "passed")])
    state = load(root)
    assert {name: kept.outcome for name, kept in state.items()} == {"first": "passed", "second": "passed"}
    assert not list(state_file(root).parent.glob("*.new"))


def test_what_failed_is_kept_in_words(root: Path) -> None:
    keep(root, [record("first", "failed", 1, 3)])
    kept = load(root)["first"]
    assert (kept.passed, kept.tests, kept.problem) == (1, 3, "title 1")


def test_our_faults_replace_nothing(root: Path) -> None:
    keep(root, [record("first")])
    assert not keep(root, [record("first", "grader_error", 0)])
    assert load(root)["first"].outcome == "passed"


BROKEN = [
    b"", b"{", b"[1, 2]", b"null", b'{"format": 1}', b'{"format": 1, "exercises": []}', b"\xff\xfe\x00", b"[" * 100_000,
    b'{"format": 1, "exercises": {"first": 3}}', b'{"format": 1, "exercises": {"first": {"outcome": "passed"}}}',
    b'{"format": "x", "exercises": {}}',
    b'{"format": 1, "exercises": {"first": {"outcome": "odd", "passed": 1, "tests": 1, "problem": "", "hash": "", "time": 0}}}',
]  # fmt: skip


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_file_is_no_state_and_is_replaced(root: Path, content: bytes) -> None:
    state_file(root).parent.mkdir()
    state_file(root).write_bytes(content)
    assert load(root) == {}
    assert {place.condition for place in places(root)} == {"unknown"}
    assert keep(root, [record("second")])
    assert set(load(root)) == {"second"}


def test_a_later_kits_file_is_left_alone(root: Path) -> None:
    state_file(root).parent.mkdir()
    state_file(root).write_text('{"format": 2, "more": true}', encoding="utf-8")
    assert load(root) == {}
    assert not keep(root, [record("first")])
    assert json.loads(state_file(root).read_text(encoding="utf-8")) == {"format": 2, "more": True}


def test_one_broken_entry_costs_no_other(root: Path) -> None:
    keep(root, [record("first")])
    data = json.loads(state_file(root).read_text(encoding="utf-8"))
    data["exercises"]["second"] = {"outcome": None}
    state_file(root).write_text(json.dumps(data), encoding="utf-8")
    assert set(load(root)) == {"first"}


def test_text_that_no_terminal_can_take_is_made_harmless(root: Path) -> None:
    """Half a surrogate pair, which JSON can escape, and a sequence that would clear the screen."""
    keep(root, [record("first", "failed", 1)])
    data = json.loads(state_file(root).read_text(encoding="utf-8"))
    data["exercises"]["first"]["problem"] = "half \ud800 and \x1b[2J"
    state_file(root).write_text(json.dumps(data), encoding="utf-8")
    assert keep(root, [record("second")])
    problem = load(root)["first"].problem
    assert problem.startswith("half ")
    assert problem.encode("utf-8")
    assert "\x1b" not in problem


def test_a_folder_in_the_way_costs_the_memory_only(root: Path) -> None:
    state_file(root).mkdir(parents=True)
    assert not keep(root, [record("first")])
    assert load(root) == {}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root and Windows write to read-only folders")
def test_a_read_only_folder_is_silent(root: Path) -> None:
    root.chmod(0o555)
    try:
        assert not keep(root, [record("first")])
    finally:
        root.chmod(0o755)


def test_a_file_in_the_place_of_the_folder(root: Path) -> None:
    (root / ".grader").write_text("mine", encoding="utf-8")
    assert not keep(root, [record("first")])
    assert (root / ".grader").read_text(encoding="utf-8") == "mine"


WRITER = """
import sys
from pathlib import Path
from grader.progress.state import keep
from grader.record import Record
for number in range(25):
    assert keep(Path(sys.argv[1]), [Record(f"{sys.argv[2]}-{number}", "you", "passed", 1, 1)])
"""


def test_writers_at_the_same_time_lose_nothing(root: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(root), name], env={**os.environ, "PYTHONPATH": str(REPOSITORY)})
        for name in "abcd"
    ]
    assert [writer.wait(120) for writer in writers] == [0] * 4
    assert set(load(root)) == {f"{name}-{number}" for name in "abcd" for number in range(25)}


# -- the standing --------------------------------------------------------------------------------------------------------------


def test_a_file_changed_since_is_told(root: Path) -> None:
    file = root / "exercises/one/first/first.py"
    keep(root, [record("first", source=source_hash(file) or "")])
    assert [place.changed for place in places(root) if place.step.name == "first"] == [False]
    file.write_text("x = 7\n", encoding="utf-8")
    found = next(place for place in places(root) if place.step.name == "first")
    assert found.changed
    assert condition(found) == "2/2, changed since"
    assert "0 of 3 exercises pass; 1 file changed since its check" in summary(places(root))
    assert "since you changed" in next_line([found], root)


def test_what_is_next(root: Path) -> None:
    hashes = {name: source_hash(root / f"exercises/{t}/{name}/{name}.py") or "" for t, name in
              (("one", "first"), ("one", "second"), ("two", "third"))}  # fmt: skip

    def following(after: str | None = None) -> str | None:
        place = next_place(places(root), after)
        return place.step.name if place else None

    assert following() == "third"  # the topic with the lower order
    assert following("third") == "first"
    keep(root, [record("second", "failed", 1, source=hashes["second"])])
    assert following() == "second"  # what was begun comes first
    keep(root, [record("second", "not_started", 0, source=hashes["second"])])
    keep(root, [record("third", source=hashes["third"])])
    assert following() == "first"  # the second waits for it
    assert following("first") == "second"  # who asks for another gets another
    keep(root, [record("first", source=hashes["first"])])
    assert following() == "second"
    keep(root, [record("second", source=hashes["second"])])
    assert following() is None
    assert next_line(places(root), root) == "All of it passes."


def test_the_outline_needs_no_right_files(root: Path) -> None:
    (root / "exercises/one/first/exercise.yaml").write_text("title: [", encoding="utf-8")
    (root / "exercises/one/second/exercise.yaml").write_text("requires: 5\ntitle: 7\n", encoding="utf-8")
    (root / "exercises/two/topic.yaml").unlink()
    (root / "exercises/two/third/third.py").unlink()
    found = outline(root, "ru")
    assert [section.name for section in found] == ["one", "two"]
    assert [step.title for section in found for step in section.steps] == ["first", "second", "third по-русски"]
    assert places(root)[-1].condition == "missing"
    assert "is not there; `grader reset " in next_line(places(root)[-1:], root)


@pytest.mark.parametrize("width", [20, 80])
def test_lines_keep_to_the_width(root: Path, width: int) -> None:
    keep(root, [record("first"), record("second", "failed", 1)])
    found = standing(outline(root, "en"), load(root))
    lines = topic_lines(found, width) + exercise_lines(found, width, "second")
    assert all(len(line) <= width for line, _ in lines)
    assert any(line.startswith(">") and "second" in line for line, _ in lines)


def test_bars_say_how_much(root: Path) -> None:
    hashed = source_hash(root / "exercises/one/first/first.py") or ""
    keep(root, [record("first", source=hashed)])
    lines = [line for line, _ in topic_lines(standing(outline(root, "en"), load(root)), 80, ascii_only=True)]
    assert lines[0].split()[:3] == ["two", "..........", "0/1"]
    assert lines[1].split()[:3] == ["one", "#####.....", "1/2"]
