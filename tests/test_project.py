"""The structure that the documents promise: small modules, one direction of imports, mirrored halves, no names of exercises."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENGINE = sorted((ROOT / "grader").rglob("*.py"))

# A room may import those on its right and itself.
MAY_IMPORT = {
    "record": set(),
    "guest": set(),
    "locales": set(),
    "sandbox": {"record", "guest"},
    "catalog": {"record", "locales"},
    "testing": {"guest"},
    "pictures": {"testing"},
    "grading": {"pictures", "sandbox", "catalog", "testing", "record", "guest"},
    "report": {"pictures", "catalog", "record", "locales"},
    "batch": {"grading", "sandbox", "catalog", "record"},
    "quiz": {"catalog", "record", "locales"},
    "notebooks": {
        "authoring", "pictures", "locales", "batch", "quiz", "report", "grading", "sandbox", "catalog", "testing", "record",
        "guest",
    },
    "intake": {"notebooks", "batch", "catalog", "record"},
    "similarity": {"intake", "catalog", "record"},
    "authoring": {"pictures", "grading", "sandbox", "catalog", "record", "guest"},
    "bundle": {"locales", "authoring", "intake", "notebooks", "quiz", "grading", "sandbox", "catalog", "record", "guest"},
    "progress": {"bundle", "quiz", "catalog", "record", "guest", "locales"},
    "watch": {"progress", "report", "grading", "sandbox", "catalog", "record", "locales"},
}
MAY_IMPORT["cli"] = MAY_IMPORT.keys() - {"guest"}


def room_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "grader").parts
    return parts[0] if len(parts) > 1 else ""


def identity(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported_rooms(tree: ast.Module) -> set[str]:
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.append(node.module or "")
    return {name.split(".")[1] for name in names if name.startswith("grader.")}


@pytest.mark.parametrize("path", ENGINE, ids=identity)
def test_imports_go_one_way(path: Path) -> None:
    room = room_of(path)
    if room:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert imported_rooms(tree) - {room} <= MAY_IMPORT[room]


def test_the_rooms_form_no_cycle() -> None:
    left = {room: set(others) for room, others in MAY_IMPORT.items()}
    while left:
        free = {room for room, others in left.items() if not others & left.keys()}
        assert free, f"a cycle among {sorted(left)}"
        left = {room: others for room, others in left.items() if room not in free}


@pytest.mark.parametrize("path", ENGINE, ids=identity)
def test_modules_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno:
            assert node.end_lineno - node.lineno < 60, node.name


@pytest.mark.parametrize("path", ENGINE, ids=identity)
def test_public_things_are_documented(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) or path.name == "__init__.py"
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            # The operators of the mutator share one signature and say in their names what they do.
            if isinstance(node, ast.FunctionDef) and [a.arg for a in node.args.args] == ["site", "context"]:
                continue
            assert ast.get_docstring(node), node.name


def test_no_exercise_is_named_in_the_engine() -> None:
    # Words that also are terms of the field ("lstm") are looked for as names of calls and text only.
    names = {path.parent.name for path in (ROOT / "exercises").glob("*/*/exercise.yaml")}
    assert len(names) >= 18
    for path in ENGINE:
        if "mutation" in path.parts:  # its vocabulary holds torch's own names
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in names, f"{path}:{node.lineno}"


def test_the_two_trees_mirror_each_other() -> None:
    public, private = (
        {path.parent.relative_to(ROOT / half).as_posix() for path in (ROOT / half).glob(pattern)}
        for half, pattern in (("exercises", "*/*/exercise.yaml"), ("solutions", "*/*/test_hidden.py"))
    )
    assert public == private


def test_the_guest_needs_nothing_of_the_kit() -> None:
    for path in (ROOT / "grader" / "guest").glob("*.py"):
        assert "grader" not in {
            alias.name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        assert not imported_rooms(ast.parse(path.read_text(encoding="utf-8")))
