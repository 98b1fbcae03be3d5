"""The mutator changes what a person gets wrong, and nothing that no test can see."""

import ast
from textwrap import dedent

import pytest

from grader.authoring.mutation import Mutant, mutants

IMPORTS = "import math\nimport numpy as np\nimport torch\nimport torch.nn.functional as F\n"


def of_body(body: str, signature: str = "x, y, n") -> list[str]:
    """The descriptions for the body of a function."""
    lines = "\n".join(f"    {line}" for line in dedent(body).strip().splitlines())
    return [mutant.description for mutant in mutants(f"{IMPORTS}def f({signature}):\n{lines}\n")]


def of_value(expression: str) -> list[str]:
    return of_body(f"z = {expression}")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x + y", ["x + y → x - y", "x + y → x", "x + y → y"]),
        ("x - y", ["x - y → x + y", "x - y → y - x", "x - y → x", "x - y → -y"]),
        ("x * y", ["x * y → x / y", "x * y → x", "x * y → y"]),
        ("x / y", ["x / y → x * y", "x / y → y / x", "x / y → x"]),
        ("x // y", ["x // y → x / y", "x // y → -(-x // y)", "x // y → y // x", "x // y → x"]),
        ("x % y", ["x % y → x // y", "x % y → y % x", "x % y → x"]),
        ("x ** y", ["x ** y → y ** x", "x ** y → x"]),
        ("x @ y", ["x @ y → y @ x"]),
        ("x & y", ["x & y → x | y", "x & y → x", "x & y → y"]),
        ("-x", ["-x → x"]),
        ("-math.inf", ["-math.inf → math.inf"]),
        ("math.inf", ["math.inf → -math.inf"]),
        ("x + 1", ["x + 1 → x - 1", "x + 1 → x", "x + 1 → x + 2"]),
        ("1 - x", ["1 - x → 1 + x", "1 - x → x - 1", "1 - x → -x", "1 - x → 2 - x"]),
        ("1 / x", ["1 / x → 1 * x", "1 / x → 0 / x", "1 / x → 2 / x"]),
        ("x ** 2", ["x ** 2 → 2 ** x", "x ** 2 → x", "x ** 2 → x ** 3"]),
    ],
)
def test_arithmetic(expression: str, expected: list[str]) -> None:
    assert of_value(expression) == expected


def test_a_long_sum_loses_one_term_at_a_time() -> None:
    found = of_value("x + y - n")
    assert found == [
        "x + y - n → x + y + n",
        "x + y - n → n - (x + y)",
        "x + y - n → x + y",
        "x + y → x - y",
        "x + y → x",
        "x + y → y",
    ]


@pytest.mark.parametrize("expression", ["(x - y) ** 2", "np.abs(x - y)", "(x - y).abs()", "(x - y) * (x - y)"])
def test_a_difference_that_loses_its_sign_keeps_its_order(expression: str) -> None:
    assert "x - y → y - x" not in of_value(expression)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x < y", ["x < y → x <= y", "x < y → x > y"]),
        ("x >= y", ["x >= y → x > y", "x >= y → x <= y"]),
        ("x == y", ["x == y → x != y"]),
        ("x is y", ["x is y → x is not y"]),
        ("x not in y", ["x not in y → x in y"]),
        ("x and y", ["x and y → x or y", "x and y → y", "x and y → x"]),
        (
            "x or y or n",
            ["x or y or n → x and y and n", "x or y or n → y or n", "x or y or n → x or n", "x or y or n → x or y"],
        ),
        ("not x", ["not x → x"]),
        ("~x", ["~x → x"]),
        ("x if n else y", ["x if n else y → x", "x if n else y → y"]),
    ],
)
def test_logic(expression: str, expected: list[str]) -> None:
    assert of_value(expression) == expected


@pytest.mark.parametrize(
    ("literal", "others"),
    [
        ("0", ["1"]),
        ("1", ["0", "2"]),
        ("7", ["6", "8"]),
        ("-1", ["1", "-2"]),
        ("-3", ["-4", "-2"]),
        ("10000", ["1000", "100000"]),
        ("0.0", ["1.0"]),
        ("0.5", ["1.0", "-0.5"]),
        ("1.0", ["0.0", "2.0", "-1.0"]),
        ("3.0", ["6.0", "-3.0"]),
        ("0.9", ["0.1", "-0.9"]),
        ("1e-05", ["0.0", "0.01"]),
        ("True", ["False"]),
        ("None", []),
        ("'text'", []),
        ("'mean'", ["'sum'"]),
    ],
)
def test_constants(literal: str, others: list[str]) -> None:
    assert of_value(literal) == [f"z = {literal} → z = {other}" for other in others]


