"""The course folder: made, brought up to date beside an instructor's own work, and used by nbgrader's real commands."""

import json
import os
import shutil
import stat
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from grader.catalog.course import Course
from grader.catalog.problems import CourseError
from grader.cli import nbgrader as command
from grader.cli.app import app
from grader.guest.loading import read, untouched
from grader.notebooks import coursefolder, writing
from grader.notebooks.checking import check
from grader.notebooks.choosing import Choice
from grader.notebooks.coursefolder import Plan, plan
from grader.notebooks.merging import Change, grade_id
from grader.notebooks.writing import write

KIT = Path(__file__).resolve().parents[2]
# nbgrader starts alembic by its name.
WITH_OUR_PROGRAMS = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
STATEMENTS = {f"public/statement.{language}.md": f"# Statement {language}\n" for language in ("en", "ru", "hi")}


@pytest.fixture
def kit(build: Any) -> Any:
    """Two topics: basics with scale and shift, more with turn."""
    for name, topic in (("scale", "basics"), ("shift", "basics"), ("turn", "more")):
        build.exercise(name, topic, files=STATEMENTS)
    return build


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep learning"


def init(kit: Any, folder: Path, force: bool = False, **asked: Any) -> Plan:
    """What the command does."""
    made = plan(folder, Choice(kit=kit.root, **asked), force)
    write(made)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def told(made: Plan) -> list[tuple[str, str, str]]:
    """Changes without their folders."""
    return [(change.what, change.cell or change.file, change.detail) for change in made.changes]


def book(folder: Path, topic: str = "basics") -> Any:
    return nbformat.read(folder / "source" / topic / f"{topic}.ipynb", as_version=4)


def save(folder: Path, nb: Any, topic: str = "basics") -> None:
    nbformat.write(nb, folder / "source" / topic / f"{topic}.ipynb")


def cell_of(nb: Any, name: str) -> Any:
    return next(cell for cell in nb.cells if grade_id(cell) == name)


def own(text: str) -> Any:
    return nbformat.v4.new_markdown_cell(text)


def order(nb: Any) -> list[str]:
    return [grade_id(cell) or cell.source for cell in nb.cells]


BASICS = ["basics-title", *(f"scale{end}" for end in ("-statement", "-solution", "-check", ""))]
MORE = ["more-title", *(f"turn{end}" for end in ("-statement", "-solution", "-check", ""))]
BASICS += [f"shift{end}" for end in ("-statement", "-solution", "-check", "")]


# -- the first time ------------------------------------------------------------------------------------------------------------


def test_one_assignment_does_not_ask_twice_for_one_name(build: Any, folder: Path) -> None:
    for name in ("scale", "centre"):
        build.exercise(name, "basics", files=STATEMENTS, entry="solve")
    with pytest.raises(CourseError, match="both ask for `solve`"):
        init(build, folder)
    assert not folder.exists()


def test_a_new_folder_has_all_that_nbgrader_needs(kit: Any, folder: Path) -> None:
    made = init(kit, folder)
    assert sorted(contents(folder)) == [
        ".grader/.gitignore",
        ".grader/secret",
        ".grader/written.json",
        "nbgrader_config.py",
        "source/basics/basics.ipynb",
        *(f"source/basics/exercises/basics/scale/{name}" for name in ("exercise.yaml", "scale.py", "test_public.py")),
        *(f"source/basics/exercises/basics/shift/{name}" for name in ("exercise.yaml", "shift.py", "test_public.py")),
        "source/basics/exercises/basics/topic.yaml",
        "source/more/exercises/more/topic.yaml",
        *(f"source/more/exercises/more/turn/{name}" for name in ("exercise.yaml", "test_public.py", "turn.py")),
        "source/more/more.ipynb",
    ]
    assert order(book(folder)) == BASICS
    assert ("added", "source/basics/basics.ipynb", "2 exercises, 10 points") in told(made)
    config = (folder / "nbgrader_config.py").read_text(encoding="utf-8")
    assert "course_id = 'deep_learning'" in config
    assert repr(str(kit.root)) in config


def test_only_the_owner_can_read_the_secret_and_a_rebuild_keeps_it(kit: Any, folder: Path) -> None:
    init(kit, folder)
    secret = folder / ".grader" / "secret"
    first = secret.read_text()
    assert len(bytes.fromhex(first.strip())) == 32
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700
    init(kit, folder, force=True, language="ru")
    assert secret.read_text() == first
    shutil.rmtree(folder)
    init(kit, folder)
    assert secret.read_text() != first


def test_a_lost_secret_is_told(kit: Any, folder: Path) -> None:
    assert init(kit, folder).notes == []
    (folder / ".grader" / "secret").unlink()
    assert [note for note in init(kit, folder).notes if "secret was lost" in note]
    assert (folder / ".grader" / "secret").exists()


