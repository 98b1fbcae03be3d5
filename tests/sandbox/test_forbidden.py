"""What an exercise forbids is gone however it is reached, the line is told, and everything else still works."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from grader.grading.conversation import ForbiddenReached, Opened
from grader.record.limits import BanSpec, Limits
from grader.sandbox.warm import WarmSandbox
from grader.testing import StudentError

Submit = Callable[..., Any]
LIMITS = Limits(call_seconds=90.0, submission_seconds=300.0)
CONVOLUTION = BanSpec(operators=("*::*conv*",))
ATTENTION = BanSpec(
    operators=("aten::*scaled_dot_product*",),
    functions=("torch.nn.MultiheadAttention.forward", "torch.nn.functional.multi_head_attention_forward"),
)
OPTIMISER = BanSpec(functions=("torch.optim.Adam", "torch.optim.adam"))
STANDARD = BanSpec(functions=("statistics", "numpy.convolve", "colorsys.rgb_to_hsv"))
BANS = (CONVOLUTION, ATTENTION, OPTIMISER, STANDARD)


@pytest.fixture(scope="module")
def lazy() -> Iterator[WarmSandbox]:
    """A sandbox that takes calls away when something imports them, as for a student's check."""
    sandbox = WarmSandbox(["numpy"], eager=False)
    yield sandbox
    sandbox.close()


def reached(submit: Submit, sandbox: WarmSandbox, source: str, *args: Any) -> ForbiddenReached:
    """The forbidden call in which a call ends."""
    talk = submit(sandbox, source, LIMITS, BANS)
    with pytest.raises(ForbiddenReached) as caught:
        talk.call(*args)
    return caught.value


X = torch.ones(1, 1, 4, 4)
HEAD = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n"

CONVOLUTIONS = {
    "by name": "def f(x): return F.conv2d(x, x)",
    "by alias": "g = torch.conv2d\ndef f(x): return g(x, x)",
    "by getattr": "def f(x): return getattr(F, 'co' + 'nv2d')(x, x)",
    "by importlib": "import importlib\ndef f(x): return importlib.import_module('torch.nn.functional').conv2d(x, x)",
    "by eval": "def f(x): return eval('F.conv2d(x, x)')",
    "in the operators' namespace": "def f(x): return torch.ops.aten.conv2d(x, x)",
    "by overload": (
        "def f(x): return torch.ops.aten.convolution.default(x, x, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1)"
    ),
    "by the private module": "def f(x): return torch._C._nn.slow_conv_dilated2d(x, x, (4, 4))",
    "of mkldnn": "def f(x): return torch.mkldnn_convolution(x, x, None, (0, 0), (1, 1), (1, 1), 1)",
    "by module": "layer = nn.Conv2d(1, 1, 4)\ndef f(x): return layer(x)",
    "in a sequence": "layer = nn.Sequential(nn.Flatten(2), nn.Conv1d(1, 1, 2))\ndef f(x): return layer(x)",
    "transposed": "def f(x): return F.conv_transpose2d(x, x)",
    "of another dimension": "def f(x): return F.conv1d(x[0], x[0])",
    "without gradients": "def f(x):\n    with torch.no_grad(): return F.conv2d(x, x)",
    "in inference mode": "def f(x):\n    with torch.inference_mode(): return F.conv2d(x, x)",
    "on inference tensors": (
        "def f(x):\n    with torch.inference_mode(): y = x.clone()\n    with torch.inference_mode(): return torch.conv2d(y, y)"
    ),
    "with gradients": "def f(x): return F.conv2d(x.clone().requires_grad_(), x)",
    "under vmap": "def f(x): return torch.vmap(lambda y: F.conv2d(y, x))(torch.stack([x, x]))",
    "under grad": "def f(x): return torch.func.grad(lambda y: F.conv2d(y, x).sum())(x)",
    "under jvp": "def f(x): return torch.func.jvp(lambda y: F.conv2d(y, x), (x,), (x,))[0]",
    "traced": "def f(x): return torch.jit.trace(lambda y: F.conv2d(y, x), x)(x)",
    "in a thread": (
        "import threading\ndef f(x):\n    out = []\n    t = threading.Thread(target=lambda: out.append(F.conv2d(x, x)))\n"
        "    t.start(); t.join()\n    return out[0] if out else None"
    ),
    "in half precision": "def f(x): return F.conv2d(x.bfloat16(), x.bfloat16())",
    "in double precision": "def f(x): return F.conv2d(x.double(), x.double())",
    "of integers": "def f(x): return F.conv2d(x.long(), x.long())",
    "by a partial": "import functools\ng = functools.partial(F.conv2d, weight=torch.ones(1, 1, 2, 2))\ndef f(x): return g(x)",
    "by an own autograd function": (
        "class G(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, x): return F.conv2d(x, x)\n"
        "    @staticmethod\n    def backward(ctx, g): return g\ndef f(x): return G.apply(x)"
    ),
    "without torch functions": "def f(x):\n    with torch._C.DisableTorchFunction(): return torch.conv2d(x, x)",
    "pickled": "import pickle\ng = pickle.loads(pickle.dumps(torch.conv2d))\ndef f(x): return g(x, x)",
}


