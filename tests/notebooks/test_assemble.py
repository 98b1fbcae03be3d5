"""One module of the cells of a submission: the right answer is never lost, and a demo is never run."""

import ast
import re
import subprocess
import sys
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.guest import loading
from grader.notebooks.assemble import Assembled, Place, assemble, assemble_submission
from grader.notebooks.cells import CodeCell
from grader.notebooks.notes import Note, Spot, tell
from grader.notebooks.parsing import parse
from grader.notebooks.slicing import Program

OWN = "topic.ipynb"


def cells_of(*texts: str, file: str = OWN) -> list[CodeCell]:
    return [CodeCell(file, number, dedent(text).strip("\n")) for number, text in enumerate(texts, 1)]


def run(made: Assembled) -> dict[str, Any]:
    """The module as the student's process runs it."""
    return vars(loading.execute(loading.read(made.filename, made.source)))


def load(*texts: str, entries: tuple[str, ...] = ("f",)) -> dict[str, Any]:
    """Module of cells, loaded; all its entries are served, and none is broken."""
    made = assemble(cells_of(*texts), entries, "topic.py")
    assert made.entries == entries
    assert made.broken == {}
    return run(made)


def kinds(made: Assembled) -> list[str]:
    return [note.kind for note in made.notes]


# -- right answers, in every form in which people write them; each is f(3) == 9 ------------------------------------------------

