"""Exercises of one notebook share a module where that is sure to change nothing for any of them, and else stay apart."""

import ast
import builtins
import dis
import importlib
import random
import re
import types
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from grader.catalog.course import Course
from grader.guest import loading
from grader.notebooks import known
from grader.notebooks.assemble import Assembled, assemble, assemble_submission
from grader.notebooks.cells import CodeCell

torch = pytest.importorskip("torch")
COURSE = Course(Path(__file__).resolve().parents[2])
OTHER = "import math\ndef f(): return math.pi"


def cells_of(*texts: str) -> list[CodeCell]:
    return [CodeCell("topic.ipynb", number, dedent(text).strip("\n")) for number, text in enumerate(texts, 1)]


def made_of(*texts: str, entries: tuple[str, ...] = ("g", "f")) -> list[Assembled]:
    return assemble_submission([cells_of(*texts)], entries, "topic.py")


def run(made: Assembled) -> dict[str, Any]:
    return vars(loading.execute(loading.read(made.filename, made.source)))


# -- what is sure, and beside it what is not -----------------------------------------------------------------------------------

HEAD = """
import functools, contextlib, collections, abc
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor
from collections import namedtuple
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Literal, NamedTuple, Optional, Tuple, Union
"""
# By rule: what shares a module, and its neighbours that fail or do something.
RULES: dict[str, tuple[list[str], list[str]]] = {
    "imports": (
        ["from operator import add", "from torch.distributions import Normal, kl_divergence", "import torch.nn.utils.rnn",
         "from torch.nn.utils import parameters_to_vector", "from math import sin"],
        ["from operator import plus", "from torch.distributions import Gaussian", "from torch.nn import relu",
         "import this_is_not_there", "from math import sine", "from .own import x",
         "from torch.nowhere import *"],
    ),
    "attributes": (
        ["K = torch.sigmoid", "K = (F.relu, np.exp)", "K = {'a': nn.Linear}"],
        ["K = F.Linear", "K = nn.relu", "K = np.float", "K = torch.Sigmoid", "K = [math2.pi]", "K = torch.nn.Linear.backwards"],
    ),
    "numbers": (
        ["K = 2 * 3 + 1", "K = -1 / 3", "K = 10 ** -8", "K = np.log2(np.e)", "K = -math.inf\nimport math", "K: float = 1e-6 / 2",
         "K = np.float32(1) ", "K = float('-inf')", "K = np.sqrt(2.0)"],
        ["K = 1 / 0", "K = -'a'", "K = 'a' / 2", "K = float('one')", "K = [1] * 2.5", "K = 10.0 ** 400", "K = (-1) ** 'a'",
         "import math\nK = math.log(0)", "K, L = 1, 2, 3", "K = {[]: 1}", "K = 3 | 'a'", "K: Missing = 3"],
    ),
    "arrays": (
        ["K = np.array([[1, 0, -1], [2, 0, -2]])", "K = np.array([[1.0, 2], [3, 4]], dtype=np.float32) / 9", "K = np.ones(3)",
         "K = torch.tensor([[0.0, 1], [1, 0]])", "K = np.arange(1, -2, -1)", "K = dict(blur=np.array([[1, 1], [1, 1]]) / 4.0)",
         "K = np.zeros((3, 3), dtype=np.float64)"],
        ["K = np.array([[1, 2], [3]])", "K = torch.tensor([[1, 2], [3]])", "K = np.array([300], dtype=np.uint8)",
         "K = np.arange(1, 2, 0)", "K = np.zeros(-1)", "K = np.array([1], np.nothing)", "K = torch.zeros('a')"],
    ),
    "named tuples": (
        ["K = namedtuple('K', 'h c')", "K = collections.namedtuple('K', ['h', 'c'])",
         "class K(NamedTuple):\n    h: torch.Tensor\n    c: int = 1"],
        ["K = namedtuple('K', 'h h')", "K = namedtuple('K', 'def')", "K = namedtuple('K')", "K = namedtuple('K', '_a')",
         "class K(NamedTuple):\n    h: int = 1\n    c: int", "class K(NamedTuple):\n    _h: int",
         "class K(NamedTuple):\n    h: int\n    def __new__(cls): return 1"],
    ),
    "dataclasses": (
        ["@dataclass\nclass K:\n    n: int\n    m: float = 0.5\n    l: list = field(default_factory=list)",
         "@dataclass(frozen=True)\nclass K:\n    n: int = field(default=2)\n    @property\n    def p(self): return self.n"],
        ["@dataclass\nclass K:\n    l: list = []", "@dataclass\nclass K:\n    n: int = 1\n    m: int",
         "@dataclass(frozen=True)\nclass K:\n    n: int = 1\n    def __setattr__(self, key, value): pass",
         "@dataclass(fixed=True)\nclass K:\n    n: int = 1", "@dataclass\ndef K(): pass",
         "@dataclass\nclass K:\n    t: np.ndarray = np.ones(3)\n    u: Tensor = torch.zeros(2)"],
    ),
    "classes": (
        ["class K(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x): return x",
         "class K(nn.Linear):\n    size = 3\n    def forward(self, x: Tensor) -> Tensor: return x",
         "class K:\n    activations = (torch.sigmoid, torch.tanh)\n    first = activations\n    flat = np.ones(3)",
         "class B(ValueError):\n    pass\nclass K(B):\n    '''Own.'''",
         "class K:\n    @property\n    def p(self): return 1\n    @p.setter\n    def p(self, value): pass"],
        ["class K(torch.relu):\n    pass", "class K(bool):\n    pass", "class K(nn.Module, nn.Module):\n    pass",
         "class K:\n    n = m", "class K:\n    p = 1\n    @p.setter\n    def p(self, value): pass", "class K(nn):\n    pass",
         "class B:\n    def __init_subclass__(cls): raise ValueError\nclass K(B):\n    pass",
         "class K:\n    __slots__ = ('n',)\n    n = 1", "class K(F.linear):\n    pass", "class K(metaclass=3):\n    pass",
         "class K:\n    print(undefined)"],
    ),
    "decorators": (
        ["@torch.no_grad()\ndef K(): pass", "@functools.lru_cache(maxsize=None)\ndef K(): pass",
         "@contextlib.contextmanager\ndef K(): yield", "@torch.inference_mode()\ndef K(): pass"],
        ["@torch.relu\ndef K(): pass", "@math.pi\ndef K(): pass\nimport math", "@functools.lru_cache(1, 2, 3, 4)\ndef K(): pass",
         "@torch.no_grad(1, 2)\ndef K(): pass", "@functools.lru_cache('a')\ndef K(): pass",
         "def own(function): raise ValueError\n@own\ndef K(): pass"],
    ),
    "annotations": (
        ["def K(x: np.ndarray | None, y: Optional[Tensor] = None) -> Tuple[int, ...]: pass",
         "def K(x: Callable[[int], Tensor], y: Dict[str, 'Later'], z: Literal['a', 'b'], *w: List[int]) -> None: pass",
         "def K(x: (int, float), y: Union[int, list[Any]], z: dict[str, float]): pass"],
        ["def K(x: 'np.ndarray' | None): pass", "def K(x: np.array | None): pass", "def K(x: Dict[str]): pass",
         "def K(x: List[int, int]): pass", "def K(x: Callable[int]): pass", "def K(x: torch.Tensor[3]): pass",
         "def K(x: Optional[int, str]): pass", "def K(x: torch.float32 | None): pass", "def K(x: tensor): pass",
         "def K(x: np.float): pass", "def K(x=undefined): pass"],
    ),
    "instances": (
        ["class C:\n    def __call__(self, x): return x\nK = C()",
         "class C:\n    def __init__(self, n, m=2):\n        self.n, = [n]\n        self.m = m\nK = 1",
         "class C:\n    def __init__(self, n, m=2):\n        self.n = n\n        self.all = [n, m, {}]\nK = C(3, m=4)",
         "class C(nn.Module):\n    def __init__(self, p: float = 0.0):\n        super().__init__()\n"
         "        self.drop = nn.Dropout(p)\n        self.soft = nn.Softmax(dim=-1)\nK = C()",
         "class C(torch.nn.Module):\n    def __init__(self, seed=7):\n        super().__init__()\n"
         "        self.generator = torch.Generator().manual_seed(seed)\nK = C()",
         "class C(nn.Module):\n    def forward(self, x): return x\nK = C()"],
        ["class C:\n    def __init__(self, n): self.n = n\nK = C()", "class C: pass\nK = C(1)",
         "class C:\n    def __init__(self, n):\n        self.n = n\nK = C(m=1)",
         "class C:\n    def __init__(self):\n        self.n = undefined\nK = C()",
         "class C(nn.Module):\n    def __init__(self):\n        self.soft = nn.ReLU()\n        super().__init__()\nK = C()",
         "class C(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.a = nn.ReLU()\n"
         "        self.a = 3\nK = C()",
         "class C(nn.Module):\n    def __init__(self, p=0.5):\n        super().__init__()\n        self.d = nn.Dropout(p)\n"
         "K = C(1.5)",
         "class C:\n    @property\n    def n(self): return 1\n    def __init__(self): self.n = 2\nK = C()",
         "class C:\n    def __new__(cls): raise ValueError\nK = C()",
         "class C:\n    def __setattr__(self, key, value): raise ValueError\n    def __init__(self): self.n = 1\nK = C()",
         "class C: pass\ndef wrong(self): raise ValueError\nC.__init__ = wrong\nK = C()",
         "class C(abc.ABC):\n    @abc.abstractmethod\n    def m(self): pass\nK = C()",
         "class C(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.a = nn.ReLU(axis=1)\nK = C()"],
    ),
    "generators and devices": (
        ["K = np.random.default_rng(0)", "K = torch.Generator().manual_seed(3)", "K = torch.device('cpu')",
         "K = torch.device('cuda' if torch.cuda.is_available() else 'cpu')",
         "K = 'cuda' if torch.cuda.is_available() else 'cpu'", "K = nn.CrossEntropyLoss(reduction='sum')",
         "torch.backends.cudnn.deterministic = True\ntorch.backends.cudnn.benchmark = False\nK = torch.relu"],
        ["K = np.random.default_rng('a')", "K = np.random.default_rng(-1)", "K = torch.device('gpu')", "K = torch.Generator(3)",
         "K = nn.Softmax('a', 'b')", "K = torch.Generator().manual_seed('a')"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, (sure, _) in RULES.items() for text in sure])
def test_what_is_sure_shares_a_module(rule: str, text: str) -> None:
    made = made_of(HEAD, text, f"def g(): return {_bound(rule, text)}", OTHER)
    assert [each.entries for each in made] == [("g", "f")]
    states = torch.get_rng_state(), torch.get_default_dtype()
    loaded = run(made[0])
    loaded["g"]()
    assert loaded["f"]() > 3
    assert torch.equal(states[0], torch.get_rng_state())
    assert states[1] == torch.get_default_dtype()


@pytest.mark.parametrize(
    "text",
    [
        "import torch.nn.utils.nothing",
        "torch.backends.cudnn.deterministic = 'a'",
        "torch.backends.deterministic = 1 / 0",
    ],
)
def test_what_fails_and_leaves_a_library_as_it_was_stays_apart_and_costs_nothing(text: str) -> None:
    made = made_of(HEAD, text, "def g(): return torch.relu", OTHER)
    assert [each.entries for each in made] == [("g",), ("f",)]
    assert run(made[0])["g"]() is torch.relu


def _bound(rule: str, text: str) -> str:
    node = ast.parse(text).body[0]
    if rule != "imports" or not isinstance(node, (ast.Import, ast.ImportFrom)):
        return "K"
    name = node.names[0].asname or node.names[0].name.partition(".")[0]
    return "relu7" if name == "*" else name


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, (_, unsure) in RULES.items() for text in unsure])
def test_what_fails_stays_apart(rule: str, text: str) -> None:
    made = made_of(HEAD, text, f"def g(): return {_bound(rule, text)}", OTHER)
    assert [each.entries for each in made] == [("g",), ("f",)]
    assert run(made[1])["f"]() > 3
    with pytest.raises(Exception):  # noqa: B017, PT012  # what it is does not matter; that it stays here does
        bool(run(made[0])["g"]())  # what is not installed fails when it is used
        raise SystemExit("the example is harmless")