@pytest.mark.parametrize("source", CONVOLUTIONS.values(), ids=CONVOLUTIONS.keys())
def test_operators_are_gone_however_they_are_reached(warm: WarmSandbox, submit: Submit, source: str) -> None:
    hit = reached(submit, warm, HEAD + source, X)
    assert hit.ban == 0
    assert "conv" in hit.name
    assert hit.name.startswith("torch's ")


@pytest.mark.parametrize("name", ["in the operators' namespace", "under vmap"])
def test_operators_are_gone_when_torch_comes_late(lazy: WarmSandbox, submit: Submit, name: str) -> None:
    source = "import numpy\ndef f(x):\n    import sys; before = 'torch' in sys.modules\n    g = {}\n"
    source += f"    exec({HEAD + CONVOLUTIONS[name]!r}, g)\n    return g['f'](g['torch'].ones(1, 1, 4, 4))\n"
    hit = reached(submit, lazy, source, 0)
    assert hit.ban == 0


FUNCTIONS = {
    "a method": (HEAD + "m = nn.MultiheadAttention(4, 1)\ndef f(x): return m(x[0], x[0], x[0])", 1),
    "a method by its class": (HEAD + "m = nn.MultiheadAttention(4, 1)\ndef f(x): return nn.MultiheadAttention.forward(m, 1)", 1),
    "a function": (HEAD + "def f(x): return F.multi_head_attention_forward()", 1),
    "an operator of the same ban": (HEAD + "def f(x): return F.scaled_dot_product_attention(x, x, x)", 1),
    "the parts of an operator": (HEAD + "def f(x): return torch.ops.aten._scaled_dot_product_attention_math(x, x, x)", 1),
    "an operator under vmap": (
        HEAD + "def f(x): return torch.vmap(F.scaled_dot_product_attention)(x[None], x[None], x[None])", 1,
    ),
    "a part of an operator under vmap": (
        HEAD + "g = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu\n"
        "def f(x): return torch.vmap(g)(x[None], x[None], x[None])", 1,
    ),
    "a class": (HEAD + "def f(x):\n    o = torch.optim.Adam([x.requires_grad_()])\n    o.step()", 2),
    "a class imported by name": (
        "from torch.optim import Adam as A\ndef f(x):\n    o = A([x.clone().requires_grad_()])\n    o.step()", 2,
    ),
    "a subclass": (
        HEAD + "class B(torch.optim.Adam): pass\ndef f(x):\n    o = B([x.clone().requires_grad_()])\n    o.step()", 2,
    ),
    "a module of functions": ("from torch.optim.adam import adam\ndef f(x): return adam()", 2),
    "a standard module": ("import statistics\ndef f(x): return statistics.mean([1, 2])", 3),
    "a class of a standard module": ("from statistics import NormalDist\ndef f(x): return NormalDist().pdf(0.0)", 3),
    "a function of numpy": ("import numpy\ndef f(x): return numpy.convolve([1, 2], [3, 4])", 3),
    "a function through another's globals": (
        "import statistics\ndef f(x): return statistics.NormalDist.from_samples.__func__.__globals__['fmean']([1, 2])", 3,
    ),
    "a function imported by name": ("from colorsys import rgb_to_hsv as g\ndef f(x): return g(1, 2, 3)", 3),
}  # fmt: skip