def test_words_choose_a_mode_but_do_not_look_up() -> None:
    assert of_value("float('-inf')") == ["float('-inf') → float('inf')"]
    assert of_value("x['mean']") == []


@pytest.mark.parametrize(
    ("expression", "changed"),
    [
        ("F.softmax(x, dim=-1)", "F.softmax(x, dim=-2)"),
        ("F.softmax(x, dim=-2)", "F.softmax(x, dim=-1)"),
        ("x.sum(0)", "x.sum(1)"),
        ("np.sum(x, 1)", "np.sum(x, 0)"),
        ("np.sum(x, axis=1)", "np.sum(x, axis=0)"),
        ("x.transpose(-2, -1)", "x.transpose(-3, -1)"),
        ("x.shape[0]", "x.shape[1]"),
        ("x.shape[1]", "x.shape[0]"),
        ("x[-1]", "x[-2]"),
        ("x.mean(dim=(0, 2))", "x.mean(dim=(0, 1))"),
    ],
)
def test_axes(expression: str, changed: str) -> None:
    assert f"{expression} → {changed}" in of_value(expression)


def test_one_axis_of_several_is_left_out() -> None:
    found = of_value("x.mean(dim=(0, 2, 3))")
    for fewer in ("(2, 3)", "(0, 3)", "(0, 2)"):
        assert f"x.mean(dim=(0, 2, 3)) → x.mean(dim={fewer})" in found
    assert not any("(2, 0, 3)" in text for text in found)


def test_a_kept_axis_goes_and_a_lost_one_stays() -> None:
    assert of_value("x.sum(axis=1, keepdims=True)") == [
        f"x.sum(axis=1, keepdims=True) → {after}"
        for after in (
            "x.mean(axis=1, keepdims=True)",
            "x.sum(keepdims=True)",
            "x.sum(axis=1)",
            "x.sum(axis=0, keepdims=True)",
            "x.sum(axis=1, keepdims=False)",
        )
    ]
    assert "x.sum(dim=1) → x.sum(dim=1, keepdim=True)" in of_value("x.sum(dim=1)")
    assert "x.sum(axis=1) → x.sum(axis=1, keepdims=True)" in of_value("x.sum(axis=1)")
    assert "x.sum(1) → x.sum()" in of_value("x.sum(1)")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x.sum()", ["x.mean()"]),
        ("np.max(x)", ["np.min(x)", "np.mean(x)"]),
        ("max(x, y)", ["min(x, y)"]),
        ("np.exp(x)", ["np.exp(-x)", "np.expm1(x)", "x"]),
        ("np.log(x)", ["np.log2(x)", "x"]),
        ("x.log()", ["x.log2()", "x"]),
        ("math.sqrt(x)", ["x"]),
        ("abs(x)", ["x"]),
        ("torch.tanh(x)", ["torch.sigmoid(x)", "x"]),
        ("np.tanh(x)", ["x"]),
        ("torch.sigmoid(x)", ["torch.tanh(x)", "x"]),
        ("F.softplus(x)", ["F.relu(x)", "x"]),
        ("math.floor(x)", ["math.ceil(x)", "x"]),
        ("math.ceil(x)", ["math.floor(x)", "x"]),
        ("torch.tril(x)", ["torch.triu(x)", "x"]),
        ("x.T", ["x"]),
        ("x.permute(0, 2, 1)", ["x", "x.permute(2, 0, 1)", "x.permute(0, 1, 2)"]),
        ("x.detach()", ["x"]),
        ("x.item()", ["x"]),
        ("x.clone()", ["x"]),
        ("x.copy()", ["x"]),
        ("np.copy(x)", ["x"]),
        ("self.dropout(x)", ["x"]),
        ("self.linear(x)", []),
        ("x.to(device)", []),
        ("float(x)", []),
        ("np.einsum('ij,jk->ik', x, y)", ["np.einsum('ij,jk->ki', x, y)"]),
        ("enumerate(x)", ["enumerate(x, 1)"]),
        ("isinstance(x, y)", []),
        ("range(n)", ["range(1, n)", "range(n - 1)", "range(n + 1)"]),
        ("range(1, n)", ["range(0, n)", "range(2, n)", "range(1, n - 1)", "range(1, n + 1)"]),
        ("range(len(x))", ["range(1, len(x))", "range(len(x) - 1)", "range(len(x) + 1)"]),
    ],
)
def test_calls(expression: str, expected: list[str]) -> None:
    assert of_value(expression) == [f"{expression} → {after}" for after in expected]