# -- demos that import once more ---------------------------------------------------------------------------------------------

DEMO = "if __name__ == '__main__':\n    {}\n    rng = open('nowhere')\n    print(rng)"


@pytest.mark.parametrize("place", range(4))
def test_a_demo_that_repeats_an_import_is_nobodys_need(place: int) -> None:
    texts = ["import torch\nimport torch.nn.functional as F", "def g(x): return torch.relu(F.relu(x))", OTHER]
    texts.insert(place, DEMO.format("import torch, torch.nn.functional as F"))
    made = made_of(*texts)
    assert [each.entries for each in made] == [("g", "f")]
    assert b"__main__" not in made[0].source
    assert run(made[0])["g"](torch.tensor(-1.0)) == 0


@pytest.mark.parametrize(
    ("demo", "answer"),
    [
        ("import numpy as math", "numpy"),  # another module
        ("math = None", None),  # no import
        ("from math import pi as math", None),  # what is taken from a module
        ("import math\n    math.own = 3", 3),  # what the demo changes is seen
    ],
)
@pytest.mark.parametrize("conditional", ["if __name__ == '__main__':", "for number in range(1):"])
def test_a_block_that_decides_what_a_name_is_stays_apart(demo: str, answer: Any, conditional: str) -> None:
    made = made_of("import math", f"{conditional}\n    {demo}", "def g(): return math", "def f(): return 1")
    assert [each.entries for each in made] == [("g",), ("f",)]
    found = run(made[0])["g"]()
    if isinstance(answer, int):
        assert found.own == answer
        del found.own
    elif answer:
        assert found.__name__ == answer
    else:
        assert not isinstance(found, types.ModuleType)