NINES = {
    "helper below": ["def f(x): return helper(x)", "def helper(x): return x * x"],
    "constant elsewhere": ["POWER = 2", "def f(x): return x ** POWER"],
    "annotated constant": ["POWER: int = 2", "def f(x): return x ** POWER"],
    "class of a helper": ["class Helper:\n    def run(self, x): return x * x", "def f(x): return Helper().run(x)"],
    "base class elsewhere": ["class B:\n    p = 2", "class C(B):\n    def __call__(self, x): return x ** self.p", "f = C()"],
    "instance as entry": ["class Square:\n    def __call__(self, x):\n        return x * x\nf = Square()\nprint(f(3))"],
    "lambda": ["f = lambda x: x * g(x)", "g = lambda x: x"],
    "partial": ["from functools import partial\ndef power(n, x): return x ** n", "f = partial(power, 2)"],
    "bound method": ["class S:\n    def m(self, x): return x * x\ns = S()\nf = s.m"],
    "decorator of a library": ["import functools\n@functools.lru_cache(maxsize=None)\ndef f(x): return x * x"],
    "decorator elsewhere": ["def twice(g): return lambda x: g(x) * g(x)", "@twice\ndef f(x):\n    return x"],
    "wrapped afterwards": ["def f(x): return x", "old = f\ndef f(x): return old(x) ** 2"],
    "assigned from itself": ["def f(x): return x", "def sq(g): return lambda x: g(x) ** 2", "f = sq(f)"],
    "from import": ["from math import pow as power", "def f(x): return int(power(x, 2))"],
    "written module": ["%%writefile h.py\ndef g(x): return x * x", "from h import g", "def f(x): return g(x)"],
    "written module by another name": ["%%file './h.py'\ndef g(x): return x * x", "import h as own\ndef f(x): return own.g(x)"],
    "entry in a written module": ["%%writefile h.py\ndef f(x): return x * x", "from h import f"],
    "written module, imported late": ["%%writefile h.py\ndef g(x): return x * x", "def f(x):\n  from h import g\n  return g(x)"],
    "written twice, then added to": [
        "%%writefile h.py\ndef g(x): return 0", "%%writefile h.py\ndef g(x): return p(x)",
        "%%writefile -a h.py\ndef p(x): return x * x", "from h import g", "def f(x): return g(x)",
    ],
    "written modules that need each other": [
        "%%writefile a_last.py\nfrom z_first import p\ndef g(x): return x ** p", "%%writefile z_first.py\np = 2",
        "import a_last\ndef f(x): return a_last.g(x)",
    ],
    "written module that nobody imports": ["%%writefile h.py\n1 / 0", "def f(x): return x * x"],
    "imported name is the entry": ["from operator import mul", "from functools import partial\nf = partial(mul, 3)"],
    "star import": ["from math import *", "def f(x): return floor(sqrt(x * 27))"],
    "star import hides a builtin": [
        "from math import *",
        "def f(x): return 9 if pow(x, 2) == 9.0 and type(pow(x, 2)) is float else 0",
    ],
    "mutual recursion": ["def f(x): return g(x) if x else 9", "def g(x): return f(x - 1)"],
    "try import": [
        "try:\n    import nonsense as m\nexcept ImportError:\n    import math as m",
        "def f(x): return int(m.pow(x, 2))",
    ],
    "nested try import": [
        "try:\n    import none_a as m\nexcept ImportError:\n    try:\n        import none_b as m\n    except ImportError:\n"
        "        m = None",
        "def f(x): return x * x if m is None else 0",
    ],
    "defined in if": ["if True:\n    def f(x): return x * x"],
    "defined in else": ["FAST = False", "if FAST:\n    def f(x): return 0\nelse:\n    def f(x): return x * x"],
    "defined under main": ["if __name__ == '__main__':\n    def f(x): return x * x"],
    "defined in with": ["import contextlib\nwith contextlib.nullcontext() as c:\n    def f(x): return x * x"],
    "defined in a loop": ["for power in range(3):\n    def f(x, power=power): return x ** power"],
    "defined in match": ["match 1:\n    case 1:\n        def f(x): return x * x"],
    "defined in match, beside a demo of the parameter's name": [
        "x = load_for_hours()", "match 1:\n    case 1:\n        def f(x): return x * x\n    case _:\n        def f(x): return 0",
    ],
    "match by values, guards and parts": [
        "import math\nONE = 1\nt = {'a': [1, 2, 3], 'b': 0}\nclass C:\n    __match_args__ = ('n',)\n    n = 2\nc = C()",
        "match t:\n    case {'z': n}:\n        p = n\n    case {'a': [first, *others], **more} "
        "if first == ONE:\n        match c:\n            case C(n=math.inf):\n                p = 0\n"
        "            case C(n) as own:\n                p = own.n",
        "def f(x): return x ** p + len(more) - first",
    ],
    "walrus": ["print(power := 2)", "def f(x): return x ** power"],
    "walrus in a comprehension": ["[power := n for n in range(3)]", "def f(x): return x ** power"],
    "unpacked": ["(a, [b, *c]) = (1, [2, 3])", "def f(x): return x ** b + len(c) - a"],
    "chained assignment": ["a = b = 2", "def f(x): return x ** a"],
    "augmented": ["p = 1", "p += 1", "def f(x): return x ** p"],
    "list filled by a method": ["table = []", "for n in range(5):\n    table.append(n * n)", "def f(x): return table[x]"],
    "list filled by one call": ["table = []", "table.append(9)", "def f(x): return table[0]"],
    "dict updated": ["table = {}", "table.update({3: 9})", "def f(x): return table[x]"],
    "dict by item": ["table = {}", "table[3] = 9", "def f(x): return table[x]"],
    "dict by nested item": ["table = {'a': {}}", "table['a'].setdefault(3, []).append(9)", "def f(x): return table['a'][x][0]"],
    "changed under another name": ["t = {'a': []}", "u = t['a']", "v = u", "v.append(9)", "def f(x): return t['a'][0]"],
    "changed within another": ["t = []", "all = [t]", "t.append(9)", "def f(x): return all[0][0]"],
    "item deleted": ["table = {3: 9, 4: 0}", "del table[4]", "def f(x): return sum(table.values())"],
    "changed through a loop": [
        "layers = [[1], [2]]",
        "for l in layers:\n    l[0] = 3",
        "def f(x): return layers[0][0] * layers[1][0]",
    ],
    "changed by own function": ["t = {}", "def fill(d):\n    d[3] = 9", "fill(t)", "def f(x): return t[x]"],
    "changed by own function through": ["t = {}", "def g():\n    t[3] = 9", "def fill(): g()", "fill()", "def f(x): return t[x]"],
    "global set by own function": ["def init():\n    global P\n    P = 2", "init()", "def f(x): return x ** P"],
    "global set by a call whose value is kept": [
        "def init():\n    global P\n    P = 2\n    return P", "shown = init()", "def f(x): return x ** P",
    ],
    "global set by a call that is shown": ["def init():\n    global P\n    P = 2", "print(init())", "def f(x): return x ** P"],
    "changed by a call whose value is kept": [
        "t = []", "def fill(d):\n    d.append(9)\n    return d", "u = fill(t)", "def f(x): return t[0]",
    ],
    "taken from by a method": ["t = [9, 0]", "last = t.pop()", "def f(x): return sum(t) if len(t) == 1 else 0"],
    "globals by keyword": ["globals().update(P=2)", "def f(x): return x ** P"],
    "changed under another name in place": ["t = [5]", "u = t", "u += [4]", "def f(x): return sum(t)"],
    "default changed in place below": ["t = [5]", "def f(x, d=t): return sum(d)", "t += [4]\nt = 0"],
    "default taken from below": ["t = [9, 1]", "def f(x, d=t): return sum(d)", "t = t.pop()"],
    "method put by an own decorator": [
        "def add_to(cls):\n    def put(g):\n        setattr(cls, g.__name__, g)\n        return g\n    return put",
        "class C: pass", "@add_to(C)\ndef m(self, x): return x * x", "def f(x): return C().m(x)",
    ],
    "method put by an own function": [
        "class C: pass\ndef put(cls, g): setattr(cls, 'm', g)", "put(C, lambda self, x: x * x)", "def f(x): return C().m(x)",
    ],
    "weights set by a library in a loop": [
        "import torch\nlayer = torch.nn.Linear(2, 1)", "for p in layer.parameters():\n    torch.nn.init.ones_(p)",
        "def f(x): return int(layer(torch.full((2,), x + 1.0))) if x else 0",
    ],
    "counted at indices": [
        "import numpy as np\nt = np.zeros(2)", "np.add.at(t, [0, 0], 1)", "def f(x): return int(x ** t[0])",
    ],
    "written into by a library": [
        "import numpy as np\nt = np.zeros(2)", "shown = np.add(1, [1, 2], out=t)", "def f(x): return int(x ** t[0])",
    ],
    "sorted in": ["import bisect\nt = [1, 3]", "bisect.insort(t, 2)", "def f(x): return x ** t[1]"],
    "drawn from": ["t = iter([0, 2])", "print(next(t))", "def f(x): return x ** next(t)"],
    "changed by a library": ["import random\nt = [9]", "random.shuffle(t)", "def f(x): return t[0]"],
    "global counted": ["calls = 0", "def f(x):\n    global calls\n    calls += 1\n    return x * x if calls else 0"],
    "attribute of a function": ["def f(x): return x * f.by", "f.by = 3"],
    "method put on a class": ["class C: pass", "def m(self, x): return x * x", "C.m = m", "def f(x): return C().m(x)"],
    "method put by setattr": ["class C: pass", "setattr(C, 'm', lambda self, x: x * x)", "def f(x): return C().m(x)"],
    "module patched": ["import math", "math.square = lambda x: x * x", "def f(x): return math.square(x)"],
    "entry by globals": ["def g(x): return x * x", "globals()['f'] = g"],
    "entry by globals update": ["def g(x): return x * x", "globals().update({'f': g})"],
    "entry by setattr": ["import sys\ndef g(x): return x * x\nsetattr(sys.modules[__name__], 'f', g)"],
    "entry by exec": ['exec("def f(x):\\n    return x * x")'],
    "entry by exec of a name": ['code = """\ndef f(x):\n    return x * x\n"""', "exec(code)"],
    "helper by globals": ["def square(x): return x * x", "def f(x): return globals()['square'](x)"],
    "helper by computed text": ["def op_square(x): return x * x", "def f(x): return eval('op_' + 'square')(x)"],
    "dataclass": [
        "from dataclasses import dataclass, field",
        "@dataclass(frozen=True)\nclass Config:\n    power: int = field(default=2)",
        "def f(x, config: Config = Config()): return x ** config.power",
    ],
    "default from a constant": ["P = 2", "def f(x, p=P): return x ** p"],
    "annotation from elsewhere": [
        "from collections.abc import Callable\nN = int",
        "def f(x: N, g: Callable[[N], N] | None = None) -> N: return x * x",
    ],
    "named tuple": ["from typing import NamedTuple", "class P(NamedTuple):\n    n: int = 2", "def f(x): return x ** P().n"],
    "future annotations": ["from __future__ import annotations\nimport math", "def f(x: Undefined) -> Nothing: return x * x"],
    "future annotations in a later cell": ["def f(x: int): return x * x", "from __future__ import annotations"],
    "generator": ["def gen(n):\n    while True:\n        yield n", "def f(x): return x * next(gen(x))"],
    "closure": ["def make(n):\n    def inner(x): return x ** n\n    return inner", "f = make(2)"],
    "nested function": ["def f(x):\n    def inner(): return helper(x)\n    return inner()", "def helper(x): return x * x"],
    "class attribute from a global": [
        "P = 2",
        "class C:\n    p = P\n    q = p\n    def m(self, x): return x ** self.q",
        "f = C().m",
    ],
    "comprehension": ["PS = [2]", "def f(x): return [x ** p for p in PS][0]"],
    "semicolons": ["import math; P = 2; Q = 'nonsense'; R = 1", "def f(x): return math.floor(x ** P) * R"],
    "line continued": ["P = 1 + \\\n    1", "def f(x): return x ** P"],
    "lines in brackets": ["P = (\n  1\n+ 1\n)", "def f(x): return x ** P"],
    "text over lines": ['T = """\nnine: 9\n"""; U = 1', "def f(x): return int(T.split()[1]) * U"],
    "names in Cyrillic": ["степень = 2; метка = 'ё'; множитель = 1", "def f(икс): return икс ** степень * множитель"],
    "recursion limit": [
        "import sys",
        "sys.setrecursionlimit(9000)",
        "def g(n): return 0 if n == 0 else 1 + g(n - 1)",
        "def f(x): return x * (g(3000) - 2997)",
    ],
    "display in the answer": ["def f(x):\n    display(x)\n    return x * x"],
    "kernel asked": ["N = 2 if get_ipython() is not None else 2", "def f(x): return x ** N"],
    "import below its use": ["def f(x: np.ndarray = None): return int(np.square(3))", "import numpy as np"],
    "base class below its use": [
        "class C(B): pass\nf = C()",
        "class B(A): pass",
        "class A:\n    def __call__(self, x): return x * x",
    ],
    "decorator below its use": [
        "@twice\ndef f(x): return x",
        "def twice(g):\n    @functools.wraps(g)\n    def inner(x): return g(x) * g(x)\n    return inner",
        "import functools",
    ],
    "two submodules": [
        "import os.path",
        "import os",
        "import xml.dom",
        "import xml.sax",
        "def f(x): return 9 if xml.dom and xml.sax else 0",
    ],
    "earlier attempt cannot run": [
        "from nowhere import nothing",
        "@nothing\ndef f(x: Missing): return nothing(x)",
        "def f(x): return x * x",
    ],
    "conditional second definition": ["def f(x): return x * x", "if False:\n    def f(x): return 0"],
    "deleted helper put back": ["p = 1", "del p", "p = 2", "def f(x): return x ** p"],
    "name deleted in a loop cell": ["for i in range(3):\n    p = i\ndel i", "def f(x): return x ** p"],
    "type checked": ["import typing\nif typing.TYPE_CHECKING:\n    import nonsense", "def f(x): return x * x"],
    "registry": [
        "TABLE = {}\ndef entered(g):\n    TABLE[g.__name__] = g\n    return g",
        "@entered\ndef square(x): return x * x",
        "def f(x): return TABLE['square'](x)",
    ],
    "registry by name": [
        "TABLE = {}\ndef entered(name):\n    def enter(g):\n        TABLE[name] = g\n        return g\n    return enter",
        "@entered('sq')\ndef square(x): return x * x",
        "def f(x): return TABLE['sq'](x)",
    ],
    "singledispatch": [
        "from functools import singledispatch\n@singledispatch\ndef f(x): return 0",
        "@f.register(int)\ndef _(x): return x * x",
    ],
    "raw indented cell": ["    P = 2\n    Q = 1", "def f(x): return x ** P"],
    "console prompts": [">>> def f(x):\n...     return x * x\n>>> f(3)\n"],
    "awaited value": [
        "import asyncio\nasync def get():\n    await asyncio.sleep(0)\n    return 2", "P = await get()",
        "def f(x): return x ** P",
    ],
    "awaited in a block": [
        'import contextlib\nasync with contextlib.AsyncExitStack() as s:\n    P = int("""\n2""")', "def f(x): return x ** P",
    ],
    "awaited in a loop": ["async def all():\n    yield 2\nasync for P in all(): pass", "def f(x): return x ** P"],
    "exported cell with a magic": ["get_ipython().run_cell_magic('time', '', 'def f(x): return x * x\\n')"],
    "exported cell in a script": [
        "# In[1]:\n\nget_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().system('pip install x')\n\n# In[2]:\n\n"
        "get_ipython().run_cell_magic('capture', 'out', '%%time\\nP = 2\\n')\n\ndef f(x):\n"
        "    get_ipython().run_line_magic('time', 'y = x ** P')\n    get_ipython().system('ls')\n    return y",
    ],
    "exported module": ["get_ipython().run_cell_magic('writefile', 'h.py', 'def g(x): return x * x')", "from h import g as f"],
    "prompts of IPython": ["In [3]: def f(x):\n   ...:     return x * x\n   ...: \n"],
    "spaces of a web page": ["def f(x):\n\u00a0\u00a0return\u00a0x * x"],
    "signs that nobody sees": ["\ufeff\u200bdef f(x):\n    return x * x"],
    "kernel asked for its class": [
        "N = 2 if type(get_ipython()).__name__ == 'ZMQInteractiveShell' else 0", "def f(x): return x ** N",
    ],
    "async def elsewhere": [
        "import asyncio\nasync def g(x): return x * x",
        "def f(x): return asyncio.run(g(x))",
    ],
}