@pytest.mark.parametrize(("source", "ban"), FUNCTIONS.values(), ids=FUNCTIONS.keys())
def test_functions_are_gone_however_they_are_reached(warm: WarmSandbox, submit: Submit, source: str, ban: int) -> None:
    assert reached(submit, warm, source, X).ban == ban


@pytest.mark.parametrize("name", ["a standard module", "a function of numpy", "a function imported by name"])
def test_functions_are_gone_when_they_come_late(lazy: WarmSandbox, submit: Submit, name: str) -> None:
    assert reached(submit, lazy, FUNCTIONS[name][0], 0).ban == 3


@pytest.mark.parametrize(
    "body",
    [
        "import importlib, statistics\n    importlib.reload(statistics)",
        "import sys, statistics\n    del sys.modules['statistics']\n    import statistics",
        "import importlib.util, statistics\n    spec = importlib.util.find_spec('statistics')\n"
        "    module = importlib.util.module_from_spec(spec)\n    spec.loader.exec_module(module)",
        "import runpy\n    runpy.run_module('statistics')",
    ],
)
@pytest.mark.parametrize("eager", [True, False])
def test_a_second_load_is_refused(warm: WarmSandbox, lazy: WarmSandbox, submit: Submit, body: str, eager: bool) -> None:
    talk = submit(warm if eager else lazy, f"import statistics\ndef f():\n    {body}\n", LIMITS, BANS)
    with pytest.raises(StudentError, match="second time") as caught:
        talk.call()
    assert caught.value.name == "ForbiddenCall"


# A compiled function of numpy, and ways to a second copy of its module.
DET = BanSpec(functions=("numpy.linalg._umath_linalg.det",))
COPIES = {
    "a link to the package": (
        "import os, sys, numpy\n"
        "    os.symlink(os.path.dirname(numpy.__file__), '/submission/np2')\n"
        "    sys.path.insert(0, '/submission')\n    from np2.linalg import _umath_linalg as m"
    ),
    "the folder on the path": (
        "import sys, os, numpy.linalg\n    sys.path.insert(0, os.path.dirname(numpy.linalg.__file__))\n"
        "    import _umath_linalg as m"
    ),
    "its own name once more": (
        "import importlib.util, numpy.linalg as l\n"
        "    s = importlib.util.spec_from_file_location('numpy.linalg._umath_linalg', l._umath_linalg.__file__)\n"
        "    m = importlib.util.module_from_spec(s)"
    ),
    "another name": (
        "import importlib.util, numpy.linalg as l\n"
        "    s = importlib.util.spec_from_file_location('_umath_linalg', l._umath_linalg.__file__)\n"
        "    m = importlib.util.module_from_spec(s)"
    ),
    "a copy of the file": (
        "import importlib.util, shutil, numpy.linalg as l\n"
        "    copy = shutil.copy(l._umath_linalg.__file__, '/submission')\n"
        "    s = importlib.util.spec_from_file_location('_umath_linalg', copy)\n    m = importlib.util.module_from_spec(s)"
    ),
    "a copy in memory": (
        "import importlib.util, os, numpy.linalg as l\n    fd = os.memfd_create('_umath_linalg')\n"
        "    os.write(fd, open(l._umath_linalg.__file__, 'rb').read())\n"
        "    s = importlib.util.spec_from_file_location('_umath_linalg', f'/proc/self/fd/{fd}',\n"
        "        loader=importlib.machinery.ExtensionFileLoader('_umath_linalg', f'/proc/self/fd/{fd}'))\n"
        "    m = importlib.util.module_from_spec(s)"
    ),
    "the library by its path": "import ctypes, numpy.linalg as l\n    m = ctypes.PyDLL(l._umath_linalg.__file__)",
    "a link to the library": (
        "import ctypes, os, numpy.linalg as l\n    os.symlink(l._umath_linalg.__file__, '/submission/m.so')\n"
        "    m = ctypes.PyDLL('/submission/m.so')"
    ),
    "a copy of the library": (
        "import ctypes, shutil, numpy.linalg as l\n"
        "    m = ctypes.PyDLL(shutil.copy(l._umath_linalg.__file__, '/submission/m.so'))"
    ),
}


