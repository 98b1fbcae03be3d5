"""A submission is read as Python would read it, a stub is known for one, and a self-check costs nothing."""

import linecache
import sys
from collections.abc import Iterator
from textwrap import dedent

import pytest

from grader.guest.loading import MODULE, Source, execute, flags, read, untouched

NAME = "submission.py"


@pytest.fixture(autouse=True)
def _no_module_left() -> Iterator[None]:
    yield
    sys.modules.pop(MODULE, None)
    linecache.cache.pop(NAME, None)


def source_of(text: str) -> Source:
    return read(NAME, dedent(text).encode())


# -- reading -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbfx = 'y'\n", "y"),
        (b"\xef\xbb\xbf# -*- coding: utf-8 -*-\nx = '\xd0\xb6'\n", "ж"),
        ("x = 'ж'\r\ny = 1\r\n".encode(), "ж"),
        (b"if True:\r\n\tx = 1\r\n", 1),
        (b"if True:\r    x = 1\r", 1),
        (b"\xef\xbb\xbfx = '''a\r\nb'''\r\n", "a\nb"),
        ("# -*- coding: cp1251 -*-\nx = 'ж'\n".encode("cp1251"), "ж"),
        ("#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\nx = 'é'\n".encode("latin-1"), "é"),
        (b"\x0cx = 2\n", 2),
        (b"x = 3", 3),
        (b"x = '\\\xd0\xb6'\n".replace(b"\\", b""), "ж"),
    ],
)
def test_bytes_are_read_as_python_reads_them(data: bytes, expected: object) -> None:
    assert execute(read(NAME, data)).x == expected


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"# nothing\n", b'"""Only words."""'])
def test_an_empty_submission_is_a_module(data: bytes) -> None:
    module = execute(read(NAME, data))
    assert module.__doc__ == ("Only words." if b"words" in data else None)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"x = 1\0\n", "null bytes"),
        (b"\0" * 40, "null bytes"),
        (b"x = (1\n", "never closed"),
        (b"def f(:\n", "invalid syntax"),
        (b"if True:\n        x = 1\n\ty = 2\n", "tab"),
        (b"print 'x'\n", "print"),
        (b"# coding: no-such-encoding\n", "no-such-encoding"),
        (b"\xef\xbb\xbf# coding: cp1251\nx = 1\n", "encoding problem"),
        ("x = 'ж'\n".encode("utf-16"), "encoding"),
        (b"return 5 +\n", "invalid syntax"),
    ],
)
def test_what_is_no_python_is_a_syntax_error(data: bytes, told: str) -> None:
    with pytest.raises(SyntaxError, match=told):
        read(NAME, data)


@pytest.mark.parametrize(
    "data", [b"# coding: utf-8\nx = '\xff'\n", b"a = 1\nb = 2\nc = 3\n" + "d = 'ж'\n".encode("cp1251")]
)
def test_wrong_bytes_further_down_are_a_syntax_error(data: bytes) -> None:
    with pytest.raises(SyntaxError):
        read(NAME, data)


def test_a_syntax_error_tells_its_line() -> None:
    with pytest.raises(SyntaxError) as caught:
        read(NAME, b"x = 1\ny = 2\ndef f(:\n")
    assert caught.value.lineno == 3
    assert caught.value.filename == NAME


# -- untouched -----------------------------------------------------------------------------------------------------------------

STUBS = {
    "the shortest": "def f(x):\n    raise NotImplementedError\n",
    "called": "def f(x):\n    raise NotImplementedError()\n",
    "with a reason": "def f(x):\n    raise NotImplementedError('write me')\n",
    "with words": 'def f(x):\n    """What."""\n    ...\n    raise NotImplementedError\n',
    "one line": "def f(x): raise NotImplementedError\n",
    "asynchronous": "async def f(x):\n    raise NotImplementedError\n",
    "decorated": "import functools\n@functools.cache\ndef f(x):\n    raise NotImplementedError\n",
    "after work on something else": "def g(x):\n    return x\ndef f(x):\n    raise NotImplementedError\ny = g(1)\n",
    "written twice": "def f(x):\n    return 1\ndef f(x):\n    raise NotImplementedError\n",
    "a class": (
        "class f:\n    def __init__(self):\n        raise NotImplementedError\n"
        "    def forward(self):\n        raise NotImplementedError\n"
    ),
    "a module": (
        "class f(Base):\n    '''Doc.'''\n    def __init__(self, n):\n        '''Doc.'''\n        super().__init__()\n"
        "        raise NotImplementedError\n    def forward(self, x):\n        raise NotImplementedError\n"
    ),
}