# What stands between fails, in a kernel as well: there the name keeps its value, and so it must where it is graded.
@pytest.mark.parametrize(
    "failing",
    [
        "P += nowhere",
        "P, Q = nowhere()",
        "if nowhere:\n    P = 3",
        "for P in nowhere:\n    pass",
        "with open('nowhere') as file:\n    P = file.read()",
        "while True:\n    P = 2\n    raise ValueError",
        "match nowhere:\n    case [P, other]:\n        more = 1\n    case _:\n        P = 3",
        "T['a'] = nowhere",
        "T['a'] = T['b']",
        "T.own = 3",
        "del T['b']",
        "for key in T:\n    T[key] = 0\n    raise ValueError",
        "for key in T:\n    print(f'''{key}\nover\n  lines''')\n    T.append(0)",
        "used = fill(T)",
    ],
)
def test_what_fails_leaves_values_as_they_were(failing: str) -> None:
    fill = "def fill(table):\n    table[3] = nowhere"
    made = assemble(cells_of("P = 2\nT = {3: 1}", fill, failing, "def f(x): return x ** P * len(T)"), ["f"], "topic.py")
    if failing.startswith("P, Q"):  # it binds the name for sure, and what it was before counts no more
        with pytest.raises(NameError):
            run(made)
    else:
        assert run(made)["f"](3) == 9


