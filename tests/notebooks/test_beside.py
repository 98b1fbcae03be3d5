"""Python files that lie beside a notebook are there for its imports when it is graded, as they are in its kernel."""

from pathlib import Path

import pytest

from grader.guest import loading
from grader.notebooks.assemble import assemble_submission
from grader.notebooks.cells import CodeCell
from grader.notebooks.submitted import modules_beside

HELPER = "def g(x): return x * x\n"


def answer(folder: Path, *texts: str, given: Path | None = None) -> object:
    """What f(3) gives in the notebook of these cells, handed in with the other files of a folder."""
    cells = [CodeCell("topic.ipynb", number, text) for number, text in enumerate(texts, 1)]
    made = assemble_submission([cells], ["f"], "topic.py", modules=modules_beside(folder, given))
    return loading.execute(loading.read("topic.py", made[0].source)).f(3)


def lay(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("files", "source"),
    [
        ({"own.py": HELPER}, "from own import g as f"),
        ({"own.py": HELPER}, "import own\ndef f(x): return own.g(x)"),
        ({"own.py": HELPER}, "def f(x):\n    from own import g\n    return g(x)"),
        ({"own.py": "from other import g", "other.py": HELPER}, "from own import *\ndef f(x): return g(x)"),
        ({"lib/own.py": HELPER}, "from lib.own import g as f"),
        ({"lib/__init__.py": "from .own import g", "lib/own.py": "from . import deep\ng = deep.g", "lib/deep.py": HELPER},
         "import lib\ndef f(x): return lib.g(x)"),
        ({"lib/own.py": HELPER}, "import sys\nsys.path.append('lib')\nimport own\nf = own.g"),
        ({"handed in/own.py": HELPER}, "from own import g\ndef f(x): return g(x)"),
        ({"own.py": HELPER, "unused.py": "1 / 0"}, "from own import g as f"),
        ({"own.py": "import one\ndef g(x): return one.h(x)\n", "one.py": "import own\ndef h(x): return x * x"},
         "from own import g as f"),
        ({"math.py": "1 / 0", "numpy.py": "1 / 0"},
         "import math\nimport numpy as np\ndef f(x): return int(np.square(math.floor(x)))"),
    ],
)  # fmt: skip
def test_modules_that_were_handed_in(tmp_path: Path, files: dict[str, str], source: str) -> None:
    assert answer(lay(tmp_path, files), source) == 9


def test_a_module_that_was_given_out_need_not_come_back(tmp_path: Path) -> None:
    given, handed_in = lay(tmp_path / "release", {"own.py": HELPER}), tmp_path / "submitted"
    assert answer(lay(handed_in, {}), "from own import g as f", given=given) == 9
    lay(handed_in, {"own.py": "def g(x): return -x\n"})
    assert answer(handed_in, "from own import g as f", given=given) == -3


def test_what_the_notebook_writes_counts_before_what_lies_there(tmp_path: Path) -> None:
    folder = lay(tmp_path, {"own.py": "def g(x): return 0\n"})
    assert answer(folder, "%%writefile own.py\n" + HELPER, "from own import g as f") == 9


@pytest.mark.parametrize("path", ["lib/own.py", "./lib/own.py", "/content/lib/own.py"])
def test_modules_written_into_a_folder(tmp_path: Path, path: str) -> None:
    assert answer(tmp_path, f"%%writefile {path}\n" + HELPER, "from lib.own import g as f") == 9


def test_a_module_that_fails_takes_along_only_what_imports_it(tmp_path: Path) -> None:
    folder = lay(tmp_path, {"own.py": "1 / 0"})
    texts = ("import own\ndef f(x): return own.g(x)\n", "def h(x): return x * x")
    cells = [CodeCell("topic.ipynb", number, text) for number, text in enumerate(texts, 1)]
    made = {each.entries: each for each in assemble_submission([cells], ["f", "h"], "topic.py", modules=modules_beside(folder))}
    assert set(made) == {("f",), ("h",)}
    assert loading.execute(loading.read("topic.py", made["h",].source)).h(3) == 9


def test_files_of_an_intake_are_modules_without_being_named() -> None:
    files = [[CodeCell("work.py", 1, "from helper import g\ndef f(x): return g(x)")], [CodeCell("helper.py", 1, HELPER)]]
    made = assemble_submission(files, ["f"], "work.py")
    assert loading.execute(loading.read("work.py", made[0].source)).f(3) == 9