BEGUN = {
    "nothing": "",
    "another name": "def g(x):\n    raise NotImplementedError\n",
    "another error": "def f(x):\n    raise ValueError\n",
    "another error of that name": "def f(x):\n    raise errors.NotImplementedError\n",
    "raised again": "def f(x):\n    raise\n",
    "a first line": "def f(x):\n    y = x * 2\n    raise NotImplementedError\n",
    "a call": "def f(x):\n    print(x)\n    raise NotImplementedError\n",
    "a condition": "def f(x):\n    if x:\n        raise NotImplementedError\n",
    "words alone": 'def f(x):\n    """What."""\n',
    "pass": "def f(x):\n    pass\n",
    "work after the error": "def f(x):\n    raise NotImplementedError\n    return x\n",
    "written again": "def f(x):\n    raise NotImplementedError\ndef f(x):\n    return x\n",
    "bound again": "def f(x):\n    raise NotImplementedError\nf = lambda x: x\n",
    "bound in a pair": "def f(x):\n    raise NotImplementedError\nf, g = abs, abs\n",
    "bound by a walrus": "def f(x):\n    raise NotImplementedError\nprint(f := abs)\n",
    "bound in a block": "def f(x):\n    raise NotImplementedError\nif True:\n    f = abs\n",
    "no function": "f = 5\n",
    "a class without functions": "class f:\n    x = 1\n",
    "half of a class": (
        "class f:\n    def __init__(self):\n        self.x = 1\n    def forward(self):\n        raise NotImplementedError\n"
    ),
    "the other half": (
        "class f:\n    def __init__(self):\n        super().__init__()\n        raise NotImplementedError\n"
        "    def forward(self):\n        return 1\n"
    ),
    "another call of the base": (
        "class f:\n    def __init__(self):\n        super().__init__(3)\n        raise NotImplementedError\n"
    ),
    "a function inside": "def f(x):\n    def g():\n        return 1\n    raise NotImplementedError\n",
}


@pytest.mark.parametrize("text", STUBS.values(), ids=STUBS.keys())
def test_stubs_are_untouched(text: str) -> None:
    assert untouched(source_of(text), "f")


@pytest.mark.parametrize("text", BEGUN.values(), ids=BEGUN.keys())
def test_what_was_begun_is_not(text: str) -> None:
    assert not untouched(source_of(text), "f")


@pytest.mark.parametrize(
    "later",
    [
        "if True:\n    def f(x):\n        return x\n",
        "try:\n    def f(x):\n        return x\nfinally:\n    pass\n",
        "from operator import neg as f\n",
        "import operator as f\n",
    ],
)
def test_what_another_statement_binds_is_not_untouched(later: str) -> None:
    assert not untouched(source_of("def f(x):\n    raise NotImplementedError\n" + later), "f")


# -- executing -----------------------------------------------------------------------------------------------------------------

REACHES = """
from grader.guest.hits import ForbiddenCall

def taken():
    raise ForbiddenCall("conv is not available in this exercise")

"""


def test_a_module_like_any_other() -> None:
    module = execute(source_of('"""Words."""\nimport math\nname, file = __name__, __file__\ndef f():\n    return math.pi\n'))
    assert (module.__doc__, module.name, module.file) == ("Words.", MODULE, NAME)
    assert module.f.__module__ == MODULE
    assert sys.modules[MODULE] is module
    assert linecache.getline(NAME, 2) == "import math\n"


def test_main_blocks_do_not_run() -> None:
    module = execute(source_of("ran = False\nif __name__ == '__main__':\n    ran = True\n"))
    assert module.ran is False


def test_a_self_check_that_reaches_a_forbidden_call_is_skipped() -> None:
    source = source_of(REACHES + "x = 1\ny = taken()\nz = 3\nclass A:\n    b = taken()\nw = 4\n")
    module = execute(source)
    assert (module.x, module.z, module.w) == (1, 3, 4)
    assert not hasattr(module, "y")
    assert not hasattr(module, "A")
    assert source.skipped == [
        (8, "conv is not available in this exercise"),
        (10, "conv is not available in this exercise"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "(\n    1,\n    taken(),\n)",
        "@taken()\ndef g():\n    pass",
        "def g(x=taken()):\n    pass",
        "for _ in range(3):\n    taken()",
        "def h():\n    taken()\nh()",
        "if taken():\n    pass",
    ],
)
def test_each_kind_of_statement_is_skipped_once(statement: str) -> None:
    source = source_of(REACHES + statement + "\nafter = 1\n")
    assert execute(source).after == 1
    assert len(source.skipped) == 1


def test_nothing_runs_twice() -> None:
    module = execute(source_of(REACHES + "ran = []\nran.append(1)\ntaken()\nran.append(2)\ntaken()\nran.append(3)\n"))
    assert module.ran == [1, 2, 3]