def test_a_block_that_is_passed_over_keeps_its_texts_and_its_lines() -> None:
    text = "for key in ('a', 'b'):\n    # why\n    T[key] = '''one\n  two\n''' f\"\"\"{\nkey}\n    end\"\"\"\n    T['c'][0]\n"
    made = assemble(cells_of("T = {}", text, "def f(): return T"), ["f"], "topic.py")
    assert run(made)["f"]() == {"a": "one\n  two\na\n    end"}
    lines = made.source.decode().split("\n")
    assert made.place(next(n for n, line in enumerate(lines, 1) if "T['c']" in line)) == Place(OWN, 2, 8)


def test_what_nothing_can_stand_in_for_tells_its_own_reason() -> None:
    made = assemble(cells_of("if True:\n    P = [][0]", "def f(x): return x ** P"), ["f"], "topic.py")
    with pytest.raises(IndexError):
        run(made)


@pytest.mark.parametrize("text", ["T.append(call())", "for n in range(1):\n    T.append(call())", "T[0] = call()"])
def test_a_forbidden_call_is_told_and_not_passed_over(text: str) -> None:
    """Another exercise of the module may forbid it, and then this one has to be loaded alone."""
    made = assemble(
        cells_of("from grader.guest.hits import ForbiddenCall\ndef call(): raise ForbiddenCall('told')", "T = [1]", text,
                 "def f(): return T"), ["f"], "topic.py",
    )  # fmt: skip
    source = loading.read(made.filename, made.source)
    assert vars(loading.execute(source))["f"]() == [1]
    assert [told for _, told in source.skipped] == ["told"]


@pytest.mark.parametrize("name", NINES)
def test_right_answers_are_found(name: str) -> None:
    f = load(*NINES[name])["f"]
    assert f(3) == 9


@pytest.mark.parametrize("name", [name for name in NINES if "earlier attempt" not in name])
def test_a_demo_that_cannot_run_changes_nothing(name: str) -> None:
    """Every demo below raises, never ends, or asks for what is not installed."""
    demo = [
        "import matplotlib.pyplot as plt_that_is_missing\nfrom google.colab import drive\ndrive.mount('/content')",
        "plt_that_is_missing.plot([f(each) for each in range(5)])\nassert f(2) == 5",
        "result = f(3)\nprint(result)\nanswer = input('go on?')\n1 / 0",
        "while True:\n    pass",
        "raise SystemExit",
    ]
    cells = [demo[0], *(each for text in NINES[name] for each in (text, *demo[1:]))]
    made = assemble(cells_of(*cells), ["f"], "topic.py")
    if "globals" in name or "computed text" in name:
        assert b"drive.mount" not in made.source  # bindings are kept for code that looks them up by text, but calls are not
        return
    assert run(made)["f"](3) == 9


def test_only_what_is_needed_is_kept() -> None:
    made = assemble(
        cells_of(
            "import math\nimport matplotlib.pyplot as plt\nfrom torchvision import datasets",
            "SCALE = 2\nUNUSED = open('nowhere')\n'''a text'''",
            "def f(x):\n    # why\n    return helper(x) * SCALE",
            "image = plt.imread('cat.png')\nplt.imshow(f(image))\nassert f(1) == 2\nfor x in range(3): print(f(x))",
            "def helper(x):\n    return math.floor(x)",
        ),
        ["f"],
        "topic.py",
    )
    assert made.source.decode() == dedent(
        """\
        import math
        SCALE = 2
        def f(x):
            # why
            return helper(x) * SCALE
        def helper(x):
            return math.floor(x)
        """
    )


def test_the_precision_that_the_notebook_sets_is_kept() -> None:
    made = assemble(cells_of("import torch", "torch.set_default_dtype(torch.float64)", "def f(): return 1"), ["f"], "topic.py")
    assert b"torch.set_default_dtype(torch.float64)" in made.source
    # Where torch is not even imported, the setting stops nothing.
    made = assemble(cells_of("torch.set_default_dtype(torch.float64)", "def f(): return 1"), ["f"], "topic.py")
    assert run(made)["f"]() == 1