def test_a_helper_of_the_module_is_confused_with_the_library() -> None:
    source = "import numpy as np\ndef sigmoid(x):\n    return x\ndef f(x):\n    return np.tanh(x)\n"
    assert [mutant.description for mutant in mutants(source)] == ["np.tanh(x) → sigmoid(x)", "np.tanh(x) → x"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("f(x, y, n)", ["f(y, x, n)", "f(x, n, y)"]),
        ("np.maximum(x, y)", ["np.minimum(x, y)"]),
        ("f(x, bias=y)", ["f(x)"]),
        (
            "torch.zeros(3, device=x)",
            ["torch.ones(3, device=x)", "torch.zeros(2, device=x)", "torch.zeros(4, device=x)"],
        ),
        ("np.full((x, y), n)", ["np.full(n, (x, y))", "np.full((y, x), n)"]),
        ("f(*x, **y)", []),
    ],
)
def test_arguments(expression: str, expected: list[str]) -> None:
    assert of_value(expression) == [f"{expression} → {after}" for after in expected]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x[i:j]", ["x[:j]", "x[i:]", "x[i + 1:j]", "x[i:j - 1]"]),
        ("x[1:]", ["x[:]", "x[2:]"]),
        ("x[0:n]", ["x[0:]", "x[1:n]", "x[0:n - 1]"]),
        ("x[:-1]", ["x[:]", "x[:-2]"]),
        ("x[::2]", ["x[:]", "x[::3]"]),
        ("x[::-1]", ["x[:]"]),
        ("x[i, j]", ["x[j, i]"]),
        ("x[:, None]", ["x", "x[None, :]"]),
        ("x[None, :]", ["x[:, None]"]),
        ("x[None]", ["x"]),
    ],
)
def test_indices(expression: str, expected: list[str]) -> None:
    assert of_value(expression) == [f"{expression} → {after}" for after in expected]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("optimizer.step()", ["optimizer.step() → pass"]),
        ("x.train()", ["x.train() → pass", "x.train() → x.eval()"]),
        ("x += y", ["x += y → pass", "x += y → x -= y", "x += y → x = y"]),
        ("z += 1", ["z += 1 → pass", "z += 1 → z -= 1", "z += 1 → z = 1", "z += 1 → z += 2"]),
        ("x[i] = y", ["x[i] = y → pass"]),
        ("x = g(x)", ["x = g(x) → x = x"]),
        ("h, w = x.shape", ["h, w = x.shape → w, h = x.shape"]),
        ("a, b = (0.0, 0)", ["a, b = (0.0, 0) → a, b = (1.0, 0)", "a, b = (0.0, 0) → a, b = (0.0, 1)"]),
        ("return (-y, -x)", ["return (-y, -x) → return (-x, -y)", "-y → y", "-x → x"]),
        ("return y", ["return y → return y.detach()"]),
        ("print(x + 1)", []),
        ("super().__init__()", []),
    ],
)
def test_statements(statement: str, expected: list[str]) -> None:
    assert of_body(statement) == expected


def test_an_input_is_changed_in_place() -> None:
    assert "x = x - y → x -= y" in of_body("x = x - y")
    assert "x = x - y → x -= y" not in of_body("x = x - y", signature="x: float, y: float")
    assert "z = z - y → z -= y" not in of_body("z = z - y")


def test_no_gradient_is_cut_where_there_is_none() -> None:
    numpy_only = mutants("import numpy as np\ndef f(x):\n    return x\n")
    plain = mutants("import torch\ndef f(x) -> float:\n    return x\n")
    mask = mutants("import torch\ndef f(x, y):\n    mask = x == y\n    return mask\n")
    assert [mutant.description for mutant in (*numpy_only, *plain, *mask)] == ["x == y → x != y"]


