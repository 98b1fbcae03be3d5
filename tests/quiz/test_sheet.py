"""A sheet holds everything that a student needs and nothing that follows from the key."""

import json
from pathlib import Path

import pytest

from grader.catalog.problems import CourseError
from grader.quiz.bank import Bank, read_banks
from grader.quiz.drawing import draw
from grader.quiz.model import LANGUAGES, AnyQuestion
from grader.quiz.sheet import make_sheet, own_variant, read_sheet, variant_seed
from grader.quiz.texts import answers_of

ROOT = Path(__file__).resolve().parents[2]
BANKS = [*read_banks(ROOT), *read_banks(ROOT, [str(Path(__file__).parent / "banks" / "sound.yaml")])]
SECRET = "a secret of the course"


def graded(bank: Bank) -> Bank:
    return Bank(bank.id, bank.path, bank.title, bank.topic, "graded", bank.questions)


def private_lines(question: AnyQuestion, seed: int) -> set[str]:
    """Every text that only the key knows: explanations, reasons, checks."""
    drawn = draw(question, seed)
    found: set[str] = {question.check or ""}
    told = [question, *answers_of(question), *(getattr(question, "options", None) or ()), *getattr(question, "pairs", ())]
    for item in told:
        for key in ("explain", "explain_unticked", "reason"):
            text = getattr(item, key, None)
            found |= {drawn.say(text, language) for language in LANGUAGES} if text else set()
    return {line for line in found if line}


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.id)
def test_no_sheet_holds_a_private_line(bank: Bank) -> None:
    sheet = make_sheet(graded(bank), SECRET)
    public = sheet.to_json()
    assert json.loads(public)["kind"] == "graded"
    seen = 0
    for variant in range(len(sheet.variants)):
        for question in bank.questions:
            for line in private_lines(question, variant_seed(graded(bank), SECRET, variant, question.id)):
                seen += 1
                assert json.dumps(line, ensure_ascii=False)[1:-1] not in public, (question.id, line)
    assert seen > 16 * len(bank.questions)
    assert SECRET not in public


def texts_in(data: object) -> set[str]:
    """Every value of a JSON document, as text."""
    if isinstance(data, dict):
        return {text for value in data.values() for text in texts_in(value)}
    return {text for value in data for text in texts_in(value)} if isinstance(data, list) else {str(data)}


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.id)
def test_no_value_of_a_sheet_is_a_form_or_an_id_of_the_key(bank: Bank) -> None:
    sheet = make_sheet(graded(bank), SECRET)
    values = texts_in(json.loads(sheet.to_json()))
    views = [view for number in range(16) for language in LANGUAGES for view in sheet.views(number, language)]
    # The letters under which choices are shown may be words of an answer, as the gates f and g are.
    offered = {text for view in views for choice in (*view.choices, *view.prompts) for text in (choice.text, choice.key)}
    for question in bank.questions:
        forms = {form for answer in answers_of(question) for form in answer.forms or ()}
        parts = (*(getattr(question, "options", None) or ()), *getattr(question, "items", ()), *getattr(question, "pairs", ()))
        assert not (forms | {part.id for part in parts}) & (values - offered), question.id


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.id)
def test_the_keys_of_a_view_are_the_public_ones(bank: Bank) -> None:
    """A new field must be looked at before it travels."""
    data = json.loads(make_sheet(graded(bank), SECRET, ("en",), 2).to_json())
    assert set(data) == {"format", "bank", "topic", "kind", "title", "languages", "variants"}
    for variant in data["variants"]:
        for view in variant["views"]["en"]:
            assert set(view) == {
                "id", "form", "points", "difficulty", "text", "code", "image", "rule", "choices", "prompts", "unit", "layout",
            }  # fmt: skip
            assert all(set(choice) == {"key", "text"} for choice in (*view["choices"], *view["prompts"]))
            # Letters tell nothing of the order in the bank.
            assert [c["key"] for c in view["choices"]] == sorted(c["key"] for c in view["choices"]) or view[
                "form"
            ] == "true_false"


def test_the_same_bytes_again_and_back(sound: Bank, tmp_path: Path) -> None:
    sheet = make_sheet(sound, SECRET, ("ru", "en"), 3)
    assert sheet.to_json() == make_sheet(sound, SECRET, ("ru", "en"), 3).to_json()
    path = tmp_path / sheet.file_name
    path.write_text(sheet.to_json(), encoding="utf-8")
    assert read_sheet(path) == sheet
    assert sheet.views(1, "hi") == sheet.views(1, "ru")


def test_graded_sheets_follow_the_secret_and_practice_sheets_do_not(sound: Bank) -> None:
    assert make_sheet(graded(sound), "one", ("en",)).variants != make_sheet(graded(sound), "two", ("en",)).variants
    assert make_sheet(sound, "one", ("en",)).variants == make_sheet(sound, "two", ("en",)).variants


def test_variants_differ_and_students_spread_over_them(sound: Bank) -> None:
    sheet = make_sheet(sound, SECRET, ("en",))
    assert len({tuple(view.layout for view in sheet.views(k, "en")) for k in range(16)}) == 16
    assert {own_variant(sheet, f"student{n}") for n in range(400)} == set(range(16))
    assert own_variant(sheet, "anna") == own_variant(make_sheet(sound, "other", ("hi",)), "anna")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data.update(format=2), "format: 2 is not 1"),
        (lambda data: data.pop("bank"), "bank: this key is missing"),
        (lambda data: data.update(bank="../../etc/passwd"), "bank"),
        (lambda data: data.update(languages=[]), "languages"),
        (lambda data: data.update(languages=["en", "hi"]), "views: must hold exactly the languages en, hi"),
        (lambda data: data["variants"].pop(0), "variants.0.variant: 1 is not 0"),
        (lambda data: data["variants"][1]["views"]["en"].pop(), "other questions than in the first variant"),
        (lambda data: data["variants"][0]["views"]["en"][0].update(image={"file": "../key", "alt": ""}), "a file below"),
        (lambda data: data["variants"][0]["views"]["en"][0].update(choices="abc"), "choices"),
        (lambda data: data.update(variants=7), "variants"),
    ],
)
def test_a_broken_sheet_is_told_with_key_and_remedy(sound: Bank, tmp_path: Path, change: object, told: str) -> None:
    data = json.loads(make_sheet(sound, SECRET, ("en",), 2).to_json())
    change(data)  # type: ignore[operator]
    path = tmp_path / "quiz_sound.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(CourseError) as problem:
        read_sheet(path)
    assert told in str(problem.value)
    assert str(path) in str(problem.value)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe\x00", b"[]", b"[" * 100_000, b'{"variants": ' + b"9" * 5000 + b"}", b"null", b'{"a": NaN}']
)
def test_what_is_no_sheet_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "quiz_x.json"
    path.write_bytes(content)
    with pytest.raises(CourseError, match=r"quiz_x.json: .*quiz release"):
        read_sheet(path)
    with pytest.raises(CourseError, match="a folder"):
        read_sheet(tmp_path)
    with pytest.raises(CourseError, match="no such file"):
        read_sheet(tmp_path / "none.json")


def test_options_out_of_range_are_told(sound: Bank) -> None:
    for languages, variants, told in (((), 2, "--lang"), (("de",), 2, "'?de'? is none of"), (("en",), 0, "--variants")):
        with pytest.raises(CourseError, match=told):
            make_sheet(sound, SECRET, languages, variants)