@pytest.mark.parametrize("way", COPIES.values(), ids=COPIES.keys())
def test_no_second_copy_of_a_compiled_module(warm: WarmSandbox, submit: Submit, way: str) -> None:
    source = f"import numpy\ndef f():\n    {way}\n    return str(m)\n"
    with pytest.raises(StudentError, match="loaded") as caught:
        submit(warm, source, LIMITS, (DET,)).call()
    assert caught.value.name == "ForbiddenCall"


@pytest.mark.parametrize(
    "load",
    ["import _codecs_jp as m", "import _zoneinfo as m",
     "import numpy.random._mt19937 as m", "import ctypes\n    m = ctypes.CDLL('libm.so.6')",
     "import ctypes, ctypes.util\n    m = ctypes.CDLL(None)", "import xml.etree.ElementTree as m"],
)  # fmt: skip
def test_what_is_loaded_as_it_is_installed_loads(warm: WarmSandbox, submit: Submit, load: str) -> None:
    assert submit(warm, f"def f():\n    {load}\n    return str(m)\n", LIMITS, (DET,)).call()


def test_a_working_folder_that_is_gone_is_nobodys_fault(warm: WarmSandbox, submit: Submit) -> None:
    source = "import os, collections\ndef f():\n    os.mkdir('inner'); os.chdir('inner'); os.rmdir('../inner')\n"
    source += "    exec(compile('y = 1', 'mine', 'exec')); import wave\n"
    source += "    return len(collections.namedtuple('P', 'x y')(1, 2))\n"
    assert submit(warm, source, LIMITS, (DET,)).call() == 2


CLOSED = (BanSpec(functions=("stringprep.in_table_a1", "yaml.safe_load"), closed=("stringprep", "yaml")),)


@pytest.mark.parametrize(
    ("load", "package"),
    [
        ("import stringprep", "stringprep"),
        ("from yaml import nodes", "yaml"),
        ("try:\n        import yaml\n    except Exception: pass", "yaml"),
        ("try: import yaml\n    except BaseException:\n        import os; os._exit(1)", "yaml"),
        ("import importlib\n    importlib.import_module('string' + 'prep')", "stringprep"),
        ("import sys\n    from importlib.machinery import PathFinder\n    sys.meta_path[:] = [PathFinder]\n"
         "    import stringprep", "stringprep"),
        ("import runpy\n    runpy.run_module('stringprep')", "stringprep"),
        ("import importlib.util as u\n    s = u.find_spec('stringprep')\n"
         "    n = u.spec_from_file_location('mine', s.origin)\n    n.loader.exec_module(u.module_from_spec(n))", "stringprep"),
        ("import os, sys, importlib.util as u\n    os.symlink(u.find_spec('stringprep').origin, '/submission/mine.py')\n"
         "    sys.path.insert(0, '/submission')\n    import mine", "stringprep"),
    ],
)  # fmt: skip
def test_who_loads_a_closed_package_starts_again(warm: WarmSandbox, submit: Submit, load: str, package: str) -> None:
    talk = submit(warm, f"def f():\n    {load}\n", LIMITS, CLOSED)
    talk.conversation.closed = frozenset({package})
    with pytest.raises(Opened):
        talk.call()