FILTERS = "FILTERS = {'a': [[3]], 'b': [[4]]}\ndef f(): return FILTERS['a'][0][0] * 3"


@pytest.mark.parametrize(
    "demo",
    [
        "for axis, (name, kernel) in zip(plt.subplots(), FILTERS.items()):\n    axis.imshow(kernel)\n    axis.set_title(name)",
        "for number, kernel in enumerate(FILTERS):\n    plt.add_subplot(number)",
        "plt.imshow(FILTERS['a'])",
        "FILTERS.plot(plt.gca())",
        "show(FILTERS)",
        "show(plt.gca(), FILTERS)",
        "fig = plt.figure()\nfig.suptitle(FILTERS)",
        "with plt.style.context('dark'):\n    plt.imshow(FILTERS['a'])",
        "table = pd.DataFrame(FILTERS)\ntable.append(FILTERS)\ntable",
        "assert f() == 10\nassert FILTERS",
        "np.testing.assert_allclose(FILTERS['a'], 3)",
        "torch.save(FILTERS, 'filters.pt')",
        "def train(FILTERS):\n    FILTERS.train()\n    FILTERS.clear()\ntrain(model)",
    ],
)
def test_demos_that_show_what_is_needed_are_no_need(demo: str) -> None:
    imports = "import matplotlib.pyplot as plt\nimport pandas as pd\nimport numpy as np\nmodel = plt.load()"
    show = "def show(axis, images=None):\n    axis.imshow(images)\n    axis.set_title('')\n    plt.show()"
    made = assemble(cells_of(imports, show, FILTERS, demo), ["f"], "topic.py")
    assert run(made)["f"]() == 9


def test_what_is_remembered_between_calls_brings_no_demo_along() -> None:
    memory = "MEMO = {}\ndef f(n):\n    if n not in MEMO:\n        MEMO[n] = n * n\n    return MEMO[n]"
    made = assemble(cells_of(memory, "f(3)", "print(f(input()))", "for n in range(10**12):\n    f(n)"), ["f"], "topic.py")
    assert made.source.decode().strip() == memory


def test_what_only_a_change_needs_may_fail() -> None:
    made = assemble(
        cells_of("import nowhere\nT = [1]", "T.extend(nowhere.more())", "T.append(ONE)", "ONE = 1\ndef f(): return len(T)"),
        ["f"],
        "topic.py",
    )
    assert run(made)["f"]() == 2


def test_parameters_are_no_global_names() -> None:
    made = assemble(
        cells_of(
            "model = train_for_hours()\nx, y = load()", "def f(model, x):\n    y = model(x)\n    return [z for z in (x, y)]"
        ),
        ["f"],
        "topic.py",
    )
    assert b"train" not in made.source
    assert b"load" not in made.source


def test_loop_variables_do_not_bring_other_loops_along() -> None:
    made = assemble(
        cells_of("for i in range(10**9):\n    train(i)", "t = []\nfor i in range(3):\n    t.append(i)", "def f(): return t"),
        ["f"],
        "topic.py",
    )
    assert b"train" not in made.source
    assert run(made)["f"]() == [0, 1, 2]


# -- what only a notebook understands ------------------------------------------------------------------------------------------


def test_magics_are_taken_out_and_lines_stay() -> None:
    made = assemble(
        cells_of(
            "%matplotlib inline\n!pip install torch \\\n  numpy\nimport math\n?math\nmath.sqrt?\n%timeit math.sqrt(3)\n"
            "files = !ls\nif 1:\n    %load_ext x\nawait nothing()\n%time ROOT = math.sqrt(81)\nT = '''\n%no magic\n!neither\n'''",
            "%%time\n%%capture\ndef f():\n    return ROOT, T",
            "%%bash\ndef f(): rm",
            "%%writefile f.py\ndef f(): return 0",
            "%%html\n<b>f = 3</b>",
            "get_ipython().run_line_magic('cd', '..')",
        ),
        ["f"],
        "topic.py",
    )
    assert run(made)["f"]() == (9.0, "\n%no magic\n!neither\n")
    lines = made.source.decode().split("\n")
    assert made.place(lines.index("    return ROOT, T") + 1) == Place(OWN, 2, 4)
    assert made.place(lines.index("ROOT = math.sqrt(81)") + 1) == Place(OWN, 1, 12)
    assert made.place(lines.index("!neither") + 1) == Place(OWN, 1, 15)
    assert made.place(0) is None
    assert made.place(999) is None


def test_percent_in_python_is_no_magic() -> None:
    assert load("!ls", "a = (7\n%4)\ntext = 'é%d' \\\n    % a\n%pwd\ndef f(): return text")["f"]() == "é3"


def test_await_at_the_top_that_nothing_needs_is_left_out() -> None:
    made = assemble(
        cells_of("data = await fetch()\nother = 1", "def f(): return other", "async def g(): return await h()"), ["f"], "topic.py"
    )
    assert run(made)["f"]() == 1
    assert made.notes == ()


# -- cells that do not parse ---------------------------------------------------------------------------------------------------


# -- cells that an editor has split --------------------------------------------------------------------------------------------

SPLIT = {
    "split function": ["def f(x):\n    y = x * x", "    return y"],
    "split function with another behind it": ["def g(x):\n    y = x * x\n", "    return y\n\ndef f(x): return g(x)"],
    "split in three": ["def f(x):\n    y = x", "    y = y * x", "    return y"],
    "split in a loop": ["def f(x):\n    t = 0\n    for _ in range(x):", "        t += x\n    return t"],
    "split in a text": ["def f(x):\n    \"\"\"Squares.\n", "    \"\"\"\n    return x * x"],
    "split below a magic": ["%%time\ndef f(x):\n    y = x", "    return y * x"],
    "split class": ["class C:\n    def a(self, x): return x * x", "    def b(self, x): return self.a(x)", "f = C().b"],
    "methods below their class": ["class C: pass", "    def m(self, x): return x * x", "C.m = m\nf = C().m"],
    "another forward below a class": ["class C:\n    def m(self, x): return x * x", "    def m(self, x): return 0", "f = C().m"],
    "rest of an attempt below the answer": ["def f(x):\n    return x * x", "    y = 0\n    yield y"],
}


