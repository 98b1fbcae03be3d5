"""The whole way by real nbgrader: what students hand in, good, wrong, hostile or damaged, ends as marks, in both ways alike."""

import csv
import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml

Course = Any  # `CourseFolder` of conftest.py
Hand = Callable[[Course, str], object]
NAMES = ("linear_params", "conv2d_params")
FULL, NOTHING = (5.0, 10.0), (0.0, 0.0)


# -- what students hand in -----------------------------------------------------------------------------------------------------


def right(course: Course, student: str) -> None:
    course.hand_in(student, course.right)


def wrong(course: Course, student: str) -> None:
    course.hand_in(student, course.wrong)


def untouched(course: Course, student: str) -> None:
    course.hand_in(student, {})


def edited(change: Callable[[Course, Any], object], **answers: str) -> Hand:
    """The right answers, some replaced, in a notebook that was changed otherwise."""
    return lambda course, student: course.hand_in(student, {**course.right, **answers}, lambda nb: change(course, nb))


def with_cell(source: str, first: bool = False, **answers: str) -> Hand:
    """With a cell of the student's own at the end or at the beginning."""
    return edited(lambda course, nb: nb["cells"].insert(0 if first else len(nb["cells"]), course.code_cell(source)), **answers)


def linear(body: str) -> dict[str, str]:
    """Another answer to the first exercise."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return {"linear_params": f"def linear_params(i, o, bias=True):\n{lines}"}


def answer(**answers: str) -> Hand:
    return edited(lambda course, nb: None, **answers)


def files(make: Callable[[Course, Path], object]) -> Hand:
    """Whatever lies in the submitted folder."""
    return lambda course, student: make(course, course.submitted(student))


def fake_results(course: Course, nb: Any) -> None:
    for name, points in zip(NAMES, (5, 10), strict=True):
        cell = course.cell_of(nb, name)
        cell["source"] = f"{points}.0"
        cell["outputs"] = [
            {"output_type": "execute_result", "data": {"text/plain": f"{points}.0"}, "metadata": {}, "execution_count": 1}
        ]
        cell["metadata"]["grader"] = {"state": "done", "points": points}


def skip_execution(course: Course, nb: Any) -> None:
    for cell in nb["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "nbgrader-skip"]


def other_metadata(course: Course, nb: Any) -> None:
    course.cell_of(nb, "linear_params")["metadata"]["nbgrader"] |= {"points": 1000, "locked": False}
    cell = course.cell_of(nb, "conv2d_params")["metadata"]["nbgrader"]
    cell |= {"grade_id": "conv2d_paramz", "solution": True, "schema_version": 99}


def retyped(course: Course, nb: Any) -> None:
    for grade_id in ("linear_params", "conv2d_params-solution"):
        cell = course.cell_of(nb, grade_id)
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]


def deleted(course: Course, nb: Any) -> None:
    nb["cells"].remove(course.cell_of(nb, "linear_params"))
    nb["cells"].remove(course.cell_of(nb, "conv2d_params-check"))


def duplicated(course: Course, nb: Any) -> None:
    nb["cells"] += [course.cell_of(nb, "linear_params"), course.cell_of(nb, "conv2d_params-solution")]


def many_outputs(course: Course, nb: Any) -> None:
    line = "loss 0.123456789 " * 60 + "\n"
    cell = course.code_cell("print('much')", outputs=[{"output_type": "stream", "name": "stdout", "text": [line] * 20_000}])
    nb["cells"].append(cell)


def two_notebooks(course: Course, folder: Path) -> None:
    folder.joinpath("counting.ipynb").write_text(course.notebook({}), encoding="utf-8")
    folder.joinpath("my work.ipynb").write_text(course.notebook(course.right), encoding="utf-8")


def odd_company(course: Course, folder: Path) -> None:
    """Files that must not be followed, waited for or taken for folders."""
    folder.joinpath("counting.ipynb").write_text(course.notebook(course.right), encoding="utf-8")
    folder.joinpath("counting.html").symlink_to(course.root / ".grader" / "secret")
    folder.joinpath("nowhere").symlink_to("/nowhere/at/all")
    os.mkfifo(folder / "pipe")
    folder.joinpath("exercises").write_text("not a folder", encoding="utf-8")


def dangling(course: Course, folder: Path) -> None:
    """A link in the notebook's place, through which something could be written elsewhere."""
    folder.joinpath("counting.ipynb").symlink_to(course.root / "written_by_a_link")
    folder.joinpath("work.py").write_text("\n\n".join(course.right.values()), encoding="utf-8")