def test_a_check_runs_in_the_students_folder_alone(kit: Any, folder: Path, tmp_path: Path, monkeypatch: Any) -> None:
    kit.exercise("probed", public=PROBED, files={**STATEMENTS, "public/probe.py": "def one(module):\n    return 1\n"})
    init(kit, folder)
    away = tmp_path / "home" / "basics"
    shutil.copytree(folder / "source" / "basics", away)
    monkeypatch.chdir(away)
    monkeypatch.delenv("GRADER_COURSE", raising=False)
    monkeypatch.delenv("GRADER_LANG", raising=False)
    right = {"scale": lambda x, factor=2.0: x * factor, "probed": lambda x: x}
    assert check("scale", "probed", namespace=right)
    assert not check("scale", namespace={"scale": lambda x, factor=3.0: x * factor})


PROBED = """
@title(en="One", ru="Один", hi="एक")
def test_one(student, rng):
    assert_equal(student.probe("one", returns="int"), 1)
"""


# -- sealed hints --------------------------------------------------------------------------------------------------------------

MISTAKES = """
- id: adds
  replace: x * factor
  with: x + factor
  hint: {en: You add the factor., ru: Вы прибавляете множитель., hi: आप factor जोड़ रहे हैं।}
"""
SCALE = "source/basics/exercises/basics/scale"


@pytest.fixture
def taught(kit: Any) -> Any:
    """The kit with a known mistake in scale."""
    kit.exercise("scale", "basics", files={**STATEMENTS, "private/mistakes.yaml": MISTAKES})
    return kit


def rebuilt(kit: Any, folder: Path, **asked: Any) -> tuple[Plan, list[str]]:
    """The command once more: its plan, and the exercises whose known mistakes were run."""
    run: list[str] = []
    made = plan(folder, Choice(kit=kit.root, **asked), step=lambda name, number, count: run.append(name))
    write(made)
    return made, run


def hints_of(source: str) -> list[str]:
    """The known mistakes that a check of `scale` tells."""
    namespace: dict[str, Any] = {}
    exec(f"def scale(x, factor=2.0):\n    return {source}\n", namespace)
    result = check("scale", namespace=namespace)
    assert result is not None
    return [found.hint for found in result.records[0].diagnosis]


def test_a_check_without_the_private_half_tells_the_known_mistake(
    taught: Any, folder: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    init(taught, folder, language="ru")
    away = tmp_path / "home" / "basics"
    shutil.copytree(folder / "source" / "basics", away)
    shutil.rmtree(taught.root)
    monkeypatch.chdir(away)
    monkeypatch.delenv("GRADER_COURSE", raising=False)
    monkeypatch.delenv("GRADER_LANG", raising=False)
    assert hints_of("factor + x") == ["Вы прибавляете множитель."]
    assert hints_of("x - factor") == hints_of("x * factor") == []
    data = (away / "exercises/basics/scale/slips.json").read_text(encoding="utf-8")
    assert not [word for word in ("adds", "x + factor", "множитель") if word in data]


def test_known_mistakes_run_again_only_where_something_has_changed(taught: Any, folder: Path) -> None:
    _, run = rebuilt(taught, folder)
    assert run == ["scale"]
    before = contents(folder)
    again, run = rebuilt(taught, folder)
    assert (again.changes, again.touched, run) == ([], [], [])
    assert contents(folder) == before
    bank = taught.root / "solutions/basics/scale/mistakes.yaml"
    bank.write_text(MISTAKES.replace("You add", "Yours adds"), encoding="utf-8")
    changed, run = rebuilt(taught, folder)
    assert told(changed) == [("changed", f"{SCALE}/slips.json", "sealed hints")]
    assert (changed.touched, run) == (["basics"], ["scale"])
    bank.unlink()
    gone, run = rebuilt(taught, folder)
    assert (told(gone), run) == ([("removed", f"{SCALE}/slips.json", "")], [])


def test_a_lost_file_of_hints_comes_back_and_an_edited_one_stays_until_forced(taught: Any, folder: Path) -> None:
    rebuilt(taught, folder)
    sealed = folder / SCALE / "slips.json"
    data = sealed.read_bytes()
    sealed.unlink()
    back, _ = rebuilt(taught, folder)
    assert told(back) == [("added", f"{SCALE}/slips.json", "sealed hints")]
    assert sealed.read_bytes() == data
    sealed.write_text("{}")
    kept, _ = rebuilt(taught, folder)
    assert [what for what, _, _ in told(kept)] == ["kept"]
    assert sealed.read_text() == "{}"
    init(taught, folder, force=True)
    assert sealed.read_bytes() == data


def test_hints_are_left_out_when_asked_and_come_back_when_asked(taught: Any, folder: Path) -> None:
    rebuilt(taught, folder)
    made, _ = rebuilt(taught, folder, hints=False)
    assert told(made) == [("removed", f"{SCALE}/slips.json", "")]
    assert rebuilt(taught, folder)[0].changes == []  # it is remembered
    assert told(rebuilt(taught, folder, hints=True)[0]) == [("added", f"{SCALE}/slips.json", "sealed hints")]


def test_a_known_mistake_that_ends_its_process_is_told_each_time(taught: Any, folder: Path) -> None:
    fatal = MISTAKES + MISTAKES.replace("adds", "ends").replace("x + factor", "__import__('os')._exit(1)")
    (taught.root / "solutions/basics/scale/mistakes.yaml").write_text(fatal, encoding="utf-8")
    first, _ = rebuilt(taught, folder)
    again, run = rebuilt(taught, folder)
    assert ["mistakes.yaml: ends: took its process down" in note for note in first.notes] == [True]
    assert (again.notes, again.changes, run) == (first.notes, [], ["scale"])


def test_only_named_files_of_the_public_half_travel(kit: Any, folder: Path) -> None:
    (kit.root / "exercises" / "basics" / "scale" / "scale.py.orig").write_text("a solution")
    (kit.root / "exercises" / "basics" / "scale" / "mistakes.yaml").write_text("[]")
    init(kit, folder)
    assert not [name for name in contents(folder) if name.endswith((".orig", "mistakes.yaml", ".md"))]


# -- what is chosen ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["scale", "shift", "turn"]),
        ({"topics": ("basics",)}, ["scale", "shift"]),
        ({"exercises": ("shift",)}, ["shift"]),
        ({"topics": ("more",), "exercises": ("shift",)}, ["shift", "turn"]),
        ({"topics": ("basics", "more"), "exercises": ("basics/shift",)}, ["shift", "turn"]),
        ({"topics": ("all",), "exercises": ("all",)}, ["scale", "shift", "turn"]),
    ],
)
def test_topics_and_exercises_choose(kit: Any, folder: Path, asked: dict[str, Any], found: list[str]) -> None:
    init(kit, folder, **asked)
    graded = [
        grade_id(cell)
        for path in sorted(folder.glob("source/*/*.ipynb"))
        for cell in nbformat.read(path, as_version=4).cells
        if cell.metadata.nbgrader.grade
    ]
    assert graded == found