def as_they_are(*texts: str) -> list[CodeCell]:
    return [CodeCell(OWN, number, text) for number, text in enumerate(texts, 1)]


@pytest.mark.parametrize("name", SPLIT)
def test_what_was_split_is_whole_again_and_nothing_else_is_joined(name: str) -> None:
    assert run(assemble(as_they_are(*SPLIT[name]), ["f"], "topic.py"))["f"](3) == 9


def test_a_split_cell_is_told_and_so_is_what_fits_nowhere() -> None:
    made = assemble(as_they_are("def f(x):\n    y = x", "        y = 1", "    return y"), ["f"], "topic.py")
    assert kinds(made) == ["broken_cell"]
    made = assemble(as_they_are("def f(x):\n    y = x", "    return y"), ["f"], "topic.py")
    assert (run(made)["f"](3), kinds(made)) == (3, ["joined"])
    assert str(made.notes[0]).startswith("Cell 1 had been split, and cell 2 is")


def test_a_cell_that_is_no_neighbour_is_no_part() -> None:
    cells = [CodeCell(OWN, 1, "def f(x):\n    y = x"), CodeCell(OWN, 3, "    return y")]
    assert run(assemble(cells, ["f"], "topic.py"))["f"](3) is None


def test_a_broken_cell_concerns_its_own_entries_only() -> None:
    made = assemble(
        cells_of("def f(x): return x", "K = 1\n\ndef g(x:\n    return x", "def h(x): return K"), ["f", "g", "h"], "topic.py"
    )
    assert made.entries == ("f", "g", "h")
    assert list(made.broken) == ["g"]
    assert made.broken["g"].startswith("cell 2 of topic.ipynb, line 3: not valid Python: ")
    assert b"def g" not in made.source
    loaded = run(made)
    assert (loaded["f"](2), loaded["h"](2)) == (2, 1)
    assert kinds(made) == ["broken_cell"]


@pytest.mark.parametrize(
    "text",
    [
        "class f:\n  def g(self):\n return",
        "async def f(x):\nreturn",
        "f = lambda x: x +",
        "f: int = (",
        "@wraps(\ndef f(x): return 1",
        "def f(x):\n    return x\n    break",
        "def f(x):\n    x = 1\n    global x",
        "def f(x):\n    '''open text\n    return x",
        "def f(x):\n\0return x",
        "    def f(x):\n  return x",
        "def f(x):\n<<<<<<< HEAD\n    return x\n=======\n    return y\n>>>>>>> b",
    ],
)
def test_every_way_to_break_a_definition_is_told(text: str) -> None:
    made = assemble(cells_of("import math", text, "def g(): return 1"), ["f", "g"], "topic.py")
    assert list(made.broken) == ["f"]
    assert "cell 2 of topic.ipynb, line " in made.broken["f"]
    assert run(made)["g"]() == 1


def test_a_definition_that_runs_is_not_lost_to_a_later_cell_that_does_not_parse() -> None:
    made = assemble(cells_of("def f(x): return x", "def f(x) return faster"), ["f"], "topic.py")
    assert made.broken == {}
    assert run(made)["f"](4) == 4
    note = next(note for note in made.notes if note.kind == "later_broken")
    assert (note.entry, note.values["place"], note.values["earlier"]) == ("f", Spot(2), Spot(1))


def test_a_stub_does_not_stand_in_for_a_broken_answer() -> None:
    made = assemble(cells_of("def f(x):\n    raise NotImplementedError", "def f(x) return x"), ["f"], "topic.py")
    assert list(made.broken) == ["f"]


def test_a_broken_demo_in_the_cell_of_the_answer() -> None:
    made = assemble(
        cells_of('def f(x):\n    """One\n\nunindented: x = 3\n    """\n    return x\n\nprint f(3)'), ["f"], "topic.py"
    )
    assert run(made)["f"](4) == 4
    assert b"\nunindented" in made.source
    assert [note.values["line"] for note in made.notes] == [8]


def test_return_at_the_top_spares_the_rest() -> None:
    made = assemble(cells_of("def f(x): return x\nreturn f(3)"), ["f"], "topic.py")
    assert run(made)["f"](4) == 4
    assert kinds(made) == ["broken_cell"]


# -- names defined twice -------------------------------------------------------------------------------------------------------


def test_the_last_definition_wins_and_both_places_are_told() -> None:
    made = assemble(cells_of("def f(): return 1", "def f(): return 2", "x = 3"), ["f"], "topic.py")
    assert run(made)["f"]() == 2
    assert made.notes == (Note("two_definitions", {"entry": "f", "place": Spot(2), "earlier": Spot(1)}),)


def test_a_definition_replaced_by_a_value() -> None:
    made = assemble(cells_of("def f(n): return n", "f = [1, 2]"), ["f"], "topic.py")
    assert run(made)["f"] == [1, 2]
    assert kinds(made) == ["two_definitions"]


def test_the_last_is_the_untouched_stub() -> None:
    made = assemble(cells_of("def f(): return 1", 'def f():\n    """Do."""\n    raise NotImplementedError'), ["f"], "topic.py")
    assert loading.untouched(loading.read("", made.source), "f")
    assert kinds(made) == ["stub_last"]


@pytest.mark.parametrize(
    "texts",
    [
        ["def f():\n    raise NotImplementedError", "def f(): return 2"],  # the stub left standing above the answer
        ["def f(): return 2", "def f(): return 2"],  # a cell copied
        ["def f(): return 1\ndef f(): return 2"],  # within one cell the student sees it
        ["def f(): return 1", "g = f\ndef f(): return g() + 1"],  # both are used
    ],
)
def test_no_note_where_there_is_nothing_to_tell(texts: list[str]) -> None:
    made = assemble(cells_of(*texts), ["f"], "topic.py")
    assert run(made)["f"]() == 2
    assert made.notes == ()