def thief(course: Course, student: str) -> None:
    """Looks for the solutions, the gradebook and the secret, and for whoever holds them in memory."""
    body = f"""
import glob, os
found = []
for place in ({str(course.kit)!r}, {str(course.root)!r}, "/proc/*/root{course.kit}", "/proc/*/cwd"):
    for top in glob.glob(place):
        for folder, _, names in os.walk(top):
            found += [os.path.join(folder, name) for name in names]
for path in found:
    if path.endswith("solutions/counting/linear_params/linear_params.py"):
        names = {{}}
        exec(open(path).read(), names)
        return names["linear_params"](i, o, bias)
return 0"""
    course.hand_in(student, {**course.right, **linear(body.strip())})


MODULES = """
import builtins, sys, types
sys.modules["grader"] = sys.modules["numpy"] = sys.modules["pytest"] = types.ModuleType("anything")
builtins.float = lambda x: 5.0
class Equal(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = int.__hash__
"""
TRANSFORMER = "get_ipython().input_transformers_cleanup.append(lambda lines: ['5.0\\n'])"
NOISE = "import sys\nprint('mind the gap', file=sys.stderr)\nreturn o * (i + bool(bias))"
MAGICS = "%matplotlib inline\n%%time\n!pip install nothing\nfiles = !ls\n?print\nimport math"
TWICE = "def linear_params(i, o, bias=True):\n    return 0\n"

# By student: what is handed in, and the marks it gets.
CLASS: dict[str, tuple[Hand, tuple[float, float]]] = {
    "ada": (right, FULL),
    "bob": (wrong, (1.0, 6.5)),
    "cyd": (untouched, NOTHING),
    "exit": (answer(**linear("import os\nos._exit(0)")), (0.0, 10.0)),
    "loop": (answer(**linear("while True:\n    try:\n        while True: pass\n    except BaseException: pass")), (0.0, 10.0)),
    "thief": (thief, (0.0, 10.0)),
    "noise": (answer(**linear(NOISE)), FULL),
    "fake": (lambda course, student: course.hand_in(student, {}, lambda nb: fake_results(course, nb)), NOTHING),
    "tags": (edited(skip_execution, **linear("return 5")), (0.0, 10.0)),
    "modules": (with_cell(MODULES, True, **linear("return Equal(5)")), (0.0, 10.0)),
    "transformer": (with_cell(TRANSFORMER, True, **linear("return 0")), (0.0, 10.0)),
    "deleted": (edited(deleted), FULL),
    "duplicated": (edited(duplicated), FULL),
    "retyped": (edited(retyped), FULL),
    "reordered": (edited(lambda course, nb: nb["cells"].reverse()), FULL),
    "metadata": (edited(other_metadata), FULL),
    "renamed": (lambda course, student: course.hand_in(student, course.right, name="Counting (1).ipynb"), FULL),
    "two": (files(two_notebooks), FULL),
    "twice": (with_cell(TWICE), (0.0, 10.0)),
    "broken": (files(lambda c, folder: (folder / "counting.ipynb").write_text(c.notebook(c.right)[:-40])), FULL),
    "empty": (files(lambda c, folder: (folder / "counting.ipynb").touch()), NOTHING),
    "much": (edited(many_outputs), FULL),
    "script": (files(lambda c, folder: (folder / "solution.py").write_text("\n\n".join(c.right.values()))), FULL),
    "magics": (with_cell(MAGICS), FULL),
    "latin": (
        files(lambda c, folder: (folder / "counting.ipynb").write_bytes(c.notebook(
            {**c.right, **linear("# größer\nreturn o * (i + bool(bias))")}).encode("latin-1", "replace"))),
        FULL,
    ),
    "essay": (files(lambda c, folder: (folder / "essay.pdf").write_bytes(b"%PDF-1.4")), NOTHING),
    "nobody": (files(lambda c, folder: None), NOTHING),
    "company": (files(odd_company), FULL),
    "dangling": (files(dangling), FULL),
    "Ольга 1": (right, FULL),
}  # fmt: skip


