"""Whatever lies in the place of the answers, nothing that was written is lost."""

import json
import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.catalog.problems import CourseError
from grader.quiz.answerfile import AnswerFile, open_answers, who
from grader.quiz.bank import Bank, read_bank
from grader.quiz.sheet import Sheet, make_sheet, own_variant

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@cache
def small_sheet() -> Sheet:
    # Not a fixture: hypothesis would write it out for every failure.
    return make_sheet(read_bank(Path(__file__).parent / "banks" / "sound.yaml"), "secret", ("en",), 4)


@pytest.fixture(scope="module")
def sheet(sound: Bank) -> Sheet:
    return make_sheet(sound, "secret", ("en", "ru", "hi"), 4)


def opened(folder: Path, sheet: Sheet, student: str = "anna", language: str = "en") -> AnswerFile:
    return open_answers(folder, sheet, student, language)


def test_every_change_is_on_disk(tmp_path: Path, sheet: Sheet) -> None:
    answers = opened(tmp_path, sheet)
    answers.set("padding-five", "b")
    answers.set("conv-params", "896")
    answers.move_to("conv-size")
    again = opened(tmp_path, sheet)
    assert (again.answers, again.at, again.submitted) == ({"padding-five": "b", "conv-params": "896"}, "conv-size", False)
    data = json.loads((tmp_path / "answers_sound.json").read_text(encoding="utf-8"))
    layouts = {view.id: view.layout for view in sheet.views(own_variant(sheet, "anna"), "en")}
    assert data["layouts"] == {name: layouts[name] for name in ("padding-five", "conv-params")}
    assert (data["variant"], data["student"], data["format"]) == (own_variant(sheet, "anna"), "anna", 1)
    again.clear("padding-five")
    again.submit()
    last = opened(tmp_path, sheet)
    assert (last.answers, last.submitted) == ({"conv-params": "896"}, True)
    with pytest.raises(CourseError, match="submitted"):
        last.set("padding-five", "c")
    last.reopen()
    last.set("padding-five", "c")
    assert opened(tmp_path, sheet).get("padding-five") == "c"
    assert [path.name for path in tmp_path.iterdir()] == ["answers_sound.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"{", b"", b"\xff\xfe", b"[1]", b"null", b'"text"', b"[" * 200_000, b'{"bank": "other", "answers": {}}',
        b'{"bank": "sound", "answers": []}', b'{"bank": "sound"}', b'{"bank": "sound", "answers": {}, "format": 9}',
        b'{"bank": ' + b"7" * 6000 + b"}", b" " * (5 * 1024 * 1024),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_kept_beside(tmp_path: Path, sheet: Sheet, content: bytes) -> None:
    path = tmp_path / "answers_sound.json"
    for number in (1, 2):
        path.write_bytes(content)
        answers = opened(tmp_path, sheet, language="ru")
        aside = tmp_path / f"answers_sound.broken-{number}.json"
        assert aside.read_bytes() == content
        assert answers.answers == {}
        assert aside.name in answers.notes[0]
        answers.set("padding-five", "a")
        assert opened(tmp_path, sheet).get("padding-five") == "a"


def test_answers_to_unknown_questions_and_unknown_keys_stay(tmp_path: Path, sheet: Sheet) -> None:
    path = tmp_path / "answers_sound.json"
    path.write_text(json.dumps({"bank": "sound", "answers": {"gone": "x", "padding-five": "b"}, "mine": [1]}), encoding="utf-8")
    answers = opened(tmp_path, sheet)
    assert "gone" in answers.notes[0]
    answers.set("conv-params", 896)
    data = json.loads(path.read_text(encoding="utf-8"))
    assert (data["answers"], data["mine"]) == ({"gone": "x", "padding-five": "b", "conv-params": 896}, [1])


def test_a_question_that_changed_is_asked_again_and_kept(tmp_path: Path, sheet: Sheet, sound: Bank) -> None:
    answers = opened(tmp_path, sheet)
    answers.set("padding-five", "b")
    path = answers.path
    data = json.loads(path.read_text(encoding="utf-8"))
    data["layouts"]["padding-five"] = "0" * 12
    path.write_text(json.dumps(data), encoding="utf-8")
    again = opened(tmp_path, sheet)
    assert again.get("padding-five") is None
    assert again.stale == ("padding-five",)
    assert "padding-five" in again.notes[0]
    again.set("conv-params", "1")
    assert json.loads(path.read_text(encoding="utf-8"))["answers"]["padding-five"] == "b"
    again.set("padding-five", "a")
    assert again.stale == ()


def test_two_windows_do_not_overwrite_each_other(tmp_path: Path, sheet: Sheet) -> None:
    one, two = opened(tmp_path, sheet), opened(tmp_path, sheet)
    one.set("padding-five", "b")
    two.set("conv-params", "1")
    one.set("which-trick", "dropout")
    two.clear("padding-five")
    assert opened(tmp_path, sheet).answers == {"conv-params": "1", "which-trick": "dropout"}
    (tmp_path / "answers_sound.json").write_text("{", encoding="utf-8")
    one.set("in-place", "a")
    assert opened(tmp_path, sheet).answers["in-place"] == "a"
    (tmp_path / "answers_sound.json").unlink()
    one.submit()
    assert opened(tmp_path, sheet).submitted


def test_who_began_keeps_the_variant(tmp_path: Path, sheet: Sheet) -> None:
    opened(tmp_path, sheet, "anna").set("padding-five", "b")
    other = next(name for name in "bcdefgh" if own_variant(sheet, name) != own_variant(sheet, "anna"))
    assert (opened(tmp_path, sheet, other).variant, opened(tmp_path, sheet, other).student) == (
        own_variant(sheet, "anna"),
        "anna",
    )


def test_a_folder_in_its_place_is_told(tmp_path: Path, sheet: Sheet) -> None:
    (tmp_path / "answers_sound.json").mkdir()
    with pytest.raises(CourseError, match=r"answers_sound.json: .*folder.*--folder"):
        opened(tmp_path, sheet)


def test_what_cannot_be_saved_stays_in_memory(tmp_path: Path, sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = opened(tmp_path, sheet)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(CourseError, match="No space left on device"):
            answers.set("padding-five", "b")
    assert list(tmp_path.iterdir()) == []
    answers.set("conv-params", "896")
    assert opened(tmp_path, sheet).answers == {"padding-five": "b", "conv-params": "896"}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.fixed_dictionaries(
        {"bank": st.just("sound"), "answers": st.dictionaries(st.sampled_from(["padding-five", "formulas", "x", ""]), JSON)},
        optional=dict.fromkeys(("format", "variant", "student", "language", "layouts", "submitted", "at", "more"), JSON),
    )
    | JSON
)
def test_any_json_can_lie_there(tmp_path_factory: pytest.TempPathFactory, data: object) -> None:
    sheet = small_sheet()
    folder = tmp_path_factory.mktemp("answers")
    content = json.dumps(data).encode()
    (folder / "answers_sound.json").write_bytes(content)
    answers = opened(folder, sheet)
    answers.set("conv-params", "\ud800") if not answers.submitted else answers.reopen()
    aside = folder / "answers_sound.broken-1.json"
    if aside.exists():
        assert aside.read_bytes() == content
    else:
        assert isinstance(data, dict)
        kept = json.loads(answers.path.read_bytes())["answers"]
        for name, value in data["answers"].items():
            assert json.dumps(kept[name], sort_keys=True) == json.dumps(value, sort_keys=True)


def test_who_the_student_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("GRADER_STUDENT", "JUPYTERHUB_USER", "NB_USER"):
        monkeypatch.delenv(key, raising=False)
    assert who()
    monkeypatch.setenv("NB_USER", "jovyan")
    assert who() == "jovyan"
    monkeypatch.setenv("JUPYTERHUB_USER", "anna")
    assert who() == "anna"
    monkeypatch.setenv("GRADER_STUDENT", " ben ")
    assert who() == "ben"
    assert who("carla") == "carla"
