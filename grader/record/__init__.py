"""The record: what one exercise of one submission earned, and why. Every view is a pure function of it."""

from grader.record.model import (
    FORMAT,
    Diagnosis,
    Outcome,
    Record,
    TestResult,
    Versions,
    clean,
    from_json,
    same_verdict,
    to_json,
)
from grader.record.unread import unread, unread_reason

__all__ = [
    "FORMAT", "Diagnosis", "Outcome", "Record", "TestResult", "Versions", "clean", "from_json", "same_verdict", "to_json",
    "unread", "unread_reason",
]  # fmt: skip
