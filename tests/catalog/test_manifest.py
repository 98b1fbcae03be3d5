"""What an author writes wrongly is told with file, key and remedy."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.catalog.manifest import Mistake, load_equivalents, load_manifest, load_mistakes, load_topic
from grader.catalog.problems import CourseError, nearest
from grader.record.limits import BanSpec, Limits

WORDS = {"en": "a", "ru": "б", "hi": "क"}
MANIFEST: dict[str, Any] = {
    "entry": "f", "library": "numpy", "points": 3, "returns": "array", "title": WORDS, "hints": [WORDS],
}  # fmt: skip
MISTAKE: dict[str, Any] = {"id": "slip", "replace": "x", "with": "y", "hint": WORDS}
LANGUAGES = list(WORDS)


def written(tmp_path: Path, data: Any, name: str = "exercise.yaml") -> Path:
    path = tmp_path / name
    text = data if isinstance(data, str) else yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def told(load: Any, path: Path) -> str:
    with pytest.raises(CourseError) as caught:
        load(path)
    text = str(caught.value)
    assert text.startswith(str(path)), text
    return text.replace(str(path), path.name)


# -- manifests -----------------------------------------------------------------------------------------------------------------


def test_a_whole_manifest(tmp_path: Path) -> None:
    data = {
        **MANIFEST,
        "returns": ["tensor", ["int", "any"]],
        "call_returns": "mapping",
        "requires": ["g"],
        "limits": {"call_seconds": 2, "processes": 0, "memory_mb": 100},
        "forbidden": [{"what": WORDS, "operators": ["aten::x"]}, {"what": WORDS, "functions": ["a.b", "c"]}],
        "points": 2.5,
    }
    manifest = load_manifest(written(tmp_path, data))
    assert manifest.returns == ("tensor", ("int", "any"))
    assert manifest.call_returns == "mapping"
    assert manifest.requires == ("g",)
    assert manifest.points == 2.5
    assert manifest.bans == (BanSpec(("aten::x",), ()), BanSpec((), ("a.b", "c")))
    limits = Limits().with_overrides(manifest.limits)
    assert (limits.call_seconds, limits.memory_mb, limits.open_files) == (2.0, 100, 128)
    assert type(limits.memory_mb) is int
    assert [manifest.title.get(language) for language in ("en", "ru", "hi", "fr")] == ["a", "б", "क", "a"]


def test_what_may_be_left_out(tmp_path: Path) -> None:
    manifest = load_manifest(written(tmp_path, MANIFEST))
    assert (manifest.call_returns, manifest.requires, manifest.forbidden, manifest.limits) == ("any", (), (), {})


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in MANIFEST.items() if name != key}


@pytest.mark.parametrize("key", MANIFEST)
def test_a_missing_key(tmp_path: Path, key: str) -> None:
    assert told(load_manifest, written(tmp_path, without(key))) == f"exercise.yaml: {key}: this key is missing"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_language(tmp_path: Path, language: str) -> None:
    words = {key: value for key, value in WORDS.items() if key != language}
    text = told(load_manifest, written(tmp_path, {**MANIFEST, "title": words}))
    assert text == f"exercise.yaml: title.{language}: this key is missing"
    text = told(load_manifest, written(tmp_path, {**MANIFEST, "hints": [WORDS, words]}))
    assert text == f"exercise.yaml: hints.1.{language}: this key is missing"
    assert f"title.{language}: " in told(load_manifest, written(tmp_path, {**MANIFEST, "title": {**WORDS, language: ""}}))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"entri": "f"}, "entri: unknown key, did you mean 'entry'?"),
        ({"forbiden": []}, "forbiden: unknown key, did you mean 'forbidden'?"),
        ({"require": []}, "require: unknown key, did you mean 'requires'?"),
        ({"qqqqq": 1}, "qqqqq: unknown key"),
        ({"title": {**WORDS, "eng": "x"}}, "title.eng: unknown key, did you mean 'en'?"),
        ({"hints": [{**WORDS, "hii": "x"}]}, "hints.0.hii: unknown key, did you mean 'hi'?"),
        (
            {"forbidden": [{"what": WORDS, "operator": ["x"], "functions": ["x"]}]},
            "forbidden.0.operator: unknown key, did you mean 'operators'?",
        ),
        (
            {"forbidden": [{"what": {**WORDS, "rus": "x"}, "functions": ["x"]}]},
            "forbidden.0.what.rus: unknown key, did you mean 'ru'?",
        ),
    ],
)
def test_an_unknown_key_and_the_nearest_known(tmp_path: Path, more: dict[str, Any], expected: str) -> None:
    assert told(load_manifest, written(tmp_path, {**MANIFEST, **more})).splitlines()[0] == f"exercise.yaml: {expected}"


@pytest.mark.parametrize(
    ("more", "place", "words"),
    [
        ({"entry": ""}, "entry", "pattern"),
        ({"entry": "a b"}, "entry", "pattern"),
        ({"entry": "1f"}, "entry", "pattern"),
        ({"entry": None}, "entry", "string"),
        ({"library": "jax"}, "library", "'numpy', 'torch' or 'python'"),
        ({"points": 0}, "points", "greater than 0"),
        ({"points": -1}, "points", "greater than 0"),
        ({"points": "many"}, "points", "number"),
        ({"returns": "tensors"}, "returns", "'tensors' is none of int, float, array, tensor, module, mapping, any"),
        ({"returns": ["tensor", "x"]}, "returns", "'x' is none of"),
        ({"returns": []}, "returns", "one of"),
        ({"returns": None}, "returns", "one of"),
        ({"returns": {"a": "int"}}, "returns", "one of"),
        ({"returns": 5}, "returns", "one of"),
        ({"call_returns": "nothing"}, "call_returns", "'nothing' is none of"),
        ({"requires": "g"}, "requires", "tuple"),
        ({"requires": [1]}, "requires.0", "string"),
        ({"title": "words"}, "title", "dictionary"),
        ({"hints": []}, "hints", "at least 1"),
        ({"hints": WORDS}, "hints", "tuple"),
        ({"limits": {"call_second": 1}}, "limits", "'call_second' is none of call_seconds, cpu_seconds"),
        ({"limits": {"call_seconds": 0}}, "limits", "call_seconds must be a number, more than 0"),
        ({"limits": {"processes": -1}}, "limits", "processes must be a number, more than 0"),
        ({"limits": {"call_seconds": "long"}}, "limits.call_seconds", "number"),
        ({"limits": 5}, "limits", "dictionary"),
        ({"forbidden": [{"what": WORDS}]}, "forbidden.0", "name operators or functions"),
        ({"forbidden": [{"functions": ["x"]}]}, "forbidden.0.what", "missing"),
        ({"forbidden": [{"what": WORDS, "functions": "x"}]}, "forbidden.0.functions", "tuple"),
        ({"forbidden": ["torch.conv2d"]}, "forbidden.0", "dictionary"),
        ({"forbidden": {"what": WORDS}}, "forbidden", "tuple"),
    ],
    ids=str,
)
def test_a_wrong_value(tmp_path: Path, more: dict[str, Any], place: str, words: str) -> None:
    text = told(load_manifest, written(tmp_path, {**MANIFEST, **more}))
    assert text.startswith(f"exercise.yaml: {place}: ")
    assert words in text


def test_an_unknown_limit_and_the_nearest_known(tmp_path: Path) -> None:
    assert "did you mean 'call_seconds'?" in told(load_manifest, written(tmp_path, {**MANIFEST, "limits": {"call_second": 1}}))


@pytest.mark.parametrize("limits", [{"call_seconds": float("nan")}, {"call_seconds": float("inf")}, {"cpu_seconds": 0.5}])
def test_limits_that_cannot_hold(tmp_path: Path, limits: dict[str, float]) -> None:
    assert "limits" in told(load_manifest, written(tmp_path, {**MANIFEST, "limits": limits}))


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = told(load_manifest, written(tmp_path, {**without("entry"), "points": 0, "typo": 1}))
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("entry: [\n", "exercise.yaml:2: not valid YAML"),
        ("entry: f\nentry: g\n", "exercise.yaml:2: not valid YAML: the key 'entry' is given twice"),
        ("title: {en: a, en: b}\n", "exercise.yaml:1: not valid YAML: the key 'en' is given twice"),
        ("a: b: c\n", "exercise.yaml:1: not valid YAML"),
        ("x: !!python/object:os.system {}\n", "exercise.yaml:1: not valid YAML"),
        ("x: *nothing\n", "exercise.yaml:1: not valid YAML"),
        ("\tentry: f\n", "exercise.yaml:1: not valid YAML"),
        ("- entry\n", "exercise.yaml: a mapping of keys to values is needed"),
        ("", "exercise.yaml: a mapping of keys to values is needed"),
        ("text", "exercise.yaml: a mapping of keys to values is needed"),
        ("\x01", "exercise.yaml: not valid YAML"),
    ],
)
def test_broken_yaml(tmp_path: Path, text: str, expected: str) -> None:
    assert told(load_manifest, written(tmp_path, text)).startswith(expected)


@pytest.mark.parametrize("text", ["{[a]: 1}\n", "? {a: 1}\n: 2\n", "<<: 5\n", "2020-01-01\n", "x: .nan\n"])
def test_yaml_that_is_valid_and_strange(tmp_path: Path, text: str) -> None:
    with pytest.raises(CourseError, match="exercise"):
        load_manifest(written(tmp_path, text))


def test_a_date_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="exercise"):
        load_manifest(written(tmp_path, "title: 2020-99-99\n"))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "there is no such file" in told(load_manifest, tmp_path / "none.yaml")
    assert "cannot be read" in told(load_manifest, tmp_path)
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"entry: \xff\n")
    assert "cannot be read" in told(load_manifest, path)


# -- topics --------------------------------------------------------------------------------------------------------------------


def test_topics(tmp_path: Path) -> None:
    topic = load_topic(written(tmp_path, {"title": WORDS, "order": 7}))
    assert (topic.order, topic.title.ru) == (7, "б")
    assert load_topic(written(tmp_path, {"title": WORDS})).order == 100
    assert "titel: unknown key, did you mean 'title'?" in told(load_topic, written(tmp_path, {"titel": WORDS}))
    assert "title.enn: unknown key, did you mean 'en'?" in told(load_topic, written(tmp_path, {"title": {**WORDS, "enn": "x"}}))
    assert "order" in told(load_topic, written(tmp_path, {"title": WORDS, "order": "first"}))
    assert "title: this key is missing" in told(load_topic, written(tmp_path, {"order": 1}))


# -- mistakes ------------------------------------------------------------------------------------------------------------------


def bank(tmp_path: Path, *items: Any) -> Path:
    return written(tmp_path, list(items), "mistakes.yaml")


def test_three_forms_of_a_mistake(tmp_path: Path) -> None:
    edits = {"id": "two", "edits": [{"replace": "a", "with": "b"}, {"replace": "c", "with": ""}], "hint": WORDS}
    whole = {"id": "3-whole", "code": "x = 1\n", "hint": WORDS}
    first, second, third = load_mistakes(bank(tmp_path, MISTAKE, edits, whole))
    path = tmp_path / "mistakes.yaml"
    assert first.source("x + 1", path) == "y + 1"
    assert second.source("a c", path) == "b "
    assert third.source("anything", path) == "x = 1\n"


def test_no_bank_and_an_empty_one(tmp_path: Path) -> None:
    assert load_mistakes(tmp_path / "none.yaml") == []
    assert load_mistakes(written(tmp_path, "# nothing yet\n", "mistakes.yaml")) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"id": "Slip"}, "mistakes.yaml: Slip: id: String should match pattern"),
        ({"id": "a b"}, "mistakes.yaml: a b: id: "),
        ({"id": None}, "mistakes.yaml: item 1: id: "),
        ({"hint": None}, "mistakes.yaml: slip: hint: "),
        ({"hint": {"en": "a", "ru": "b"}}, "mistakes.yaml: slip: hint.hi: this key is missing"),
        ({"hint": {**WORDS, "enn": "a"}}, "mistakes.yaml: slip: hint.enn: unknown key, did you mean 'en'?"),
        ({"hints": WORDS}, "mistakes.yaml: slip: hints: unknown key, did you mean 'hint'?"),
        ({"edit": []}, "mistakes.yaml: slip: edit: unknown key, did you mean 'edits'?"),
        ({"code": "x"}, "give either replace and with, or edits, or code"),
        ({"edits": [{"replace": "a", "with": "b"}]}, "give either replace and with, or edits, or code"),
        ({"with": None}, "give either replace and with, or edits, or code"),
        ({"replace": None}, "give either replace and with, or edits, or code"),
        ({"replace": None, "with": None}, "give either replace and with, or edits, or code"),
        ({"replace": None, "with": None, "edits": [{"replace": "a"}]}, "mistakes.yaml: slip: edits.0.with: this key is missing"),
        (
            {"replace": None, "with": None, "edits": [{"replace": "a", "wiht": "b", "with": "c"}]},
            "mistakes.yaml: slip: edits.0.wiht: unknown key, did you mean 'with'?",
        ),
    ],
    ids=str,
)
def test_a_wrong_mistake(tmp_path: Path, change: dict[str, Any], expected: str) -> None:
    data = {key: value for key, value in {**MISTAKE, **change}.items() if value is not None}
    if change.get("id", 1) is None:
        expected += "this key is missing"
    assert expected in told(load_mistakes, bank(tmp_path, data))


def test_the_mistake_is_named(tmp_path: Path) -> None:
    assert "slip-2" in told(load_mistakes, bank(tmp_path, MISTAKE, {**MISTAKE, "id": "slip-2", "hints": 1}))


def test_banks_of_another_form(tmp_path: Path) -> None:
    assert "a list is needed" in told(load_mistakes, written(tmp_path, {"id": "a"}, "mistakes.yaml"))
    assert "a mapping of keys" in told(load_mistakes, bank(tmp_path, "slip"))
    assert "slip: this id is given twice" in told(load_mistakes, bank(tmp_path, MISTAKE, MISTAKE))


@pytest.mark.parametrize(
    ("reference", "words"),
    [("nothing of it", "does not stand in the reference"), ("x + x", "stands 2 times in the reference"), ("", "does not stand")],
)
def test_a_replacement_that_does_not_fit(tmp_path: Path, reference: str, words: str) -> None:
    mistake = Mistake.model_validate({**MISTAKE, "replace": "x " if reference == "nothing of it" else "x"})
    with pytest.raises(CourseError, match=words) as caught:
        mistake.source(reference, tmp_path / "mistakes.yaml")
    assert "slip: replace: " in str(caught.value)


def test_the_second_edit_sees_the_first(tmp_path: Path) -> None:
    edits = [{"replace": "a", "with": "b b"}, {"replace": "b", "with": "c"}]
    mistake = Mistake.model_validate({"id": "two", "edits": edits, "hint": WORDS})
    with pytest.raises(CourseError, match="stands 2 times"):
        mistake.source("a", tmp_path / "mistakes.yaml")


# -- equivalents ---------------------------------------------------------------------------------------------------------------


def test_equivalents(tmp_path: Path) -> None:
    path = written(tmp_path, [{"mutant": "a → b", "reason": "The same by contract."}], "equivalent.yaml")
    assert load_equivalents(path) == {"a → b": "The same by contract."}
    assert load_equivalents(tmp_path / "none.yaml") == {}
    assert "reason" in told(load_equivalents, written(tmp_path, [{"mutant": "a", "reason": "same"}], "equivalent.yaml"))
    text = told(load_equivalents, written(tmp_path, [{"mutants": "a", "mutant": "a", "reason": "x" * 10}], "equivalent.yaml"))
    assert "mutants: unknown key, did you mean 'mutant'?" in text


def test_suggestions_are_near() -> None:
    assert nearest("convolutoin2d", ["convolution2d", "lstm"]) == ", did you mean 'convolution2d'?"
    assert nearest("xyz", ["convolution2d", "lstm"]) == ""
    assert nearest("x", []) == ""
