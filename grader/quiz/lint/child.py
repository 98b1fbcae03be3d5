"""Runs checks and snippets of a bank, in a process of its own: reads requests as lines of JSON, answers likewise.

It is started as a script, and imports nothing of the kit.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import json
import math
import os
import random
import sys
import warnings
from typing import Any

_LONGEST = 4_000
# Imported when a source names them, so that arithmetic does not wait for torch.
_MODULES = {"torch": "torch", "nn": "torch.nn", "F": "torch.nn.functional", "np": "numpy", "math": "math"}


def plain(value: Any) -> Any:
    """A value as plain data: numbers, truth values, text, lists; anything else as its text."""
    if isinstance(value, (bool, str)) or value is None:
        return value
    if hasattr(value, "tolist"):  # arrays and tensors
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value[:100]]
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    return repr(value)[:_LONGEST]


def execute(source: str, expression: str | None, values: dict[str, Any], last_is_value: bool) -> dict[str, Any]:
    """Run a source with values as its names.

    Parameters:
        expression: evaluated after the source.
        last_is_value: the value of the source's last line counts, in place of an expression.

    Returns:
        value, output (what was printed) and error (the name of the exception, and its message).
    """
    printed = io.StringIO()
    reply: dict[str, Any] = {"value": None, "text": "", "output": "", "error": "", "message": ""}
    try:
        tree = ast.parse(source)
        tail = None
        if last_is_value:
            if not tree.body or not isinstance(tree.body[-1], ast.Expr):
                raise SyntaxError("the last line must be an expression")
            tail = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]  # an Expr, as was just seen
        elif expression is not None:
            tail = ast.parse(expression, mode="eval")
        names = {node.id for part in (tree, tail) if part is not None for node in ast.walk(part) if isinstance(node, ast.Name)}
        # A snippet imports for itself what it shows; a check need not.
        given = _MODULES if last_is_value or expression is not None else {}
        scope: dict[str, Any] = {name: importlib.import_module(path) for name, path in given.items() if name in names}
        scope.update(values, __name__="__main__")
        random.seed(0)
        for library in ("torch", "numpy"):
            if library in sys.modules:
                module = sys.modules[library]
                module.manual_seed(0) if library == "torch" else module.random.seed(0)
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            exec(compile(tree, "<quiz>", "exec"), scope)  # the author's own code, in a process of its own
            if tail is not None:
                result = eval(compile(tail, "<quiz>", "eval"), scope)
                reply["value"], reply["text"] = plain(result), str(result)[:_LONGEST]
    except BaseException as problem:  # whatever it is, it is the answer
        reply["error"], reply["message"] = type(problem).__name__, str(problem)[:500]
    reply["output"] = printed.getvalue()[:_LONGEST]
    return reply


def main() -> None:
    """Answer requests until there are no more."""
    warnings.simplefilter("ignore")
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Libraries that print past Python must not spoil the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for line in sys.stdin:
        request = json.loads(line)
        replies = []
        for one in request["runs"]:
            values = {name: _tuples(value) for name, value in one["values"].items()}
            replies.append(execute(one["source"], request["expression"], values, request["last_is_value"]))
        print(json.dumps(replies), file=channel, flush=True)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


if __name__ == "__main__":
    main()