def test_a_last_statement_can_be_skipped() -> None:
    source = source_of(REACHES + "x = 1\ntaken()\n")
    assert execute(source).x == 1
    assert source.skipped[0][0] == 8


def test_what_catches_the_call_itself_runs_on() -> None:
    source = source_of(REACHES + "try:\n    taken()\nexcept RuntimeError:\n    x = 5\n")
    assert execute(source).x == 5
    assert source.skipped == []


@pytest.mark.parametrize(
    ("lines", "skipped"),
    [
        ("import no_such_plots as plots", [1]),
        ("from no_such_plots import plots", [1]),
        ("import os, no_such_plots.inner as plots", [1]),
        ("import no_such_plots as plots\nfigure = plots.figure()\nfigure.show()", [1, 2, 3]),
        ("import no_such_plots as plots\nplots.rc['size'] = 3\nplots.use()", [1, 2, 3]),
        ("import no_such_plots as plots\nclass Figure(plots.Figure): pass\n@plots.fast\ndef draw(x): pass", [1, 2, 4]),
        ("import no_such_plots as plots\nwith plots.style: pass\nfor one in plots: pass\nisinstance(1, plots)", [1, 2, 3, 4]),
        ("import no_such_plots as plots\nnames = [plots, type(plots), repr(plots), id(plots)]", [1]),
        ("from math import no_such_function as plots", [1]),
    ],
)
def test_an_import_of_what_is_not_installed_fails_only_where_it_is_used(lines: str, skipped: list[int]) -> None:
    source = source_of(f"{lines}\ndef f(x):\n    return x + 1\ndef g(x):\n    return plots.draw(x)\n")
    module = execute(source)
    assert module.f(1) == 2
    with pytest.raises(ImportError, match="no_such"):
        module.g(1)
    assert [line for line, _ in source.skipped] == skipped
    assert all("no_such" in told for _, told in source.skipped)


def test_a_name_that_was_there_before_a_failing_import_stays() -> None:
    module = execute(source_of("import math\nimport math.no_such_part\ndef f():\n    return math.pi\n"))
    assert module.f() > 3


def test_a_graded_function_that_needs_what_is_absent_tells_why() -> None:
    source = source_of("from no_such_speed import fast\n@fast\ndef f(x):\n    return x\n")
    with pytest.raises(ModuleNotFoundError, match="no_such_speed"):
        execute(source).f(1)


@pytest.mark.parametrize(
    "line", ["from no_such_plots import *", "def f():\n    import no_such_plots\nf()", "raise ImportError('own')"]
)
def test_other_failing_imports_end_the_loading(line: str) -> None:
    with pytest.raises(ImportError):
        execute(source_of(f"{line}\nx = 1\n"))


def test_another_error_ends_the_loading() -> None:
    with pytest.raises(ZeroDivisionError):
        execute(source_of("x = 1\n1 / 0\n"))


def test_future_imports_hold_for_the_whole_file() -> None:
    source = source_of(
        '"""Words."""\nfrom __future__ import annotations\n'
        + REACHES
        + "taken()\n\ndef f(x: NoSuchName) -> AnotherOne:\n    return x\n"
    )
    module = execute(source)
    assert module.f.__annotations__ == {"x": "NoSuchName", "return": "AnotherOne"}
    assert len(source.skipped) == 1


def test_future_imports_of_the_kit_do_not_leak_in() -> None:
    module = execute(source_of("def f(x: int):\n    return x\n"))
    assert module.f.__annotations__ == {"x": int}


# -- flags ---------------------------------------------------------------------------------------------------------------------


def test_flags_tell_line_and_cause() -> None:
    text = """
        import ctypes
        import numpy, gc as collector
        from multiprocessing.pool import Pool
        eval("1")
        getattr(numpy, "ones")
        getattr(numpy, "o" + "nes")
        setattr(numpy, name, 1)
        exec("x = 1")
        __import__("os")
    """
    assert flags(source_of(text)) == [
        (2, "import ctypes"),
        (3, "import gc"),
        (4, "import multiprocessing.pool"),
        (5, "eval()"),
        (7, "getattr()"),
        (8, "setattr()"),
        (9, "exec()"),
        (10, "__import__()"),
    ]


def test_mentions_are_no_flags() -> None:
    text = """
        '''Uses eval() and ctypes.'''
        # exec("x")
        import numpy as np
        from torch import nn
        x = np.ones(2).sum()
        model.eval()
        note = "import gc"
    """
    assert flags(source_of(text)) == []


def test_flags_are_few() -> None:
    assert len(flags(source_of("eval('1')\n" * 500))) == 20