def test_branches_are_forced() -> None:
    assert of_body("if x:\n    y()") == ["if x: → if True:", "if x: → if False:", "y() → pass"]
    assert of_body("while x:\n    y()") == ["while x: → while False:", "y() → pass"]
    assert of_body("if x:\n    raise ValueError('no')") == ["if x: → if False:"]
    assert of_value("[i for i in x if i]") == ["for i in x if i → for i in x if True"]


def test_the_default_for_none_is_replaced() -> None:
    assert of_body("if y is None:\n    y = n") == [
        "if y is None: → if True:",
        "if y is None: → if False:",
        "y is None → y is not None",
        "y = n → y = 1",
    ]
    assert "z = n if y is None else y → z = 1 if y is None else y" in [
        f"z = n if y is None else y → {mutant.source.splitlines()[-1].strip()}"
        for mutant in mutants("def f(y, n):\n    z = n if y is None else y\n")
    ]


def test_loops_are_left_but_never_made_endless() -> None:
    assert of_body("for i in x:\n    if i:\n        break")[-1] == "break → pass"
    assert of_body("while True:\n    break") == []
    assert of_body("while n > x:\n    n -= 1") == [
        "while n > x: → while False:",
        "n > x → n >= x",
        "n > x → n < x",
        "n -= 1 → n -= 2",
    ]


def test_defaults_are_changed() -> None:
    signature = "x, stride=1, *, bias=True, mode: str = 'mean', size=(2, 2), other=None"
    assert of_body("z = x", signature=signature) == [
        "bias=True → bias=False",
        "mode='mean' → mode='sum'",
        "size=(2, 2) → size=(1, 2)",
        "size=(2, 2) → size=(3, 2)",
        "size=(2, 2) → size=(2, 1)",
        "size=(2, 2) → size=(2, 3)",
        "stride=1 → stride=0",
        "stride=1 → stride=2",
    ]


UNTOUCHED = '''\
"""Module of 1 + 2."""
from __future__ import annotations
import sys
from typing import TYPE_CHECKING, Literal, cast
if TYPE_CHECKING:
    Limit = 3
Number = int | float
Bit = Literal[0, 1]
__version__ = 3
sys.path.append("1")

class Net(Base, order=3):
    """Class of 1 + 2."""

    def __repr__(self):
        return "Net" + str(self.size + 1)

    @decorated(3)
    def later(self, size: Literal[3], rate=0.5) -> Literal[4]:
        """Method of 1 + 2."""
        raise NotImplementedError

def check(x: Literal[1, 2], *rest: Literal[5]) -> tuple[Literal[3], int]:
    """Function of 1 < 2."""
    import math
    bound: Literal[6] = x
    raise ValueError("x < 1 and " + f"{x + 1}" + str(2))

def convert(x):
    assert x, "at least 1" + str(2)
    kind = cast(Literal[0, 1], x)
    text = "%d of" % x + " 3"

if __name__ == "__main__":
    print(check(1) + 2)

    def demo():
        return 1 + 2
'''


def test_texts_types_and_demos_stay_as_they_are() -> None:
    assert mutants(UNTOUCHED) == []


def test_only_the_code_of_a_decorated_and_annotated_function_changes() -> None:
    source = (
        "@given(3)\ndef f(x: Literal[1] = 0, *, k: Literal[2]) -> Literal[4]:\n"
        '    """1 + 2"""\n    z: Literal[5] = x + k\n    if z:\n        raise ValueError("3 < 4")\n'
    )
    expected = ["x=0 → x=1", "x + k → x - k", "x + k → x", "x + k → k", "if z: → if False:"]
    assert [mutant.description for mutant in mutants(source)] == expected


def test_constants_of_modules_and_classes_change() -> None:
    source = "EPS: float = 1e-5\nSIZES = (2, 'a')\nclass Net:\n    rate = 0.5\n"
    assert [(mutant.line, mutant.description) for mutant in mutants(source)] == [
        (1, "EPS: float = 1e-05 → EPS: float = 0.0"),
        (1, "EPS: float = 1e-05 → EPS: float = 0.01"),
        (2, "SIZES = (2, 'a') → SIZES = (1, 'a')"),
        (2, "SIZES = (2, 'a') → SIZES = (3, 'a')"),
        (4, "rate = 0.5 → rate = 1.0"),
        (4, "rate = 0.5 → rate = -0.5"),
    ]