def test_what_an_exercise_requires_comes_before_it(kit: Any, folder: Path) -> None:
    kit.exercise("after", requires=["shift"], files=STATEMENTS)
    kit.exercise("circle", requires=["cycle"], files=STATEMENTS)
    kit.exercise("cycle", requires=["circle"], files=STATEMENTS)
    init(kit, folder, topics=("basics",))
    graded = [grade_id(cell) for cell in book(folder).cells if cell.metadata.nbgrader.grade]
    assert graded == ["scale", "shift", "after", "circle", "cycle"]


def test_options_left_out_stay_as_they_were(kit: Any, folder: Path) -> None:
    init(kit, folder, language="ru", topics=("basics",), exercises=("scale",), course_id="dl")
    before = contents(folder)
    write(plan(folder, Choice()))
    assert contents(folder) == before
    assert init(kit, folder, topics=("all",)).ledger.exercises == ("scale",)
    assert order(book(folder, "more"))[-1] == "turn"


def test_an_exercise_that_left_the_kit_leaves_the_choice(kit: Any, folder: Path) -> None:
    init(kit, folder, exercises=("scale", "shift"))
    shutil.rmtree(kit.root / "exercises" / "basics" / "shift")
    assert init(kit, folder).notes == ["shift: is no longer in the kit"]
    assert order(book(folder)) == BASICS[:5]
    shutil.rmtree(kit.root / "exercises" / "basics" / "scale")
    assert "nothing of what was chosen is in it any more" in refused(folder, Choice())


def test_a_statement_that_is_missing_in_the_language_is_told(kit: Any, folder: Path) -> None:
    (kit.root / "exercises" / "more" / "turn" / "statement.hi.md").unlink()
    made = init(kit, folder, language="hi")
    assert made.notes == ["turn: has no statement.hi.md; the English statement is in the notebook"]
    assert cell_of(book(folder, "more"), "turn-statement").source == "## Statement en"
    assert cell_of(book(folder), "scale-statement").source == "## Statement hi"


# -- again ---------------------------------------------------------------------------------------------------------------------


