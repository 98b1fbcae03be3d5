"""Every slip in a bank is told with file, question, key and remedy, and never as a traceback."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.catalog.problems import CourseError, read_yaml
from grader.quiz.bank import Bank, find_banks, json_schema, read_bank

ROOT = Path(__file__).resolve().parents[2]
SOUND = Path(__file__).parent / "banks" / "sound.yaml"
Spoil = Callable[..., Path]


def told(path: Path) -> str:
    with pytest.raises(CourseError) as caught:
        read_bank(path)
    return str(caught.value).replace(str(path), "FILE")


def test_a_sound_bank(sound: Bank) -> None:
    assert sound.id == "sound"
    assert sound.max_points == 11
    assert [question.type for question in sound.questions].count("code") == 2
    assert {q.type for q in sound.questions} == {
        *("single", "multiple", "true_false", "numeric", "text", "ordering", "matching", "code")
    }
    assert sound.question("padding-five").text.get("ru").startswith("Какое")
    with pytest.raises(CourseError, match="did you mean 'padding-five'"):
        sound.question("padding-fiv")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("value: right", "valeu: right", "padding-five: options.two.valeu: unknown key, did you mean 'value'?"),
        ("type: single", "type: singel", "padding-five: type: 'singel' is not one of single,"),
        ("    type: single\n", "", "padding-five: type: is missing; one of single"),
        ("kind: practice", "kind: practise", "kind: must be 'practice' or 'graded', did you mean 'practice'?"),
        ("      hi: $5", "      hn: $5", "padding-five: text.hi: this key is missing"),
        ("value: right", "value: wrong", "padding-five: 0 options are right; exactly one"),
        ("value: wrong", "value: right", "padding-five: 2 options are right; exactly one"),
        ("value: wrong", "value: either", "padding-five: options.one: one: `reason` is for"),
        ("id: one", "id: two", "padding-five: the id 'two' is given twice"),
        ("id: one", "id: b", "padding-five: options.b.id: "),
        ("id: padding-five", "id: Padding", "Padding: id: small letters"),
        ("id: padding-five", "id: 5", "5: id: small letters, digits and single hyphens; in quotes"),
        ("id: conv-params", "id: padding-five", "padding-five: id: given twice"),
        ("points: 2", "points: 0", "conv-params: points: must be greater than 0"),
        ("points: 2", "points: .inf", "conv-params: points: "),
        ("difficulty: 1", "difficulty: 4", "padding-five: difficulty: must be less than or equal to 3"),
        ("to: 32, step: 4", "to: 33, step: 4", "conv-size: parameters.size: `to` is no whole number of steps"),
        ("to: 32, step: 4", "to: 32.5", "conv-size: parameters.size: fractions need a step"),
        ("from: 20", "form: 20", "conv-size: parameters.size.form: unknown key, did you mean 'from'?"),
        ("kernel: [3, 5, 7]", "kernel: 5", "conv-size: parameters.kernel: give a list of choices"),
        ("kernel: [3, 5, 7]", "max: [3, 5, 7]", "conv-size: parameter 'max': a name has letters"),
        ("- kernel < size", "- kernle < size", "conv-size: where: 'kernle < size' needs 'kernle'"),
        ("value: out\n", "value: outt\n", "conv-size: answers.1.value: there is no parameter 'outt'"),
        ("{{ size }}×", "{{ sise }}×", "conv-size: text.en: there is no parameter 'sise'"),
        ("{{ size }}×", "{{ size | q }}×", "conv-size: text.en: the format 'q' is none of"),
        ("{{ size }}×", "{{ size + }}×", "conv-size: text.en: 'size +' is not an expression"),
        ("answer: false", "answer: maybe", "momentum-is-averaged: answer: there is no parameter 'maybe'"),
        ("credit: 0.25", "credit: 2", "conv-params: answers.2.credit: must be less than or equal to 1"),
        ("- value: 896", "- forms: [a]", "conv-params: each answer needs `value`"),
        ("- value: 896", "- value: [1]", "conv-params: answers.1.value: must be a whole number or a number or a text"),
        ("- value: 896", "- value: .nan", "conv-params: answers.1.value: "),
        ("- value: 896", "- value: 896\n        credit: 0.5", "conv-params: the first answer is the right one"),
        ("text: 2\n", "text: no\n", "padding-five: options.two.text: YAML takes this word for a truth value"),
        ("type: ordering", "type: ordering\n    scoring: net", "training-step: scoring: must be 'adjacent'"),
        ("type: ordering", "type: ordering\n    check: 5", "training-step: `check` recomputes one value"),
        ("answers:\n      - value: (1,", "options: []\n    answers:\n      - value: (1,", "conv-shape: options: must have"),
        ("source: C5", "image: {file: ../a.png, alt: {en: a, ru: b, hi: c}}", "padding-five: image.file: "),
        ("questions:\n", "questions:\n  - 5\n", "question 1: a question is a mapping"),
        ("en: The kernel takes", "en: a: The", "FILE:23: not valid YAML: mapping values are not allowed in this context; a"),
        ("en: The kernel takes", "en: `a` The", "FILE:23: not valid YAML: found character that cannot start any token; a"),
    ],
)
def test_slips(spoil: Spoil, old: str, new: str, message: str) -> None:
    lines = [line.removeprefix("FILE: ") for line in told(spoil((old, new))).splitlines()]
    assert any(line.startswith(message) for line in lines), lines


def test_all_slips_are_told_at_once(spoil: Spoil) -> None:
    text = told(spoil(("id: one", "id: two"), ("answer: false", "answer: maybe"), ("credit: 0.25", "credit: 2")))
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize(
    "raw", ["", "[]", "5", "questions: []", "title: 5", "a: [", "\tx: 1", "a: 1\na: 2", "\x00", "a: !!python/object:os.system {}"]
)
def test_files_that_are_no_bank(tmp_path: Path, raw: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(raw, encoding="utf-8")
    assert told(path).startswith("FILE")


def test_files_that_are_not_there_or_not_text(tmp_path: Path) -> None:
    assert "there is no such file" in told(tmp_path / "none.yaml")
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00title")
    assert "cannot be read" in told(tmp_path / "x.yaml")


def test_finding_banks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CourseError, match="there is no bank here"):
        find_banks(tmp_path)
    (tmp_path / "quizzes").mkdir()
    for name in ("alpha", "beta"):
        (tmp_path / "quizzes" / f"{name}.yaml").write_text("")
    assert [path.stem for path in find_banks(tmp_path)] == ["alpha", "beta"]
    assert find_banks(tmp_path, ["beta", str(SOUND)]) == [tmp_path / "quizzes" / "beta.yaml", SOUND]
    monkeypatch.chdir(tmp_path)
    assert find_banks(tmp_path, ["beta"]) == [Path("quizzes/beta.yaml")]
    with pytest.raises(CourseError, match="there is no bank 'alpah', did you mean 'alpha'"):
        find_banks(tmp_path, ["alpah"])
    with pytest.raises(CourseError, match=r"there is no bank 'zzz'; there are alpha, beta"):
        find_banks(tmp_path, ["zzz.yaml"])


def test_the_shipped_schema_is_the_generated_one() -> None:
    shipped = (ROOT / "quizzes" / "quiz.schema.json").read_text(encoding="utf-8")
    assert shipped == json_schema(), "run `grader quiz schema > quizzes/quiz.schema.json`"


def test_the_schema_tells_editors_what_the_reader_tells(spoil: Spoil) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(json_schema()))
    assert validator.is_valid(read_yaml(SOUND))
    for edit in (("value: right", "valeu: right"), ("type: single", "type: singel"), ("from: 20", "form: 20")):
        assert not validator.is_valid(read_yaml(spoil(edit))), edit


def test_fingerprints_change_with_the_bank(sound: Bank, spoil: Spoil) -> None:
    assert read_bank(SOUND).fingerprint == sound.fingerprint
    assert read_bank(spoil(("value: 896", "value: 897"))).fingerprint != sound.fingerprint


def test_braces_of_latex_are_left_alone_without_parameters(spoil: Spoil) -> None:
    from grader.quiz.drawing import draw

    question = read_bank(spoil((r"$5 \times 5$ kernel", "$x^{{2}}$ kernel"))).question("padding-five")
    assert "$x^{{2}}$" in draw(question, 1).say(question.text, "en")
