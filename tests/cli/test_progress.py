"""Progress where there is no terminal: lines with count, rate and time left, and only now and then."""

import pytest

from grader.cli import progress
from grader.cli.progress import Watch


@pytest.mark.parametrize(
    ("total", "seconds", "text"),
    [(4, 2.0, "grading: 2 of 4, 1.0/s, 2 s left"), (1000, 1.0, "8 min 19 s left"), (20_000, 1.0, "2 h 46 min left")],
)
def test_a_line_tells_count_rate_and_time_left(total: int, seconds: float, text: str) -> None:
    watch = Watch()
    watch.begin("grading", total)
    watch.advance()
    watch.advance()
    assert text in watch.line(seconds)


def test_lines_come_when_it_is_time(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    with Watch() as watch:
        watch.begin("grading", 30)
        for _ in range(30):
            now[0] += 1.0
            watch.advance()
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"grading: {done} of 30, 1.0/s, {30 - done} s left" for done in (10, 20, 30)]


def test_before_anything_is_done_nothing_is_foretold() -> None:
    watch = Watch()
    watch.begin("grading", 3)
    assert "? left" in watch.line(5.0)
