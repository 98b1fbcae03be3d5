"""Every exercise of the kit is whole; that its grader is strong is proven by `grader verify`."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from grader.catalog.course import Course, Exercise

ROOT = Path(__file__).resolve().parents[1]
EXERCISES = Course(ROOT).exercises
MANY_MISTAKES = {
    "convolution2d", "max_pooling2d", "lstm_cell", "scaled_dot_product_attention", "vae_loss",
    "linear_params", "conv2d_params", "count_parameters",
}  # fmt: skip
CONTRACTED = {
    "conv_output_size", "convolution2d", "max_pooling2d", "average_pooling2d", "create_filters", "linear_params", "conv2d_params",
    "count_parameters", "lstm_cell", "lstm", "scaled_dot_product_attention", "causal_mask", "multi_head_attention",
    "reparameterize", "vae_loss", "softmax_temperature", "adam_step", "train_epoch",
}  # fmt: skip

each = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


def test_all_contracted_exercises_are_there() -> None:
    assert {exercise.name for exercise in EXERCISES} >= CONTRACTED


@each
def test_manifest_and_banks_load(exercise: Exercise) -> None:
    assert exercise.manifest.points > 0
    assert len(exercise.manifest.hints) >= 3
    assert len(exercise.mistakes) >= (12 if exercise.name in MANY_MISTAKES else 6)
    assert len(exercise.alternatives) >= 3
    for mistake in exercise.mistakes:
        compile(exercise.mistake_source(mistake), mistake.id, "exec")


@each
def test_the_stub_is_a_documented_contract(exercise: Exercise) -> None:
    tree = ast.parse(exercise.stub.read_text(encoding="utf-8"))
    entry = next(
        node for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == exercise.manifest.entry
    )  # fmt: skip
    assert len(ast.get_docstring(entry) or "") > 200
    assert "raise NotImplementedError" in ast.unparse(entry)


@each
def test_statements_hold_the_same_numbers_in_all_languages(exercise: Exercise) -> None:
    files = {language: exercise.public / f"statement.{language}.md" for language in ("en", "ru", "hi")}
    texts = {language: file.read_text(encoding="utf-8") for language, file in files.items()}
    code = {language: re.findall(r"```.*?```", text, flags=re.DOTALL) for language, text in texts.items()}
    assert len(code["en"]) == len(code["ru"]) == len(code["hi"])
    assert re.search("[а-яё]", texts["ru"])
    assert re.search("[\u0900-\u097f]", texts["hi"])
    numbers = {language: sorted(set(re.findall(r"\d+(?:\.\d+)?", "".join(code[language])))) for language in texts}
    assert numbers["en"] == numbers["ru"] == numbers["hi"]


def private_lines(path: Path) -> set[str]:
    """Telling lines of a private file; the headers of its functions are the contract and may be public."""
    text = path.read_text(encoding="utf-8")
    headers: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            headers |= set(range(node.lineno, node.body[0].lineno))
    lines = [line.strip() for number, line in enumerate(text.splitlines(), 1) if number not in headers]
    return {line for line in lines if len(line) > 50 and not line.startswith(("from ", "import ", '"""', "@"))}


@each
def test_no_private_line_stands_in_the_public_half(exercise: Exercise) -> None:
    # Both halves may build the same models in their probes.
    files = [path for path in exercise.private.rglob("*.py") if path.name != "probe.py"]
    private = set().union(*map(private_lines, files))
    assert private
    for path in exercise.public.iterdir():
        if path.is_file() and path.name != "test_public.py":
            text = path.read_text(encoding="utf-8")
            assert [line for line in private if line in text] == [], path.name