def test_lines_are_those_of_the_source_with_its_comments() -> None:
    source = "# first\n\ndef f(x):\n    # second\n    z = (\n        x\n        < 2\n    )\n"
    assert [(mutant.line, mutant.description) for mutant in mutants(source)] == [
        (6, "x < 2 → x <= 2"),
        (6, "x < 2 → x > 2"),
        (7, "x < 2 → x < 1"),
        (7, "x < 2 → x < 3"),
    ]


def test_the_same_text_twice_is_numbered() -> None:
    found = mutants("def f(x):\n    y = -x\n    z = -x\n")
    assert [mutant.description for mutant in found] == ["-x → x", "-x → x (#2)"]
    assert [mutant.source for mutant in found] == [
        "def f(x):\n    y = x\n    z = -x",
        "def f(x):\n    y = -x\n    z = x",
    ]


def test_a_long_call_is_not_quoted_whole() -> None:
    long = ", ".join(f"argument_{index}" for index in range(6))
    assert "dim=-1 → dim=-2" in of_value(f"call({long}, dim=-1)")


def test_a_mutant_is_its_facts() -> None:
    mutant = Mutant(line=3, before="x", after="-x", source="")
    assert mutant.description == "x → -x"
    with pytest.raises(AttributeError):
        mutant.line = 4  # type: ignore[misc]


def test_a_module_that_does_not_parse_is_refused() -> None:
    with pytest.raises(SyntaxError):
        mutants("def f(:")


CONVOLUTION = '''\
import numpy as np


def convolution2d(image, kernel, stride=1, padding=0):
    """Slide the kernel."""
    n, c, h, w = image.shape
    out_channels, _, kh, kw = kernel.shape
    padded = np.pad(image, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    if oh <= 0 or ow <= 0:
        raise ValueError("the kernel is larger than the image")
    out = np.zeros((n, out_channels, oh, ow))
    for i in range(oh):
        for j in range(ow):
            window = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[:, :, i, j] = np.tensordot(window, kernel, axes=([1, 2, 3], [1, 2, 3]))
    return out
'''
ATTENTION = """\
import math
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, size: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.project = nn.Linear(size, 3 * size, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        query, key, value = self.project(x).chunk(3, dim=-1)
        scores = query @ key.transpose(-2, -1) / math.sqrt(query.size(-1))
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        weights = self.dropout(torch.softmax(scores, dim=-1))
        return weights @ value, weights
"""


@pytest.mark.parametrize("source", [CONVOLUTION, ATTENTION])
def test_a_whole_module(source: str) -> None:
    found = mutants(source)
    assert found == mutants(source)
    assert 30 <= len(found) <= 150
    assert len({mutant.description for mutant in found}) == len(found)
    assert len({mutant.source for mutant in found} | {ast.unparse(ast.parse(source))}) == len(found) + 1
    assert all("\n" not in mutant.description for mutant in found)
    for mutant in found:
        compile(mutant.source, "<mutant>", "exec")
        assert 1 <= mutant.line <= len(source.splitlines())


CONVOLUTION_SLIPS = [
    "n, c, h, w = image.shape → n, c, w, h = image.shape",
    "(h + 2 * padding - kh) // stride → -(-(h + 2 * padding - kh) // stride)",
    "i * stride → i",
    "oh <= 0 → oh < 0",
    "padding=0 → padding=1",
    "range(oh) → range(oh - 1)",
]
ATTENTION_SLIPS = [
    "math.sqrt(query.size(-1)) → query.size(-1)",
    "query.size(-1) → query.size(-2)",
    "torch.softmax(scores, dim=-1) → torch.softmax(scores, dim=-2)",
    "scores = scores.masked_fill(mask == 0, float('-inf')) → scores = scores",
    "query, key, value = self.project(x).chunk(3, dim=-1) → query, value, key = self.project(x).chunk(3, dim=-1)",
    "weights @ value → (weights @ value).detach()",
    "return (weights @ value, weights) → return (weights, weights @ value)",
    "self.dropout(torch.softmax(scores, dim=-1)) → torch.softmax(scores, dim=-1)",
]


@pytest.mark.parametrize(("source", "slips"), [(CONVOLUTION, CONVOLUTION_SLIPS), (ATTENTION, ATTENTION_SLIPS)])
def test_slips_that_students_make(source: str, slips: list[str]) -> None:
    assert set(slips) <= {mutant.description for mutant in mutants(source)}