def test_a_helper_redefined_later_wins_as_in_a_kernel() -> None:
    made = assemble(cells_of("def h(): return 1", "def f(): return h()", "def h(): return 2"), ["f"], "topic.py")
    assert run(made)["f"]() == 2
    assert made.notes == (Note("helper_twice", {"entry": "f", "name": "h", "place": Spot(3), "earlier": Spot(1)}),)


def test_what_was_computed_before_a_redefinition_stays() -> None:
    loaded = load("def h(): return 1", "TABLE = [h()]", "def h(): return 2", "def f(): return TABLE[0], h()")
    assert loaded["f"]() == (1, 2)


# -- what may fail takes along nothing else ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "risk",
    [
        "import not_installed_anywhere as K",
        "K = open('nowhere').read()",
        "K = 1 / 0",
        "K = [][0]",
        "from math import no_such_name as K",
        "for K in range(3): raise ValueError",
        "@missing\ndef K(): pass",
        "class K(Missing): pass",
        "def K(x: np.float): pass\nimport numpy as np",
        "def deco(g): raise ValueError\n@deco\ndef K(): pass",
        "import sys\nK = sys.exit()",
        "K = input()",
    ],
)
def test_exercises_fail_apart(risk: str) -> None:
    made = assemble_submission(
        [cells_of(risk, "def g(): return K", "import math\ndef f(): return math.pi")], ["g", "f"], "topic.py"
    )
    assert [each.entries for each in made] == [("g",), ("f",)]
    assert run(made[1])["f"]() > 3
    with pytest.raises((Exception, SystemExit)):  # noqa: PT012  # what it is does not matter; that it stays here does
        run(made[0])["g"]()
        raise AssertionError("the example is harmless")


def test_ordinary_exercises_share_one_module() -> None:
    cells = cells_of(
        "import math\nimport numpy as np\nimport torch\nfrom torch import nn\nimport torch.nn.functional as F\n"
        "from typing import Optional",
        "PAD = 1\ndef f(x: np.ndarray, mask: torch.Tensor | None = None, *, p: Optional[int] = None) -> np.ndarray:\n"
        "    return np.pad(x, PAD)",
        "class G(nn.Module):\n    '''A layer.'''\n    scale = 2\n    def __init__(self, n: int = 3) -> None:\n"
        "        super().__init__()\n    def forward(self, x: torch.Tensor) -> torch.Tensor:\n        return F.relu(x)",
        "@torch.no_grad()\ndef h(x, p=math.pi): return x",
    )
    made = assemble_submission([cells], ["f", "G", "h"], "topic.py")
    assert [each.entries for each in made] == [("f", "G", "h")]
    assert made[0].notes == ()


def test_a_shared_risk_is_shared() -> None:
    made = assemble_submission(
        [cells_of("import os\nN = int(os.environ.get('N', 3))", "def f(): return N\ndef g(): return N")], ["f", "g"], "topic.py"
    )
    assert [each.entries for each in made] == [("f", "g")]


# -- several files -------------------------------------------------------------------------------------------------------------


def test_each_entry_comes_from_the_first_file_that_has_it() -> None:
    stub = "def f(): raise NotImplementedError"
    own = cells_of(stub, "def g(): return helper()", "def helper(): return 'own'")
    copy = cells_of("def helper(): return 'copy'\ndef f(): return helper()\ndef g(): return 0", file="topic-Copy1.ipynb")
    script = cells_of("def h(): return 'script'\ndef f(): return 0", file="work.py")
    made = assemble_submission([own, copy, script], ["f", "g", "h"], "topic.py")
    results = {entry: run(each)[entry]() for each in made for entry in each.entries}
    assert results == {"f": "copy", "g": "own", "h": "script"}
    told = {note.entry: note.values["file"] for each in made for note in each.notes if note.kind == "other_file"}
    assert told == {"f": "topic-Copy1.ipynb", "h": "work.py"}
    notes = [note for each in made for note in each.notes if note.kind == "also_in"]
    others = {note.entry: (note.values["file"], note.values["other"]) for note in notes}
    assert others == {"f": ("topic-Copy1.ipynb", "work.py"), "g": (OWN, "topic-Copy1.ipynb")}


def test_a_copy_that_says_the_same_is_not_told() -> None:
    own = cells_of("import math", "def f(x):\n    return math.sqrt(x)")
    script = cells_of("import math\n\n\ndef f(x):\n\n    return math.sqrt(x)   \n", file="topic.py")
    stub = cells_of("def f(x):\n    raise NotImplementedError", file="z.py")
    assert assemble_submission([own, script, stub], ["f"], "topic.py")[0].notes == ()


def test_a_whole_answer_elsewhere_stands_in_for_a_broken_one() -> None:
    made = assemble_submission([cells_of("def f(: return 1"), cells_of("def f(): return 2", file="b.ipynb")], ["f"], "topic.py")
    assert made[0].broken == {}
    assert run(made[0])["f"]() == 2


def test_a_broken_answer_counts_before_a_stub_elsewhere() -> None:
    stub = cells_of("def f(): raise NotImplementedError", file="b.ipynb")
    made = assemble_submission([cells_of("x = 1"), stub, cells_of("def f( return 1", file="c.py")], ["f"], "topic.py")
    assert made[0].broken["f"].startswith("c.py, line 1: ")


def test_every_entry_is_served_once_also_where_it_is_nowhere() -> None:
    made = assemble_submission([cells_of("def convolution(x): return x"), []], ["convolution2d", "other"], "topic.py")
    assert sorted(entry for each in made for entry in each.entries) == ["convolution2d", "other"]
    assert any(b"def convolution(x)" in each.source for each in made)  # so that the judge can say what was perhaps meant


