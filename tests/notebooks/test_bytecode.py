"""What code reads and sets is what `dis` tells."""

import dis
import inspect
import types
from collections.abc import Iterator

import pytest

from grader.notebooks.bytecode import code_reads, names_of

OPERATIONS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS", "STORE_NAME", "STORE_GLOBAL"}
MANY = "".join(f"name_{number} = other_{number}.attribute()\n" for number in range(400))  # more names than one byte counts


def codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from codes(inner)


@pytest.mark.parametrize(
    "source",
    [
        inspect.getsource(inspect),
        inspect.getsource(dis),
        MANY,
        f"def f():\n    global name_1\n    {MANY.replace(chr(10), chr(10) + '    ')}",
    ],
)
def test_names_are_those_of_dis(source: str) -> None:
    found = 0
    for code in codes(compile(source, "module", "exec")):
        told = [(step.opname, step.argval) for step in dis.get_instructions(code) if step.opname in OPERATIONS]
        assert list(names_of(code)) == told
        found += len(told)
    assert found > 100


def test_code_that_has_run_tells_the_same() -> None:
    """Python changes the code of what runs often."""
    namespace: dict[str, object] = {"limit": 3}
    exec("def f(n):\n    return max(n, limit) if n else abs(n)", namespace)
    function = namespace["f"]
    assert isinstance(function, types.FunctionType)
    for number in range(10_000):
        function(number)
    assert code_reads(function.__code__) == (set(), {"max", "limit", "abs"})
