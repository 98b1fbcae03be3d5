"""Seeds per student, exercise and test, so that a regrade repeats every input and nobody can work them out beforehand."""

from __future__ import annotations

import hashlib
import hmac

# Known to everybody: fine for practice, named in a warning when marks are given without a secret of the course.
PRACTICE_SECRET = "practice"
# Whoever practises, so that visible tests ask all students the same: the sealed hints of a bundle rest on it.
PRACTICE_STUDENT = "you"


def seed(secret: str, student: str, exercise: str, test: str) -> int:
    """A seed of 63 bits."""
    message = "\0".join((student, exercise, test)).encode("utf-8", "surrogatepass")
    digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") >> 1