def test_a_block_that_loads_a_module_of_a_package_is_kept() -> None:
    made = made_of("import xml", "if True:\n    import xml.dom.pulldom", "def g(): return xml.dom.pulldom", OTHER)
    assert [each.entries for each in made] == [("g",), ("f",)]
    assert run(made[0])["g"]().__name__ == "xml.dom.pulldom"


def test_an_import_in_a_block_alone_is_kept() -> None:
    made = made_of("if __name__ == '__main__':\n    import math", "def g(): return math.floor(1.5)")
    assert run(made[0])["g"]() == 1


# -- what is said of libraries -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", known.offered())
def test_libraries_offer_what_is_said(module: str) -> None:
    holder = importlib.import_module(module)
    for name in known.offered()[module]:
        path = f"{module}.{name}"
        found = getattr(holder, name)
        assert not isinstance(found, types.ModuleType) or known.is_module(path) or path in _UNREAD, path
        if known.is_class(path):
            assert found | None
        if known.is_base(path):
            assert type("Own", (found,), {})


_UNREAD = {"torch.backends.cudnn", "torch.cuda.random"}


@pytest.mark.parametrize("path", known.LAYERS)
def test_layers_without_weights_draw_nothing(path: str) -> None:
    values = {"dim": {"dim": -1}, "reduction": {"reduction": "sum"}, "": {}}
    before = torch.get_rng_state()
    layer = getattr(torch.nn, path.rpartition(".")[2])(**values[known.LAYERS[path]])
    assert not list(layer.parameters())
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("name", [name for name in dir(builtins) if known.is_base(name)])
def test_builtins_that_are_bases_can_be_subclassed(name: str) -> None:
    assert type("Own", (getattr(builtins, name),), {})