@pytest.fixture(scope="module")
def handed_in(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class has handed in."""
    found = course.copy(tmp_path_factory.mktemp("class") / "course")
    for student, (hand, _) in CLASS.items():
        hand(found, student)
    found.hand_in("ada", course.right, assignment="convolution")
    (found.submitted("bob") / "timestamp.txt").write_text("2030-01-01 12:00:00 UTC")
    return found


@pytest.fixture(scope="module")
def stock(handed_in: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Autograded by `nbgrader autograde`, with feedback."""
    found = handed_in.copy(tmp_path_factory.mktemp("stock") / "course")
    odd_company_again(found)
    found.said = found.by_nbgrader("autograde", "counting", plain=True)
    found.by_nbgrader("generate_feedback", "counting")
    return found


@pytest.fixture(scope="module")
def quick(handed_in: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Autograded by `grader nbgrader autograde`."""
    found = handed_in.copy(tmp_path_factory.mktemp("quick") / "course")
    odd_company_again(found)
    found.said = found.by_grader("autograde", "counting", "--jobs", "2", plain=True)
    return found


def odd_company_again(course: Course) -> None:
    """The pipe, which no copy can hold."""
    os.mkfifo(course.submitted("company") / "pipe")


# -- marks ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("student", CLASS)
def test_marks(stock: Course, quick: Course, student: str) -> None:
    assert stock.marks()[student] == CLASS[student][1]
    assert quick.marks()[student] == CLASS[student][1]


def test_both_ways_are_alike_bit_for_bit(stock: Course, quick: Course) -> None:
    assert set(stock.rows()) == set(CLASS)
    assert stock.rows() == quick.rows()
    assert not any(row[2] for cells in stock.rows().values() for row in cells.values())
    assert stock.all_autograded() == quick.all_autograded()
    assert set(stock.all_autograded()) == set(CLASS)


def test_a_graded_cell_holds_feedback_and_one_float(quick: Course) -> None:
    for student, text in quick.all_autograded().items():
        nb = json.loads(text)
        graded = [cell for cell in nb["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]
        assert sorted(cell["metadata"]["nbgrader"]["grade_id"] for cell in graded) == sorted(NAMES)
        for cell in graded:
            name = cell["metadata"]["nbgrader"]["grade_id"]
            shown, result = cell["outputs"]
            assert (shown["output_type"], result["output_type"]) == ("display_data", "execute_result")
            assert set(shown["data"]) == {"text/html", "text/plain"}
            (plain,) = result["data"].values()
            assert "".join(plain) == repr(CLASS[student][1][NAMES.index(name)])
            assert cell["metadata"]["nbgrader"]["points"] == (5 if name == "linear_params" else 10)
        others = [output for cell in nb["cells"] if cell not in graded for output in cell.get("outputs", [])]
        assert others == []


def test_nothing_is_copied_through_links(stock: Course) -> None:
    there = {path.name for path in (stock.root / "autograded" / "company" / "counting").rglob("*")}
    assert there == {"counting.ipynb", "exercises"}
    assert not (stock.root / "written_by_a_link").exists()


def test_what_was_handed_in_stays(handed_in: Course, quick: Course) -> None:
    for path in (handed_in.root / "submitted").rglob("*"):
        if path.is_file() and not path.is_symlink():
            assert (quick.root / path.relative_to(handed_in.root)).read_bytes() == path.read_bytes()


def test_regrading_repeats_it_bit_for_bit(quick: Course, tmp_path: Path) -> None:
    again = quick.copy(tmp_path / "course")
    assert f"0 graded, {len(CLASS)} up to date" in again.by_grader("autograde", "counting")
    assert f"{len(CLASS)} graded, 0 up to date" in again.by_grader("autograde", "counting", "--force", "--jobs", "1")
    assert again.all_autograded() == quick.all_autograded()
    assert again.rows() == quick.rows()


def test_the_command_says_what_it_needs(quick: Course, tmp_path: Path) -> None:
    assert "no assignment 'counting2', did you mean 'counting'?" in quick.by_grader("autograde", "counting2", code=2)
    assert "nbgrader_config.py" in quick.by_grader("autograde", "counting", "--course-dir", str(tmp_path), code=2)
    assert "nobody has handed in" in quick.by_grader("autograde", "counting", "--student", "zoe", code=2)
    assert "1 graded, 0 up to date" in quick.by_grader("autograde", "convolution")
    assert quick.marks("convolution") == {"ada": (5.0,)}


# -- feedback ------------------------------------------------------------------------------------------------------------------


def read(page: str) -> str:
    """A page as its reader sees it."""
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_feedback_tells_the_mistake_in_the_language_of_the_course(stock: Course) -> None:
    page = read(stock.feedback("bob"))
    assert "Посчитана только матрица весов. Взгляните на формулу ещё раз, обучается не только она." in page
    assert "Веса и смещения слоёв разного размера" in page
    assert "1 из 5" in page
    assert "1.0 / 5.0" in page  # nbgrader's own line
    assert "Слой без смещения" in read(stock.feedback("ada"))


def test_feedback_says_what_was_repaired_or_chosen(stock: Course) -> None:
    for student in ("two", "renamed", "script"):
        assert stock.feedback(student) != ""
    assert "my work.ipynb" in read(stock.feedback("two"))
    assert "Counting (1).ipynb" in read(stock.feedback("renamed"))
    assert "solution.py" in read(stock.feedback("script"))
    for page in (stock.feedback("broken"), stock.all_autograded()["broken"]):
        assert "Файл counting.ipynb повреждён. Прочитано то, что удалось восстановить." in read(page)
    assert "повреждён" not in read(stock.feedback("ada"))


def test_feedback_says_in_the_language_of_the_course_why_a_test_failed(stock: Course) -> None:
    assert "значение должно быть другим" in read(stock.feedback("bob"))
    assert "вызов длился дольше 4 с" in read(stock.feedback("loop"))
    assert "код сам завершил процесс (код выхода 0)" in read(stock.feedback("exit"))
    for student in ("bob", "loop", "exit", "tags", "modules"):
        for english in ("the value is", "took longer", "exit status", "returned", "expected"):
            assert english not in read(stock.feedback(student)), student


@pytest.mark.parametrize("student", ["two", "renamed", "script"])
def test_the_autograded_notebook_shows_the_work_that_got_the_marks(quick: Course, student: str) -> None:
    nb = json.loads(quick.autograded(student).read_text(encoding="utf-8"))
    for name in NAMES:
        shown = "".join(quick.cell_of(nb, f"{name}-solution")["source"])
        assert shown.strip() == quick.right[name].strip()


def test_feedback_is_the_same_after_regrading(stock: Course, tmp_path: Path) -> None:
    again = stock.copy(tmp_path / "course")
    again.by_nbgrader("autograde", "counting", "--force", "--student", "bob")
    again.by_nbgrader("generate_feedback", "counting", "--force", "--student", "bob")
    assert again.all_autograded() == stock.all_autograded()
    assert read(again.feedback("bob")) == read(stock.feedback("bob"))


def test_export(stock: Course) -> None:
    stock.by_nbgrader("export", "--to", "grades.csv")
    with (stock.root / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["assignment"], row["student_id"]): row for row in csv.DictReader(file)}
    bob = rows["counting", "bob"]
    assert (bob["score"], bob["max_score"]) == ("7.5", "15.0")


# -- the exchange, and archives ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exchanged(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Released, fetched, filled, submitted, collected, autograded, feedback released: all by nbgrader's commands."""
    place = tmp_path_factory.mktemp("exchanged")
    found = course.copy(place / "course")
    found.exchange, found.home = place / "exchange", place / "home"
    found.home.mkdir()
    found.environment |= {"HOME": str(found.home), "JUPYTER_DATA_DIR": str(found.home / "jupyter"), "NBGRADER_STUDENT": "1"}
    found.configure(f"c.Exchange.root = {str(found.exchange)!r}\nc.Exchange.assignment_dir = {str(found.home)!r}")
    found.by_nbgrader("release_assignment", "counting")
    found.by_nbgrader("fetch_assignment", "counting")
    fetched = found.home / "counting" / "counting.ipynb"
    found.untouched = found.by_nbgrader("validate", str(fetched))
    fetched.write_text(found.notebook(found.wrong), encoding="utf-8")
    found.validated = found.by_nbgrader("validate", str(fetched), plain=True)
    fetched.write_text(found.notebook(found.right), encoding="utf-8")
    found.well_done = found.by_nbgrader("validate", str(fetched))
    fetched.write_text(found.notebook(found.wrong), encoding="utf-8")
    found.by_nbgrader("submit", "counting")
    found.by_nbgrader("collect", "counting")
    found.by_grader("autograde", "counting")
    found.by_nbgrader("generate_feedback", "counting")
    found.by_nbgrader("release_feedback", "counting")
    found.by_nbgrader("fetch_feedback", "counting")
    return found


def test_by_the_exchange(exchanged: Course) -> None:
    (marks,) = exchanged.marks().values()
    assert marks == CLASS["bob"][1]
    (page,) = (exchanged.home / "counting" / "feedback").rglob("*.html")
    assert "Посчитана только матрица весов" in read(page.read_text(encoding="utf-8"))


def test_validation_tells_what_the_check_tells(exchanged: Course) -> None:
    assert "VALIDATION FAILED ON 2 CELL(S)" in exchanged.untouched
    assert "linear_params: не начато" in exchanged.untouched
    assert "VALIDATION FAILED ON 2 CELL(S)" in exchanged.validated
    assert "linear_params: пока не выполнено" in exchanged.validated
    assert "Success! Your notebook passes all the tests." in exchanged.well_done
    for said in (exchanged.untouched, exchanged.validated):
        assert "Traceback" not in said
        assert "checking.py" not in said


def test_zip_collect(fresh: Course) -> None:
    archive = fresh.root / "downloaded" / "counting" / "archive"
    archive.mkdir(parents=True)
    for student, answers in (("ada", fresh.right), ("bob", fresh.wrong)):
        (archive / f"{student}_counting.ipynb").write_text(fresh.notebook(answers), encoding="utf-8")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("eve_counting.ipynb", fresh.notebook({}))
    (archive / "eve.zip").write_bytes(packed.getvalue())
    fresh.configure('c.FileNameCollectorPlugin.named_regexp = r".*/(?P<student_id>[^/_]+)_(?P<file_id>[^/]+)"')
    fresh.by_nbgrader("zip_collect", "counting")
    fresh.by_grader("autograde", "counting")
    assert fresh.marks() == {"ada": FULL, "bob": CLASS["bob"][1], "eve": NOTHING}


# -- nothing private ----------------------------------------------------------------------------------------------------------


def shown(path: Path) -> str:
    """All that a file says, however it says it: strings of JSON, text of HTML, spaces folded."""
    text = path.read_text(encoding="utf-8", errors="replace")
    texts = [text]
    if path.suffix == ".ipynb":
        texts += strings(json.loads(text))
    whole = "\n".join(texts)
    return " ".join(f"{whole}\n{unescape(re.sub(r'<[^>]+>', '', whole))}".split())


def strings(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [text for pair in data.items() for part in pair for text in strings(part)]
    if isinstance(data, list):
        return ["".join(data)] if all(isinstance(item, str) for item in data) else [t for item in data for t in strings(item)]
    return [data] if isinstance(data, str) else []


def private_texts(course: Course) -> set[str]:
    """Lines of the private half that the public half does not have, the secret, and the seeds of all hidden tests."""
    public = "\n".join(shown(path) for path in (course.kit / "exercises").rglob("*") if path.is_file())
    lines = set()
    for path in (course.kit / "solutions").rglob("*"):
        if path.is_file() and path.suffix in (".py", ".yaml"):
            lines |= {" ".join(line.split()) for line in path.read_text(encoding="utf-8").splitlines()}
    found = {line for line in lines if len(line) >= 25 and line not in public}
    found.add((course.root / ".grader" / "secret").read_text().strip())
    for path in (course.root / ".grader" / "records").rglob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            found |= {str(test["seed"]) for test in json.loads(line)["record"]["tests"] if test["seed"]}
    return found


def hints(course: Course) -> str:
    """What a diagnosis may say."""
    banks = (course.kit / "solutions").rglob("mistakes.yaml")
    texts = [text for path in banks for mistake in yaml.safe_load(path.read_text()) for text in mistake["hint"].values()]
    return "\n".join(" ".join(text.split()) for text in texts)


def test_no_artefact_of_a_student_holds_anything_private(stock: Course, exchanged: Course) -> None:
    for course in (stock, exchanged):
        private, told = private_texts(course), hints(course)
        assert len(private) > 300
        assert sum(text.isdigit() for text in private) > 10
        artefacts = [path for place in ("release", "feedback", "autograded") for path in (course.root / place).rglob("*")]
        if course is exchanged:
            artefacts += [*course.exchange.rglob("*"), *course.home.rglob("*")]
        searched = [path for path in artefacts if path.is_file()]
        assert len(searched) > 5
        for path in searched:
            text = shown(path)
            found = {line for line in private if line in text}
            if "release" not in path.parts:
                found = {line for line in found if line not in told}
            assert not found, path


def test_the_search_finds_what_it_looks_for(stock: Course, tmp_path: Path) -> None:
    reference = (stock.kit / "solutions/counting/conv2d_params/conv2d_params.py").read_text(encoding="utf-8")
    line = "weights = out_features * in_features"
    assert line in private_texts(stock)
    assert line in shown(stock.kit / "solutions/counting/linear_params/linear_params.py")
    notebook = tmp_path / "leak.ipynb"
    notebook.write_text(json.dumps({"cells": [{"source": reference.splitlines(keepends=True)}]}))
    page = tmp_path / "leak.html"
    page.write_text("<i>weights</i> = <b>out_channels</b> * channels_seen&nbsp;* kernel_height * kernel_width")
    for path in (notebook, page):
        assert {text for text in private_texts(stock) if text in shown(path)}, path
