"""What the warm process decides by itself; how it behaves is told by the sandbox's conformance suite."""

import pytest

from grader.guest import warm


def test_other_warm_processes_cost_a_submission_none_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel counts all processes of a user: beside itself, the submission sees the first process and three branches."""
    monkeypatch.setattr(warm.os, "listdir", lambda folder: ["1", "17", "18", "19", "204", "self", "meminfo"])
    assert warm._beside_others({"processes": 5, "open_files": 9}) == {"processes": 9, "open_files": 9}
    assert warm._beside_others({"processes": 0, "open_files": 9}) == {"processes": 0, "open_files": 9}
