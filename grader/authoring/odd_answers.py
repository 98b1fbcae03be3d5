"""Submissions that answer with what no exercise asks for; every hidden grader must call them wrong and survive them."""

from __future__ import annotations

ANSWERS = {
    "returns-nothing": "None",
    "returns-zero": "0",
    "returns-true": "True",
    "returns-text": "'text'",
    "returns-an-empty-list": "[]",
    "returns-a-pair-of-nothing": "(None, None)",
    "returns-a-dict": "{}",
    "returns-nan": "np.full((3, 3), np.nan)",
    "returns-nothing-in-an-array": "np.zeros((0,))",
    "returns-text-in-an-array": "np.array(['a', 'b'])",
    "returns-complex-numbers": "np.ones((3, 3), dtype=complex)",
    "returns-an-object": "object()",
    "returns-a-function": "print",
    "returns-its-first-argument": "(args[0] if args else None)",
}


def sources(entry: str) -> dict[str, str]:
    """Whole submissions by name."""
    made = {}
    for name, answer in ANSWERS.items():
        made[name] = f"import numpy as np\n\n\ndef {entry}(*args, **kwargs):\n    return {answer}\n"
    made["raises"] = f"def {entry}(*args, **kwargs):\n    raise RuntimeError('no')\n"
    made["takes-no-arguments"] = f"def {entry}():\n    return 0\n"
    return made