# -- any mix of the kit's answers ----------------------------------------------------------------------------------------------


def meaning(value: Any, seen: dict[int, tuple[int, Any]]) -> Any:
    """What a value of a submission's module is, down to the last thing that its code can reach."""
    if id(value) in seen:
        return ("again", seen[id(value)][0])
    if not isinstance(value, (str, int, float, type(None))):
        seen[id(value)] = len(seen), value  # held, so that no other takes its number
    if isinstance(value, types.CodeType):
        inner = [meaning(each, seen) if isinstance(each, types.CodeType) else repr(each) for each in value.co_consts]
        return (value.co_name, value.co_code, value.co_names, value.co_varnames, inner)
    if isinstance(value, types.FunctionType) and value.__module__ == loading.MODULE:
        read = sorted(set(globals_read(value.__code__)) & value.__globals__.keys())
        cells = [meaning(each.cell_contents, seen) for each in value.__closure__ or ()]
        reached = [(name, meaning(value.__globals__[name], seen)) for name in read]
        defaults = meaning(list(value.__defaults__ or ()), seen), meaning(dict(value.__kwdefaults__ or {}), seen)
        return ("function", meaning(value.__code__, seen), cells, defaults, reached, meaning(dict(vars(value)), seen))
    if isinstance(value, type) and value.__module__ == loading.MODULE:
        members = {key: each for key, each in vars(value).items() if key not in ("__dict__", "__weakref__", "__module__")}
        return ("class", value.__qualname__, [meaning(base, seen) for base in value.__bases__], meaning(members, seen))
    if isinstance(value, dict):
        return [(str(key), meaning(each, seen)) for key, each in value.items()]
    if isinstance(value, (list, tuple)):
        return (type(value).__name__, [meaning(each, seen) for each in value])
    if isinstance(value, (property, staticmethod, classmethod)):
        inner = [getattr(value, name, None) for name in ("fget", "fset", "__func__")]
        return (type(value).__name__, [meaning(each, seen) for each in inner])
    if type(value).__module__ == loading.MODULE:
        return ("instance", meaning(type(value), seen), meaning(dict(vars(value)), seen))
    return re.sub(r" at 0x\w+", "", f"{type(value)} {getattr(value, '__qualname__', value)}")