def test_nothing_is_written_where_nothing_has_changed(kit: Any, folder: Path) -> None:
    init(kit, folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    again = init(kit, folder)
    assert (again.changes, again.notes, again.changed) == ([], [], False)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def edit(kit: Any, name: str, before: str, after: str, topic: str = "basics") -> None:
    path = kit.root / "exercises" / topic / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_each_change_of_the_kit_is_told(kit: Any, folder: Path) -> None:
    init(kit, folder)
    ids = order(book(folder))
    edit(kit, "scale/statement.en.md", "Statement", "Exercise")
    edit(kit, "scale/exercise.yaml", "points: 5", "points: 7.5")
    edit(kit, "shift/shift.py", "factor=2.0", "factor=3.0")
    edit(kit, "shift/test_public.py", "By a number", "By any number")
    made = init(kit, folder)
    assert told(made) == [
        ("changed", "basics-title", "heading"),
        ("changed", "scale-statement", "statement"),
        ("changed", "scale", "points 5 → 7.5"),
        ("changed", "shift-solution", "stub"),
        ("changed", "source/basics/exercises/basics/scale/exercise.yaml", "manifest"),
        ("changed", "source/basics/exercises/basics/shift/test_public.py", "public tests"),
        ("changed", "source/basics/exercises/basics/shift/shift.py", "stub"),
    ]
    assert order(book(folder)) == ids
    assert cell_of(book(folder), "scale").metadata.nbgrader.points == 7.5
    assert made.touched == ["basics"]
    assert not init(kit, folder).changed


def test_another_language_changes_texts_and_keeps_ids(kit: Any, folder: Path) -> None:
    init(kit, folder)
    ids = [cell.id for cell in book(folder).cells]
    made = init(kit, folder, language="hi")
    assert ("changed", "source/basics/basics.ipynb", "language en → hi") in told(made)
    assert ("changed", "nbgrader_config.py", "settings") in told(made)
    assert "language='hi'" in (folder / "nbgrader_config.py").read_text(encoding="utf-8")
    assert [cell.id for cell in book(folder).cells] == ids
    assert book(folder).metadata.grader.language == "hi"


def test_a_new_exercise_comes_to_its_place_and_own_cells_keep_theirs(kit: Any, folder: Path) -> None:
    init(kit, folder)
    nb = book(folder)
    nb.cells[0:0] = [own("first")]
    nb.cells[6:6] = [own("after scale")]
    nb.cells.append(own("last"))
    save(folder, nb)
    kit.exercise("separate", files=STATEMENTS)
    made = init(kit, folder)
    new = [f"separate{end}" for end in ("-statement", "-solution", "-check", "")]
    assert order(book(folder)) == ["first", *BASICS[:5], "after scale", *new, *BASICS[5:], "last"]
    assert [change for change in told(made) if change[0] == "added"] == [
        *(("added", name, "5 points" if name == "separate" else "") for name in new),
        ("added", "source/basics/exercises/basics/separate/", "3 files"),
    ]
    assert made.changes[0] == Change("source/basics/basics.ipynb", "changed", "basics-title", "heading")
    nbformat.validate(book(folder))


def test_an_exercise_taken_out_goes_with_its_files_and_own_cells_stay(kit: Any, folder: Path) -> None:
    init(kit, folder)
    nb = book(folder)
    nb.cells[4:4] = [own("a hint")]
    save(folder, nb)
    made = init(kit, folder, exercises=("shift",), topics=("all",))
    assert order(book(folder)) == ["basics-title", "a hint", *BASICS[5:]]
    assert ("removed", "scale", "") in told(made)
    assert ("removed", "source/basics/exercises/basics/scale/", "3 files") in told(made)
    assert not (folder / "source" / "basics" / "exercises" / "basics" / "scale").exists()


def test_a_topic_taken_out_goes_but_for_own_cells_and_files(kit: Any, folder: Path) -> None:
    init(kit, folder)
    made = init(kit, folder, topics=("more",))
    assert ("removed", "source/basics/basics.ipynb", "") in told(made)
    assert not (folder / "source" / "basics").exists()
    init(kit, folder, topics=("all",))
    nb = book(folder)
    nb.cells.append(own("mine"))
    save(folder, nb)
    (folder / "source" / "basics" / "data.csv").write_text("1,2")
    init(kit, folder, topics=("more",))
    assert order(book(folder)) == ["mine"]
    assert sorted(path.name for path in (folder / "source" / "basics").iterdir()) == ["basics.ipynb", "data.csv"]
    assert not init(kit, folder).changed


# -- an instructor's hand ------------------------------------------------------------------------------------------------------


def test_a_cell_edited_by_hand_stays_until_forced(kit: Any, folder: Path) -> None:
    init(kit, folder)
    nb = book(folder)
    cell_of(nb, "scale-statement").source = "Mine."
    save(folder, nb)
    made = init(kit, folder)
    assert told(made) == [("kept", "scale-statement", "edited by hand; --force takes the kit's")]
    assert not made.changed
    edit(kit, "scale/statement.en.md", "Statement", "Exercise")
    made = init(kit, folder)
    assert told(made) == [("kept", "scale-statement", "edited by hand; the kit has changed it too; --force takes the kit's")]
    assert cell_of(book(folder), "scale-statement").source == "Mine."
    made = init(kit, folder, force=True)
    assert told(made) == [("changed", "scale-statement", "statement")]
    assert cell_of(book(folder), "scale-statement").source == "## Exercise en"


def test_points_set_by_hand_stay(kit: Any, folder: Path) -> None:
    init(kit, folder)
    nb = book(folder)
    cell_of(nb, "scale").metadata.nbgrader.points = 50
    save(folder, nb)
    assert told(init(kit, folder))[0][:2] == ("kept", "scale")
    assert cell_of(book(folder), "scale").metadata.nbgrader.points == 50


def test_a_cell_edited_by_hand_stays_when_its_exercise_goes(kit: Any, folder: Path) -> None:
    init(kit, folder)
    nb = book(folder)
    cell_of(nb, "scale-solution").source = "def scale(): ..."
    save(folder, nb)
    for _ in range(2):
        made = init(kit, folder, exercises=("shift",))
        assert ("kept", "scale-solution", "edited by hand, but no longer wanted; --force removes it") in told(made)
    assert order(book(folder)) == ["basics-title", "scale-solution", *BASICS[5:]]
    init(kit, folder, force=True)
    assert order(book(folder)) == ["basics-title", *BASICS[5:]]


def test_a_cell_taken_out_by_hand_stays_out_until_forced(kit: Any, folder: Path) -> None:
    init(kit, folder)
    nb = book(folder)
    nb.cells = [cell for cell in nb.cells if grade_id(cell) != "scale-check"]
    save(folder, nb)
    for _ in range(2):
        made = init(kit, folder)
        assert told(made) == [("kept", "scale-check", "taken out by hand; --force puts it back")]
        assert not made.changed
    init(kit, folder, force=True)
    assert order(book(folder)) == BASICS


def test_cells_moved_by_hand_are_not_moved_back(kit: Any, folder: Path) -> None:
    init(kit, folder)
    nb = book(folder)
    nb.cells = [nb.cells[0], *nb.cells[5:], *nb.cells[1:5]]
    save(folder, nb)
    edit(kit, "scale/statement.en.md", "Statement", "Exercise")
    init(kit, folder)
    assert order(book(folder)) == [BASICS[0], *BASICS[5:], *BASICS[1:5]]


def test_a_copied_cell_is_the_instructors_own(kit: Any, folder: Path) -> None:
    init(kit, folder)
    nb = book(folder)
    copied = nbformat.from_dict({**cell_of(nb, "scale-statement"), "id": "copied", "source": "a copy"})
    nb.cells.append(copied)
    save(folder, nb)
    edit(kit, "scale/statement.en.md", "Statement", "Exercise")
    init(kit, folder)
    assert cell_of(book(folder), "scale-statement").source == "## Exercise en"
    assert book(folder).cells[-1].source == "a copy"


def test_what_an_editor_writes_by_itself_is_no_edit(kit: Any, folder: Path) -> None:
    init(kit, folder)
    nb = book(folder)
    nb.metadata["language_info"] = {"name": "python", "version": "3.13"}
    for cell in nb.cells:
        cell.metadata["tags"] = ["seen"]
        if cell.cell_type == "code":
            cell.execution_count = 3
            cell.outputs = [nbformat.v4.new_output("stream", text="42")]
        else:
            cell.metadata["slideshow"] = {"slide_type": ""}
    cell_of(nb, "scale").metadata.nbgrader.points = 5.0
    save(folder, nb)
    before = contents(folder)
    assert told(init(kit, folder)) == []
    assert contents(folder) == before
    edit(kit, "scale/statement.en.md", "Statement", "Exercise")
    init(kit, folder)
    assert cell_of(book(folder), "scale-statement").metadata.tags == ["seen"]


def test_a_notebook_of_an_older_format_is_understood(kit: Any, folder: Path) -> None:
    init(kit, folder)
    path = folder / "source" / "basics" / "basics.ipynb"
    nb = json.loads(path.read_text(encoding="utf-8"))
    nb["nbformat_minor"] = 4
    for cell in nb["cells"]:
        del cell["id"]
    path.write_text(json.dumps(nb), encoding="utf-8")
    edit(kit, "scale/statement.en.md", "Statement", "Exercise")
    init(kit, folder)
    assert cell_of(book(folder), "scale-statement").source == "## Exercise en"
    nbformat.validate(book(folder))


def test_a_file_edited_by_hand_stays_until_forced(kit: Any, folder: Path) -> None:
    init(kit, folder)
    tests = folder / "source" / "basics" / "exercises" / "basics" / "scale" / "test_public.py"
    original = tests.read_bytes()
    tests.write_bytes(b"mine")
    assert told(init(kit, folder))[0] == (
        "kept",
        "source/basics/exercises/basics/scale/test_public.py",
        "edited by hand; --force takes the kit's",
    )
    init(kit, folder, exercises=("shift",))
    assert tests.read_bytes() == b"mine"
    init(kit, folder, exercises=("all",), force=True)
    assert tests.read_bytes() == original


def test_settings_edited_by_hand_are_never_overwritten(kit: Any, folder: Path) -> None:
    init(kit, folder)
    config = folder / "nbgrader_config.py"
    mine = config.read_text(encoding="utf-8") + "c.CourseDirectory.db_url = 'sqlite:///elsewhere.db'\n"
    config.write_text(mine, encoding="utf-8")
    assert told(init(kit, folder, force=True)) == []
    made = init(kit, folder, force=True, language="ru")
    assert config.read_text(encoding="utf-8") == mine
    assert [note for note in made.notes if f"configure(c, {str(kit.root)!r}, language='ru')" in note]
    config.unlink()
    init(kit, folder)
    assert "language='ru'" in config.read_text(encoding="utf-8")


def test_a_deleted_file_comes_back(kit: Any, folder: Path) -> None:
    init(kit, folder)
    before = contents(folder)
    (folder / "source" / "basics" / "basics.ipynb").unlink()
    (folder / "source" / "more" / "exercises" / "more" / "topic.yaml").unlink()
    init(kit, folder)
    assert contents(folder) == before


def test_without_the_ledger_differences_count_as_edited_by_hand(kit: Any, folder: Path) -> None:
    init(kit, folder)
    nb = book(folder)
    cell_of(nb, "scale-statement").source = "Mine."
    save(folder, nb)
    before = contents(folder)
    (folder / ".grader" / "written.json").unlink()
    made = init(kit, folder)
    assert told(made) == [("kept", "scale-statement", "edited by hand; the kit has changed it too; --force takes the kit's")]
    del before[".grader/written.json"]
    assert {name: data for name, data in contents(folder).items() if name != ".grader/written.json"} == before


# -- safety --------------------------------------------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing(kit: Any, folder: Path) -> None:
    run = CliRunner().invoke(app, ["nbgrader", "init", str(folder), "--course", str(kit.root), "--dry-run"])
    assert run.exit_code == 0, run.output
    assert "+ source/basics/basics.ipynb  2 exercises, 10 points" in run.output
    assert "nothing was written" in run.output
    assert not folder.exists()


class Killed(BaseException):
    """A run that ends where it stands."""


def test_an_interrupted_run_is_finished_by_the_next(kit: Any, folder: Path, tmp_path: Path, monkeypatch: Any) -> None:
    def at(number: int) -> Iterator[None]:
        for _ in range(number):
            yield
        raise Killed

    init(kit, folder, topics=("basics",))
    kept = tmp_path / "kept"
    shutil.copytree(folder, kept)
    edit(kit, "scale/statement.en.md", "Statement", "Exercise")
    init(kit, folder, topics=("all",), exercises=("scale", "turn"))
    wanted = contents(folder)
    real = writing._put
    for number in range(20):
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        steps = at(number)

        def put(*args: Any, steps: Iterator[None] = steps) -> None:
            next(steps)
            real(*args)

        monkeypatch.setattr(writing, "_put", put)
        try:
            init(kit, folder, topics=("all",), exercises=("scale", "turn"))
        except Killed:
            monkeypatch.setattr(writing, "_put", real)
            init(kit, folder, topics=("all",), exercises=("scale", "turn"))
            assert contents(folder) == wanted
        else:
            break
    assert 5 < number < 19


def test_a_file_is_replaced_as_a_whole_and_keeps_its_mode(kit: Any, folder: Path, monkeypatch: Any) -> None:
    init(kit, folder)
    path = folder / "source" / "basics" / "basics.ipynb"
    path.chmod(0o664)
    before = path.read_bytes()
    edit(kit, "scale/statement.en.md", "Statement", "Exercise")
    monkeypatch.setattr(writing.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(CourseError, match=r"cannot be written: No space left"):
        init(kit, folder)
    assert path.read_bytes() == before
    monkeypatch.undo()
    init(kit, folder)
    assert path.read_bytes() != before
    assert stat.S_IMODE(path.stat().st_mode) == 0o664
    assert sorted(item.name for item in path.parent.iterdir()) == ["basics.ipynb", "exercises"]


def test_work_of_students_and_marks_are_not_touched(kit: Any, folder: Path) -> None:
    init(kit, folder)
    others = {
        f"{kind}/ada/basics/basics.ipynb": f"{kind}".encode() for kind in ("submitted", "autograded", "feedback", "release")
    }
    others |= {"gradebook.db": b"no database at all", "notes.txt": b"mine"}
    for name, data in others.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    edit(kit, "scale/statement.en.md", "Statement", "Exercise")
    made = init(kit, folder, force=True, topics=("basics",), exercises=("scale",))
    assert {name: contents(folder)[name] for name in others} == others
    assert [note for note in made.notes if "the gradebook cannot be read" in note]


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook with basics, which two students handed in, and more, which nobody did."""
    path = tmp_path_factory.mktemp("marks") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setenv("PATH", WITH_OUR_PROGRAMS)
        warnings.simplefilter("ignore")  # nbgrader's own
        with Gradebook(f"sqlite:///{path}") as book:
            for topic, names in (("basics", BASICS), ("more", MORE)):
                book.add_assignment(topic)
                book.add_notebook(topic, topic)
                for name in names:
                    book.add_source_cell(name, topic, topic, cell_type="code")
            for student in ("ada", "alan"):
                book.add_student(student)
                book.add_submission("basics", student)
    return path


@pytest.fixture
def graded(kit: Any, folder: Path, gradebook: Path) -> Path:
    """A course folder with that gradebook."""
    init(kit, folder)
    shutil.copy(gradebook, folder / "gradebook.db")
    return folder


def test_the_gradebook_says_what_nbgrader_will_refuse(kit: Any, graded: Path) -> None:
    before = (graded / "gradebook.db").read_bytes()
    made = plan(graded, Choice(exercises=("scale", "turn")))
    assert len(made.notes) == 1
    assert "work of 2 students for 'basics', and nbgrader will not change which cells it has" in made.notes[0]
    assert "(removed: shift, shift-check, shift-solution, shift-statement)" in made.notes[0]
    assert "nbgrader db assignment remove basics --force" in made.notes[0]
    (note,) = plan(graded, Choice(topics=("more",))).notes
    assert note.endswith("to remove it there: nbgrader db assignment remove basics --force, which deletes these marks")
    (note,) = plan(graded, Choice(topics=("basics",))).notes
    assert note == "the gradebook still holds the assignment 'more'; to remove it there: nbgrader db assignment remove more"
    edit(kit, "scale/exercise.yaml", "points: 5", "points: 6")
    (note,) = plan(graded, Choice()).notes
    assert "autograde it again with --force" in note
    assert (graded / "gradebook.db").read_bytes() == before


def test_the_gradebook_is_found_by_the_settings(kit: Any, graded: Path) -> None:
    elsewhere = graded / "odd #1 50%.db"
    (graded / "gradebook.db").rename(elsewhere)
    config = graded / "nbgrader_config.py"
    text = config.read_text(encoding="utf-8")
    config.write_text(f"{text}c.CourseDirectory.db_url = 'sqlite:///{elsewhere}'\n", encoding="utf-8")
    assert "work of 2 students" in str(plan(graded, Choice(topics=("more",))).notes)
    config.write_text("1 / 0\n", encoding="utf-8")
    (note,) = [note for note in plan(graded, Choice(topics=("more",))).notes if "division" in note]
    assert "nbgrader_config.py: cannot be read: ZeroDivisionError" in note
    for url in ("nonsense", "no_such_database://host/name"):
        config.write_text(f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n", encoding="utf-8")
        assert "nbgrader_config.py: db_url: " in str(plan(graded, Choice(topics=("more",))).notes)


# -- what cannot be done -------------------------------------------------------------------------------------------------------


def refused(folder: Path, choice: Choice) -> str:
    with pytest.raises(CourseError) as caught:
        plan(folder, choice)
    return str(caught.value)


def test_a_folder_that_is_not_ours_is_refused(kit: Any, tmp_path: Path) -> None:
    choice = Choice(kit=kit.root)
    (tmp_path / "file").write_text("")
    assert "file: is a file; name a folder" in refused(tmp_path / "file", choice)
    assert "file: is a file; name a folder" in refused(tmp_path / "file" / "below", choice)
    assert "is not empty (exercises, solutions)" in refused(kit.root, choice)
    assert "name a new folder" in refused(kit.root, choice)


def test_an_empty_repository_is_as_good_as_a_new_folder(kit: Any, folder: Path) -> None:
    (folder / ".git").mkdir(parents=True)
    assert init(kit, folder).changed


def test_unknown_names_are_told_with_the_nearest(kit: Any, folder: Path) -> None:
    assert refused(folder, Choice(kit=kit.root, topics=("basic",))) == "there is no topic 'basic', did you mean 'basics'?"
    assert "did you mean 'shift'" in refused(folder, Choice(kit=kit.root, exercises=("shft",)))
    assert "the kit speaks en, ru, hi" in refused(folder, Choice(kit=kit.root, language="de"))
    assert "--course-id 'a/b'" in refused(folder, Choice(kit=kit.root, course_id="a/b"))
    assert not folder.exists()


def test_a_kit_without_its_private_half_is_refused(kit: Any, folder: Path) -> None:
    shutil.rmtree(kit.root / "solutions")
    assert "no folder `solutions`" in refused(folder, Choice(kit=kit.root))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}'])
def test_a_damaged_notebook_is_told_and_not_overwritten(kit: Any, folder: Path, text: str) -> None:
    init(kit, folder)
    path = folder / "source" / "basics" / "basics.ipynb"
    path.write_text(text)
    assert "basics.ipynb: is no notebook" in refused(folder, Choice())
    assert path.read_text() == text


def test_a_damaged_ledger_is_told(kit: Any, folder: Path) -> None:
    init(kit, folder)
    (folder / ".grader" / "written.json").write_text('{"format": 2}')
    assert "written.json: cannot be read. Delete it" in refused(folder, Choice())


def test_without_nbgrader_the_command_says_how_to_get_it(kit: Any, folder: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(command.importlib.util, "find_spec", lambda name: None)
    run = CliRunner().invoke(app, ["nbgrader", "init", str(folder), "--course", str(kit.root)])
    assert isinstance(run.exception, CourseError)
    assert f'pip install -e "{KIT}[notebooks]"' in str(run.exception)


def test_other_commands_do_not_load_notebooks() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from grader.cli.app import app\n"
        "assert CliRunner().invoke(app, ['nbgrader', 'init', '--help']).exit_code == 0\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('nbformat', 'nbgrader', 'IPython', 'torch')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=KIT)
    assert found.stdout == "[]\n"


def test_the_command_tells_what_it_did_and_what_is_next(kit: Any, folder: Path) -> None:
    def run(*more: str) -> str:
        done = CliRunner().invoke(app, ["nbgrader", "init", str(folder), "--course", str(kit.root), *more])
        assert done.exit_code == 0, done.output
        return done.output

    assert f"Next: cd '{folder}' && nbgrader generate_assignment basics" in run("--topics", "basics,more")
    assert run() == f"{folder}: nothing has changed\n"
    edit(kit, "scale/statement.en.md", "Statement", "Exercise")
    (folder / "release" / "basics").mkdir(parents=True)
    assert run("--topics", "basics", "--topics", "more").splitlines() == [
        "~ source/basics/basics.ipynb",
        "    ~ scale-statement  statement",
        "Next, for what students have not received yet:",
        "  nbgrader generate_assignment basics --force && nbgrader release_assignment basics --force",
    ]


# -- nbgrader itself -----------------------------------------------------------------------------------------------------------


def nbgrader(folder: Path, *arguments: str) -> str:
    """Run a command of nbgrader in a folder; its whole output."""
    environment = {**os.environ, "PATH": WITH_OUR_PROGRAMS, "PYTHONPATH": str(KIT), "OMP_NUM_THREADS": "1"}
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    return run.stdout


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ru", "hi"])
def test_nbgrader_generates_the_whole_kit_and_nothing_private(search: Any, folder: Path, language: str) -> None:
    course = Course(KIT)
    write(plan(folder, Choice(kit=KIT, language=language, hints=False)))  # tests/bundle looks into those of the whole kit
    nbgrader(folder, "generate_assignment", "--assignment=*")
    assert {path.name for path in (folder / "release").iterdir()} == {exercise.topic for exercise in course.exercises}
    assert len(search.private) > 1000
    for path in (folder / "release").rglob("*"):
        assert path.is_dir() or not search.leaks(path.name, path.read_bytes()), path
    for exercise in course.exercises:
        nb = nbformat.read(folder / "release" / exercise.topic / f"{exercise.topic}.ipynb", as_version=4)
        source = cell_of(nb, f"{exercise.name}-solution").source
        assert untouched(read("x.py", source.encode()), exercise.manifest.entry)
        assert {"en": "# YOUR CODE HERE", "ru": "# ВАШ КОД", "hi": "# आपका कोड यहाँ"}[language] in source
        assert cell_of(nb, exercise.name).metadata.nbgrader.points == exercise.manifest.points
    before = contents(folder)
    again = plan(folder, Choice())
    write(again)
    assert (again.changes, again.notes) == ([], [])
    assert contents(folder) == before


@pytest.mark.slow
def test_nbgrader_validates_and_releases(folder: Path, tmp_path: Path) -> None:
    write(plan(folder, Choice(kit=KIT, topics=("optimisation",), course_id="dl", hints=False)))
    nbgrader(folder, "generate_assignment", "optimisation")
    said = nbgrader(folder / "release" / "optimisation", "validate", "optimisation.ipynb")
    assert "VALIDATION FAILED ON 2 CELL(S)" in said  # nothing is done yet, and that is all there is to say
    assert "adam_step: not started" in said
    assert "warmup_cosine: not started" in said
    nbgrader(folder, "release_assignment", "optimisation", f"--Exchange.root={tmp_path / 'exchange'}")
    handed_out = tmp_path / "exchange" / "dl" / "outbound" / "optimisation"
    assert sorted(path.name for path in handed_out.iterdir()) == [
        "answers_optimisation.json",
        "exercises",
        "optimisation.ipynb",
        "quiz_optimisation.json",
    ]
    edited = nbformat.read(handed_out / "optimisation.ipynb", as_version=4)
    edited.cells[0].source += "!"
    nbformat.write(edited, handed_out / "optimisation.ipynb")
    assert "HAVE CHANGED" in nbgrader(handed_out, "validate", "optimisation.ipynb")


def test_the_search_for_private_lines_finds_them(search: Any, tmp_path: Path) -> None:
    exercise = Course(KIT).exercises[0]
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(exercise.reference.read_text(encoding="utf-8"))])
    nbformat.write(nb, tmp_path / "leak.ipynb")
    assert search.lines(tmp_path / "leak.ipynb") & search.private


def test_the_folder_is_planned_without_writing(kit: Any, folder: Path) -> None:
    made = coursefolder.plan(folder, Choice(kit=kit.root))
    assert made.new
    assert made.writes
    assert not folder.exists()