def test_what_is_imported_already_is_not_closed(warm: WarmSandbox, submit: Submit) -> None:
    bans = (BanSpec(functions=("numpy.convolve",), closed=("numpy",)),)
    talk = submit(warm, "import numpy\ndef f(): return numpy.convolve([1, 2], [3, 4])", LIMITS, bans)
    with pytest.raises(ForbiddenReached):
        talk.call()


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("def f(): return nn.Linear(3, 2)(torch.ones(1, 3)).shape[1]", 2),
        ("def f(): return int(F.max_pool2d(torch.ones(1, 1, 4, 4), 2).sum())", 4),
        ("def f(): return nn.LSTM(2, 3)(torch.ones(4, 1, 2))[0].shape[2]", 3),
        ("def f(): return int(F.unfold(torch.ones(1, 1, 3, 3), 2).sum())", 16),
        ("def f(): return float(torch.softmax(torch.ones(2, 2) @ torch.ones(2, 2), -1).sum())", 2.0),
        (
            "def f():\n    x = torch.ones(2, requires_grad=True)\n    o = torch.optim.SGD([x], 0.5)\n"
            "    (x * x).sum().backward(); o.step()\n    return float(x.sum())", 0.0,
        ),
        ("def f(): return int(torch.func.vmap(torch.sin)(torch.zeros(3)).sum())", 0),
        ("import numpy\ndef f(): return float(numpy.correlate([1.0], [2.0])[0])", 2.0),
    ],
)  # fmt: skip
def test_everything_else_still_works(warm: WarmSandbox, submit: Submit, source: str, value: object) -> None:
    assert submit(warm, HEAD + source, LIMITS, BANS).call() == value


def test_nothing_is_gone_without_a_ban(warm: WarmSandbox, submit: Submit) -> None:
    for name in ("by name", "by module", "under vmap"):
        assert submit(warm, HEAD + CONVOLUTIONS[name], LIMITS).call(X) is not None
    assert submit(warm, "import statistics\ndef f(): return statistics.mean([1, 2])").call() == 1.5


def test_one_ban_takes_nothing_of_another(warm: WarmSandbox, submit: Submit) -> None:
    assert submit(warm, HEAD + CONVOLUTIONS["by name"], LIMITS, (ATTENTION,)).call(X).shape == (1, 1, 1, 1)
    assert submit(warm, HEAD + "def f(x): return F.scaled_dot_product_attention(x, x, x)", LIMITS, (CONVOLUTION,)).call(X).shape


# -- what is told --------------------------------------------------------------------------------------------------------------


def test_the_line_is_told(warm: WarmSandbox, submit: Submit) -> None:
    source = "import torch\n\ndef g(x):\n    y = x * 2\n    return torch.conv2d(y, x)\n\ndef f(x):\n    return g(x)\n"
    hit = reached(submit, warm, source, X)
    assert (hit.line, hit.name) == (5, "torch's conv2d")


def test_the_line_of_a_function_is_told(warm: WarmSandbox, submit: Submit) -> None:
    hit = reached(submit, warm, "import statistics\n\n\ndef f():\n    return sorted([3], key=lambda x: statistics.mean([x]))\n")
    assert (hit.line, hit.name) == (5, "statistics")


@pytest.mark.parametrize("catch", ["RuntimeError", "Exception", "BaseException"])
@pytest.mark.parametrize("call", ["torch.conv2d(x, x)", "__import__('statistics').mean([1, 2])"])
def test_a_swallowed_hit_is_told(warm: WarmSandbox, submit: Submit, catch: str, call: str) -> None:
    source = f"import torch\ndef f(x):\n    try:\n        {call}\n    except {catch}:\n        pass\n    return 5\n"
    assert reached(submit, warm, source, X).line == 4


def test_a_hit_is_told_though_another_error_follows(warm: WarmSandbox, submit: Submit) -> None:
    source = "import torch\ndef f(x):\n    try:\n        torch.conv2d(x, x)\n    except RuntimeError:\n        raise ValueError\n"
    assert reached(submit, warm, source, X).line == 4


def test_a_hit_while_loading_is_skipped_and_no_hit(warm: WarmSandbox, submit: Submit) -> None:
    talk = submit(warm, HEAD + "x = torch.ones(1, 1, 2, 2)\ny = F.conv2d(x, x)\nz = 3\ndef f(): return z\n", LIMITS, BANS)
    assert talk.call() == 3
    assert [line for line, _ in talk.loaded["skipped"]] == [5]