def test_nothing_asked_for() -> None:
    assert assemble_submission([cells_of("def f(): return 1")], [], "topic.py") == []


def test_nothing_handed_in() -> None:
    for files in ([], [[]]):
        made = assemble_submission(files, ["f"], "topic.py")
        assert made == [Assembled(b"", ("f",), {}, (Note("no_code"),), "topic.py")]


def test_helpers_of_the_released_notebook_that_were_deleted() -> None:
    released = cells_of(
        "import math\nRATE = 1\ndef helper(x): return math.floor(x) * RATE", "def f(x): raise NotImplementedError"
    )
    made = assemble_submission([cells_of("RATE = 2", "def f(x): return helper(x)")], ["f", "g"], "topic.py", released)
    assert run(made[0])["f"](1.5) == 2
    made = assemble_submission([cells_of("x = 1")], ["f"], "topic.py", released)
    assert b"NotImplementedError" not in made[0].source  # the released stub is nobody's answer


# -- notes ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ru", "hi"])
def test_sentences_hold_all_values_in_every_language(language: str) -> None:
    values = {
        "entry": "ENTRY", "place": Spot(7, "FILE"), "earlier": Spot(3), "line": 12, "message": "MESSAGE", "name": "NAME",
        "file": "FILE", "own": "OWN", "reason": "empty", "grade_id": "GRADE", "most": 40, "last": Spot(5), "other": "OTHER",
    }  # fmt: skip
    from grader.notebooks import notes

    empty = notes._REASONS[language]["empty"]
    english = notes._SENTENCES["en"]
    assert notes._SENTENCES[language].keys() == english.keys()
    for kind, sentence in english.items():
        told = tell(Note(kind, values), language)
        assert "{" not in told
        assert "?" not in told
        for key in values:
            shown = {"place": "7", "earlier": "3", "last": "5", "reason": empty}.get(key, str(values[key]))
            assert (f"{{{key}}}" in sentence) <= (shown in told), (kind, key)


def test_an_unknown_language_is_english() -> None:
    assert tell(Note("no_code"), "xx") == str(Note("no_code")) == "No code was handed in."


# -- anything at all -----------------------------------------------------------------------------------------------------------

HARD = {
    "signs": "x = " + "-" * 100_000 + "1",
    "sum": "x = 1" + " + 1" * 100_000,
    "attributes": "x = a" + ".b" * 100_000,
    "brackets": "x = " + "(" * 5_000,
    "branches": "if a:\n pass\n" + "elif a:\n x = 1\n" * 3_000,
    "statements": "x = 1\n" * 30_000,
    "long text": f"x = {'y' * 3_000_000!r}",
    "calls": "".join(f"def f{n}(): return f{n + 1}()\n" for n in range(2_000)) + "x = f0()",
    "decorators": "@a\n" * 5_000 + "def x(): pass",
    "null bytes": "x = 1\0",
    "surrogates": "x = '\ufffd'",
    "form feeds": "\fx = 1\f\n\f",
    "carriage returns": "x = 1\ry = 2",
    "separators": "x = '\u2028'\ny = 2",
    "broken lines": "def (\n" * 20_000,
}


@pytest.mark.parametrize("name", HARD)
def test_no_text_stops_the_others(name: str) -> None:
    made = assemble_submission([cells_of(HARD[name], "def f(): return 1")], ["f", "x"], "topic.py")
    serving = next(each for each in made if "f" in each.entries)
    assert run(serving)["f"]() == 1


@pytest.mark.parametrize("line", ["x = x + y", "x.append(y)", "x += y\ny += x", "x[{n}] = y\ny.append(x)"])
def test_what_a_slice_keeps_grows_with_the_notebook_and_no_faster(line: str) -> None:
    def kept(lines: int) -> int:
        text = "x = y = []\n" + "".join(line.format(n=n) + "\n" for n in range(lines))
        program = Program(parse(cells_of(text, "def f(): return x, y")).statements)
        found = program.slice(["f"])
        assert found.order() == sorted(found.chosen)
        return sum(map(len, found.before.values()))

    assert kept(800) <= 5 * kept(200)


def test_hard_texts_do_not_end_the_process() -> None:
    """In a process of its own, because a stack that overflows is not raised."""
    code = (
        "import ast, sys\nfrom grader.notebooks.cells import CodeCell\nfrom grader.notebooks.assemble import assemble\n"
        "for text in ast.literal_eval(sys.stdin.read()):\n    assemble([CodeCell('a.ipynb', 1, text)], ['x'], '')\nprint('done')"
    )
    texts = repr([HARD[name] for name in ("signs", "sum", "attributes", "brackets", "branches", "decorators")])
    done = subprocess.run([sys.executable, "-c", code], input=texts, capture_output=True, text=True, check=False)
    assert done.stdout == "done\n", done.stderr


_WORDS = """def class f g h x y = ( ) [ ] : , . ' \" \'\'\' # % ! ? \\ if else for in import from as * return lambda global del
    await try: except: %%time %%bash 1 pass @ f(x) x=1 def\u00a0f \x00 \r exec globals() __name__ += := None match case _"""
WORDS = st.sampled_from([*re.split("[ \n]+", _WORDS), "\n", "\t"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.tuples(WORDS, st.sampled_from(["", " ", "\n", "\n    "])), max_size=25), max_size=4))
def test_any_text_gives_a_module_that_parses(pieces: list[list[tuple[str, str]]]) -> None:
    texts = ["".join(word + space for word, space in piece) for piece in pieces]
    for made in assemble_submission([[CodeCell(OWN, n, text) for n, text in enumerate(texts, 1)]], ["f", "g", "x"], "topic.py"):
        ast.parse(made.source)
        compile(made.source, "module", "exec", dont_inherit=True)
        assert len(made.places) == made.source.count(b"\n")
        for note in made.notes:
            assert str(note)
