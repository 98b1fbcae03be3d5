"""The watch over what is loaded: it sees through links, and rests on nothing that a submission can change."""

import dis
import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.guest import loads


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with links of every kind."""
    (tmp_path / "real" / "inner").mkdir(parents=True)
    (tmp_path / "real" / "inner" / "file").write_text("")
    (tmp_path / "near").symlink_to("real/inner")
    (tmp_path / "far").symlink_to(tmp_path / "near")
    (tmp_path / "real" / "up").symlink_to("../far/./file")
    (tmp_path / "nowhere").symlink_to("missing/../gone")
    return tmp_path


@pytest.mark.parametrize(
    "name", ["real/inner/file", "near/file", "far/../inner/file", "real/up", "nowhere", "missing/file", "far//./", ""]
)
def test_links_are_seen_through(tree: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    assert loads._resolved(str(tree / name)) == os.path.realpath(tree / name)
    assert loads._resolved(name) == os.path.realpath(name)


def test_a_circle_of_links_has_an_end(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    assert loads._resolved(str(tmp_path / "one" / "file")).startswith(str(tmp_path))


def test_the_watch_looks_nothing_up() -> None:
    seen = []
    for template in (loads._hook, loads._guard, loads._text, loads._resolve):
        seen += [each.argval for each in dis.get_instructions(template) if "GLOBAL" in each.opname or "DEREF" in each.opname]
    assert seen == []


CHANGED = """
import gc, sys
from grader.guest import loads
made = loads.Loads(final=True)
made.close(["stringprep"])
made.protect(loads.__file__)
made.watch()
try:
    import importlib
    importlib.reload(loads)
except loads.ForbiddenCall as error:
    trace = error.__traceback__
    while trace.tb_next is not None:
        trace = trace.tb_next
    assert trace.tb_frame.f_code.co_name == "<sealed>"
    for function in gc.get_referents(trace.tb_frame):
        if type(function) is type(made.watch.__func__):
            try:
                function.__code__ = (lambda event, arguments: None).__code__
            except loads.ForbiddenCall:
                print("kept")
import stringprep
print("loaded")
"""


def test_the_watch_stays_though_somebody_holds_its_function() -> None:
    ended = subprocess.run([sys.executable, "-u", "-c", CHANGED], capture_output=True, text=True, timeout=60)
    assert (set(ended.stdout.split()), ended.returncode) == ({"kept"}, loads.CLOSED), ended.stderr