def globals_read(code: types.CodeType) -> Iterator[str]:
    yield from (step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from globals_read(inner)


ANSWERS = {
    exercise.name: [path.read_text(encoding="utf-8") for path in (exercise.reference, *exercise.alternatives)]
    + [exercise.mistake_source(mistake) for mistake in exercise.mistakes]
    for exercise in COURSE.exercises
}
CELLS = (
    "import numpy as np\nimport torch\nimport matplotlib.pyplot as plt", "torch.manual_seed(0)\nnp.random.seed(0)", "SIZE = 3",
    "print(torch.__version__)", "x = torch.randn(3)\nplt.plot(x)\nplt.show()", "for size in range(3):\n    print(size)",
    "if __name__ == '__main__':\n    import torch, math\n    data = torch.load('nowhere')", "assert x.sum() > 0",
    "import torch.nn as nn\nfrom torch import nn", "rng = np.random.default_rng(0)", "%matplotlib inline\nEPS = 1e-8",
)  # fmt: skip


@pytest.mark.parametrize("number", range(40))
def test_each_entry_is_in_a_shared_module_what_it_is_alone(number: int) -> None:
    dice = random.Random(number)
    chosen = dice.sample(COURSE.exercises, 6)
    texts = [dice.choice(ANSWERS[exercise.name]) for exercise in chosen] + dice.sample(CELLS, 5)
    texts += [dice.choice(ANSWERS[exercise.name]) for exercise in dice.sample(chosen, 2)]  # a second attempt
    dice.shuffle(texts)
    entries = tuple(exercise.manifest.entry for exercise in chosen)
    for shared in made_of(*texts, entries=entries):
        whole = shared.source.decode().split("\n")
        together = run(shared)
        for entry in shared.entries:
            alone = assemble(cells_of(*texts), [entry], "topic.py")
            left = iter(whole)
            assert all(line in left for line in alone.source.decode().split("\n")), "a statement is missing or out of order"
            assert meaning(run(alone)[entry], {}) == meaning(together[entry], {})


def test_a_class_of_many_styles_needs_one_module_each() -> None:
    """What each answer of the kit needs at the top level is sure to run."""
    made = {
        (exercise.name, text): made_of(text, OTHER, entries=(exercise.manifest.entry, "f"))
        for exercise in COURSE.exercises
        for text in ANSWERS[exercise.name][: 1 + len(exercise.alternatives)]
    }
    assert len(made) > 100
    assert [name for (name, _), found in made.items() if len(found) > 1] == []
