"""`check()` on a namespace and in a real kernel: what it tells, and that the kernel is afterwards what it was."""

import asyncio
import gc
import json
import linecache
import math
import os
import random
import shutil
import subprocess
import sys
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import check

WORDS = {language: f"library scaling {language}" for language in ("en", "ru", "hi")}
STUB = 'def scale(x, factor=2.0):\n    """Scale."""\n    raise NotImplementedError\n'


@pytest.fixture(autouse=True)
def course(build: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A released assignment: notebook, public half of its exercises; the kernel runs in its folder."""
    build.exercise("scale", forbidden=[{"what": WORDS, "functions": ["math.prod"]}])
    build.exercise("shift", public=SHIFT)
    folder: Path = tmp_path / "handed out" / "basics"
    shutil.copytree(build.root / "exercises", folder / "exercises")
    monkeypatch.chdir(folder)
    for name in ("GRADER_LANG", "GRADER_COURSE", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    return folder


SHIFT = """
@title(en="Adds", ru="Прибавляет", hi="जोड़ता है")
def test_adds(student, rng):
    assert_close(student.shift(np.arange(6.0).reshape(2, 3)), np.arange(6.0).reshape(2, 3) + 2)
"""


def scale(x: Any, factor: float = 2.0) -> Any:
    return x * factor


def shift(x: Any, factor: float = 2.0) -> Any:
    print("shifting", "<b>")
    return x + factor + (x == 5)


RIGHT, BOTH = {"scale": scale}, {"scale": scale, "shift": shift}


def defined(source: str, filename: str = "/tmp/cell_1.py") -> dict[str, Any]:
    """A namespace as a kernel makes it: the source of each cell is known to linecache."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, filename, "exec"), namespace)
    return namespace


# -- what it tells -------------------------------------------------------------------------------------------------------------


def test_a_right_function_passes_and_is_told_what_is_forbidden_later() -> None:
    result = check("scale", namespace=RIGHT)
    assert result
    assert result.records[0].sandbox == "in-process"
    for told in (repr(result), result._repr_html_()):
        assert "scale: complete" in told.replace("<code>", "").replace("</code>", "")
        assert "library scaling en" in told


def test_the_namespace_is_the_callers_by_default() -> None:
    assert check("scale").passed


def test_a_wrong_function_is_told_with_its_prints_and_a_picture() -> None:
    result = check("shift", namespace=BOTH)
    assert not result
    assert "1 of 6 values are off" in repr(result)
    assert "shifting <b>" in repr(result)
    html = result._repr_html_()
    assert "shifting &lt;b&gt;" in html
    assert html.count('role="img"') == 1
    assert 'title="[1, 2] 8"' in html
    assert 'class="gf-off" style="background-color:rgba(213,94,0,0.5)" title="[1, 2] 1"' in html


def test_a_graded_cell_does_nothing_but_when_nbgrader_validates(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {"scale": lambda x, factor=2.0: x}
    assert check("scale", namespace=held, validate=True) is None
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    assert not check("scale", namespace=held)
    with pytest.raises(AssertionError, match="scale: not complete yet") as raised:
        check("scale", namespace=held, validate=True)
    # What a notebook shows of it holds no traceback.
    assert raised.value._render_traceback_() == str(check("scale", namespace=held)).splitlines()  # type: ignore[attr-defined]
    with pytest.raises(AssertionError, match="Not in this notebook yet"):
        check("scale", namespace={}, validate=True)
    result = check("scale", namespace={"scale": scale}, validate=True)
    assert result is not None
    assert result.passed


def test_all_of_the_topic_and_what_is_not_there() -> None:
    result = check(namespace=RIGHT)
    assert [record.exercise for record in result.records] == ["scale"]
    assert result.missing == ("shift",)
    assert not result.passed
    assert "Not in this notebook yet, or its cell has not been run: shift" in repr(result)
    assert "1 of 2 exercises are complete" in result._repr_html_()


def test_a_stub_is_not_started() -> None:
    assert check("scale", namespace=defined(STUB)).records[0].outcome == "not_started"
    begun = check("scale", namespace=defined(STUB.replace("raise", "x = x * 2\n    raise"), "/tmp/cell_2.py"))
    assert begun.records[0].outcome == "error"


def test_what_is_not_plain_python_around_a_function_does_not_matter() -> None:
    namespace = defined("def scale(x, factor=2.0):\n    return x * factor\n", "/tmp/cell_3.py")
    linecache.cache["/tmp/cell_3.py"] = (1, None, ["%matplotlib inline\n", "!pip list\n"], "/tmp/cell_3.py")
    assert check("scale", namespace=namespace)


class Scale:
    """A callable object is as good as a function."""

    def __call__(self, x: Any, factor: float = 2.0) -> Any:
        return x * factor


def test_callable_objects_pass() -> None:
    assert check("scale", namespace={"scale": Scale()})


def test_an_exception_is_told_with_its_line_and_without_a_traceback() -> None:
    namespace = defined("def scale(x, factor=2.0):\n    raise KeyError('no')\n")
    told = repr(check("scale", namespace=namespace))
    assert "your code raised KeyError: 'no' (line 2)" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("wrong", [SystemExit, GeneratorExit, BaseException])
def test_no_exception_of_the_students_code_gets_out(wrong: type[BaseException]) -> None:
    def failing(x: Any, factor: float = 2.0) -> Any:
        raise wrong

    assert check("scale", namespace={"scale": failing}).records[0].outcome == "error"


def test_an_interrupt_ends_the_check_and_names_the_test() -> None:
    calls = []

    def endless(x: Any, factor: float = 2.0) -> Any:
        calls.append(1)
        raise KeyboardInterrupt

    result = check("scale", namespace={"scale": endless})
    assert len(calls) == 1
    assert not result
    assert "stopped while “By a number” was running" in repr(result)
    assert check("scale", namespace=RIGHT)


def test_a_misspelt_name_is_answered_in_a_sentence() -> None:
    result = check("scael", namespace=RIGHT)
    assert not result
    assert "did you mean 'scale'?" in repr(result)
    assert "scael" in result._repr_html_()


@pytest.mark.parametrize("asked", [(scale,), (["scale"],), ((scale, "scale"),)])
def test_the_function_itself_or_a_list_is_as_good_as_the_name(asked: Any) -> None:
    assert [record.exercise for record in check(*asked, namespace=RIGHT).records] == ["scale"]


def test_the_name_of_what_an_exercise_asks_for_is_as_good_as_its_own(build: Any, course: Path) -> None:
    build.exercise("big_scale", entry="Scale")
    shutil.copytree(build.root / "exercises", course / "exercises", dirs_exist_ok=True)
    assert [record.exercise for record in check(Scale, namespace={"Scale": scale}).records] == ["big_scale"]


@pytest.mark.parametrize("asked", [None, 5, Scale(), [2.5]])
def test_what_is_no_name_is_answered_in_a_sentence(asked: Any) -> None:
    told = repr(check(asked, namespace=RIGHT))
    assert "check() takes names of exercises and topics, in quotes" in told
    assert "itself failed" not in told
    russian = repr(check(asked, namespace=RIGHT, lang="ru"))
    assert "в кавычках" in russian


def test_broken_test_files_are_told(course: Path) -> None:
    (course / "exercises/basics/scale/test_public.py").write_text("def test(:\n", encoding="utf-8")
    assert "the tests cannot be collected" in repr(check("scale", namespace=RIGHT))


def test_broken_files_of_another_exercise_stop_nothing(course: Path) -> None:
    (course / "exercises/basics/topic.yaml").write_text("titel: x\n", encoding="utf-8")
    (course / "exercises/basics/shift/exercise.yaml").write_text("entry: [\n", encoding="utf-8")
    assert check("scale", namespace=RIGHT)
    assert [record.outcome for record in check(namespace=RIGHT).records] == ["passed"]
    both = check("scale", "shift", namespace=RIGHT)
    assert not both  # what was asked for and not checked does not pass
    assert [record.outcome for record in both.records] == ["passed"]
    assert "exercise.yaml:2: not valid YAML" in repr(both)
    assert "exercise.yaml:2: not valid YAML" in repr(check("shift", namespace=RIGHT))


def test_a_check_inside_a_check_does_nothing() -> None:
    inner = []

    def asks(x: Any, factor: float = 2.0) -> Any:
        inner.append(repr(check("scale", namespace=RIGHT)))
        return x * factor

    assert check("scale", namespace={"scale": asks})
    assert "the inner call does nothing" in inner[0]


# -- language and place --------------------------------------------------------------------------------------------------------


def test_the_language_is_asked_for_or_the_environments_or_the_notebooks(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check("scale", namespace=RIGHT).language == "en"
    notebook = {"cells": [], "metadata": {"grader": {"language": "hi"}}, "nbformat": 4, "nbformat_minor": 5}
    (course / "basics.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert "जाँच नहीं" not in repr(check("scale", namespace=RIGHT))
    assert "पूरा हुआ" in repr(check("scale", namespace=RIGHT))
    monkeypatch.setenv("GRADER_LANG", "ru")
    assert "На число: пройден" in repr(check("scale", namespace=RIGHT))
    assert check("scale", lang="en", namespace=RIGHT).language == "en"


@pytest.mark.parametrize("text", ["{", "[]", '{"metadata": {"grader": {"language": ["x"]}}}', ""])
def test_a_damaged_notebook_does_not_matter(course: Path, text: str) -> None:
    (course / "basics.ipynb").write_text(text, encoding="utf-8")
    assert check("scale", namespace=RIGHT).language == "en"


def test_the_topic_is_the_notebooks_also_in_a_larger_course(build: Any, course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build.exercise("other", topic="advanced")
    shutil.copytree(build.root / "exercises", course / "exercises", dirs_exist_ok=True)
    assert check(namespace=RIGHT).missing == ("shift",)  # by the folder's name
    for path in (course / "advanced.ipynb", course / "notes.ipynb"):
        path.write_text("{}", encoding="utf-8")
    monkeypatch.setenv("JPY_SESSION_NAME", str(course / "advanced.ipynb"))
    assert check(namespace={"other": scale}).passed
    monkeypatch.delenv("JPY_SESSION_NAME")
    (course / "work").mkdir()
    monkeypatch.chdir(course / "work")  # neither a topic's folder nor a notebook: what the kernel holds
    assert [record.exercise for record in check(namespace=RIGHT).records] == ["scale"]
    assert "nothing to check" in repr(check(namespace={}))


# -- the kernel is afterwards what it was ----------------------------------------------------------------------------------------


def state() -> dict[str, Any]:
    """What a check could disturb."""
    return {
        "random": random.getstate(),
        "numpy": str(np.random.get_state(legacy=False)),
        "filters": list(warnings.filters),
        "environ": dict(os.environ),
        "finders": list(sys.meta_path),
        "hooks": list(sys.path_hooks),
        "path": list(sys.path),
        "streams": (sys.stdout, sys.stderr),
        "frozen": gc.get_freeze_count(),
        "folder": os.getcwd(),
        "lines": dict(linecache.cache),
        "excepthook": sys.excepthook,
        "breakpointhook": sys.breakpointhook,
    }


def draws(x: Any, factor: float = 2.0) -> Any:
    np.random.rand()
    random.random()
    warnings.warn("student", UserWarning, stacklevel=1)
    return x * factor


def test_nothing_is_disturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = types.ModuleType("submission")
    monkeypatch.setitem(sys.modules, "submission", mine)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "mine")
    namespace = {"scale": draws, "shift": shift, "kept": object()}
    check(namespace=namespace)  # the first time imports what it needs
    names, modules, before = dict(namespace), dict(sys.modules), state()
    result = check(namespace=namespace)
    assert result.records[0].outcome == "passed"
    after = state()
    assert {key for key in before if before[key] != after[key]} == set()
    assert namespace == names
    assert sys.modules == modules


def test_forbidden_calls_stay_in_the_kernel() -> None:
    assert check("scale", namespace=RIGHT)
    assert math.prod([2, 3]) == 6


def test_torch_draws_go_on_as_they_would(build: Any, course: Path) -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    assert check("scale", namespace=RIGHT)
    assert torch.equal(torch.rand(3), expected)


def test_it_runs_inside_a_running_loop() -> None:
    async def cell() -> bool:
        return check("scale", namespace=RIGHT).passed

    assert asyncio.run(cell())


def test_importing_the_kit_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import grader; print(sorted(set(sys.modules) - before))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    assert told.stdout.strip() == "['grader']"
    with pytest.raises(ImportError):
        exec("from grader import no_such_thing")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}


# -- a real kernel -------------------------------------------------------------------------------------------------------------


class Kernel:
    """Runs cells in an ipykernel."""

    def __init__(self, manager: Any, client: Any) -> None:
        self.manager = manager
        self.client = client

    def run(self, code: str, interrupt_at: Path | None = None) -> dict[str, str]:
        """The result's data of a cell, its printed text under "stream", an error under "error"."""
        request = self.client.execute(code)
        found: dict[str, str] = {}
        while True:
            if interrupt_at is not None and interrupt_at.exists():
                interrupt_at.unlink()
                self.manager.interrupt_kernel()
                interrupt_at = None
            try:
                message = self.client.get_iopub_msg(timeout=0.2 if interrupt_at else 60)
            except Exception:
                if interrupt_at is None:
                    raise
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            content = message["content"]
            if message["msg_type"] == "execute_result":
                found.update(content["data"])
            elif message["msg_type"] == "stream":
                found["stream"] = found.get("stream", "") + content["text"]
            elif message["msg_type"] == "error":
                found["error"] = content["ename"]
            elif message["msg_type"] == "status" and content["execution_state"] == "idle":
                return found


@pytest.fixture
def kernel(course: Path, tmp_path: Path, recwarn: Any) -> Iterator[Kernel]:
    manager = pytest.importorskip("jupyter_client.manager")
    warnings.simplefilter("ignore")  # Jupyter's own
    environment = {**_environment(), "IPYTHONDIR": str(tmp_path / "ipython"), "GRADER_LANG": "en"}
    started, client = manager.start_new_kernel(kernel_name="python3", env=environment, cwd=str(course))
    try:
        yield Kernel(started, client)
    finally:
        client.stop_channels()
        started.shutdown_kernel(now=True)


def test_in_a_kernel(kernel: Kernel, tmp_path: Path) -> None:
    kernel.run("import warnings; warnings.simplefilter('ignore')")
    assert kernel.run("from grader import check\ncheck()")["text/plain"].startswith("0 of 2 exercises are complete")
    kernel.run(STUB)
    assert "not started" in kernel.run('check("scale")')["text/plain"]
    kernel.run("def helper(x):\n    return x + 'a'\n")
    kernel.run("%%time\ndef scale(x, factor=2.0):\n    return helper(x)\n")
    told = kernel.run('check("scale")')
    assert "your code raised" in told["text/plain"]
    assert "<section" in told["text/html"]
    assert "stream" not in told
    marker = tmp_path / "running"
    kernel.run(f"def scale(x, factor=2.0):\n    open({str(marker)!r}, 'w').close()\n    while True:\n        pass\n")
    stopped = kernel.run('check("scale")', interrupt_at=marker)
    assert "look for a loop that never ends" in stopped["text/plain"]
    assert "error" not in stopped
    kernel.run("def scale(x, factor=2.0):\n    return x * factor\n")
    assert kernel.run('bool(check("scale"))') == {"text/plain": "True"}
    assert kernel.run("await __import__('asyncio').sleep(0)\ncheck('scale').passed") == {"text/plain": "True"}
