"""Seeds per student and question, and a source of draws from them that is the same on every machine and for ever."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

# Known to everybody: fine for practice.
PRACTICE_SECRET = "practice"


def question_seed(secret: str, student: str, bank: str, question: str) -> int:
    """The seed of 63 bits that everything drawn for a student's question follows from."""
    message = "\0".join(("quiz", student, bank, question)).encode("utf-8", "surrogatepass")
    digest = hmac.new(secret.encode("utf-8", "surrogatepass"), message, hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") >> 1


class Stream:
    """Draws that follow from a seed and a purpose.

    `random.Random` promises to repeat its `random()` over versions of Python, not its other methods. Each purpose has a
    stream of its own, so that a new parameter does not change the order of the options.
    """

    def __init__(self, seed: int, purpose: str) -> None:
        self._key = f"{seed}\0{purpose}\0".encode()
        self._count = 0

    def below(self, count: int) -> int:
        """A whole number in [0, count), each as likely as the others."""
        limit = (1 << 64) - (1 << 64) % count
        while True:
            block = hashlib.sha256(self._key + str(self._count).encode()).digest()
            self._count += 1
            number = int.from_bytes(block[:8], "big")
            if number < limit:
                return number % count

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in a random order."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = self.below(last + 1)
            result[last], result[other] = result[other], result[last]
        return result