def test_a_hit_in_the_backward_pass_is_told(warm: WarmSandbox, submit: Submit) -> None:
    source = """
        import torch

        class G(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                return x * 2

            @staticmethod
            def backward(ctx, g):
                return torch.conv2d(g, g)

        def f(x):
            return G.apply(x)
    """
    talk = submit(warm, source, LIMITS, BANS)
    answer = talk.conversation.call("call", [X.clone().requires_grad_()], {}, name="f")
    with pytest.raises(ForbiddenReached):
        talk.conversation.backward(answer.tape, [torch.ones(1, 1, 4, 4)])


def test_a_mention_costs_nothing(warm: WarmSandbox, submit: Submit) -> None:
    source = (
        HEAD + "from torch.nn.functional import conv2d\nlayer = nn.Conv2d(1, 1, 2)\noptimiser = torch.optim.Adam\n"
        "def unused(x): return conv2d(x, x)\n"
        "def f(x):\n    '''Like F.conv2d.'''\n    return x * 2\n"
        "if __name__ == '__main__':\n    print(unused(torch.ones(1, 1, 2, 2)))\n"
    )
    assert torch.equal(submit(warm, source, LIMITS, BANS).call(X), X * 2)


def test_names_that_do_not_exist_take_nothing(warm: WarmSandbox, submit: Submit) -> None:
    bans = (BanSpec(("no::such*",), ("torch.no_such_function", "no_such_module.function", "math.no_such")),)
    assert np.isclose(submit(warm, "import math, torch\ndef f(): return math.pi", LIMITS, bans).call(), np.pi)


def test_functions_written_in_c_are_gone(warm: WarmSandbox, submit: Submit) -> None:
    bans = (BanSpec(functions=("math.gamma", "numpy.linalg.det")),)
    for source in ("import math\ndef f(): return math.gamma(5)", "import numpy as np\ndef f(): return np.linalg.det(np.eye(2))"):
        talk = submit(warm, source, LIMITS, bans)
        with pytest.raises(ForbiddenReached):
            talk.call()


def test_the_next_submission_has_its_calls(warm: WarmSandbox, submit: Submit) -> None:
    reached(submit, warm, HEAD + CONVOLUTIONS["by name"], X)
    assert submit(warm, HEAD + CONVOLUTIONS["by name"], LIMITS).call(X).shape == (1, 1, 1, 1)


def test_many_sets_of_forbidden_calls_in_turn(submit: Submit) -> None:
    """Each set has a warm process of its own, and only the ones used last are kept: what is asked for again is made again."""
    sandbox = WarmSandbox(["numpy"], most=2)
    try:
        source = "import statistics, colorsys\ndef f(name): return getattr(statistics, name)([1.0, 2.0])\n"
        names = ("mean", "median", "fsum", "mean", "median")
        for name in names:
            ban = BanSpec(functions=(f"statistics.{name}",))
            talk = submit(sandbox, source, LIMITS, (ban,))
            with pytest.raises(ForbiddenReached):
                talk.call(name)
            assert submit(sandbox, source, LIMITS, (ban,)).call("stdev" if name == "mean" else "mean") > 0
            assert len(sandbox.branches) <= 2
    finally:
        sandbox.close()


def test_modules_come_before_their_calls_are_taken_away(submit: Submit) -> None:
    """The warm process itself imports what a set concerns; a later set without it has that module untouched."""
    sandbox = WarmSandbox(["numpy"])
    try:
        head = "import sys\nhad = 'colorsys' in sys.modules\nimport colorsys\n"
        source = head + "def f(): return had, colorsys.rgb_to_hsv(0, 0, 1)\n"
        with pytest.raises(ForbiddenReached):
            submit(sandbox, source, LIMITS, (BanSpec(functions=("colorsys.rgb_to_hsv",)),)).call()
        assert submit(sandbox, source, LIMITS, ()).call()[0] is True
    finally:
        sandbox.close()
