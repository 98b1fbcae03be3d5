"""A sound bank with a question of every type, and a way to spoil it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.quiz.bank import Bank, read_bank
from grader.quiz.seeds import PRACTICE_SECRET, question_seed

SOUND = Path(__file__).parent / "banks" / "sound.yaml"
Spoil = Callable[..., Path]


@pytest.fixture(scope="session")
def sound() -> Bank:
    """The bank in which nothing is wrong."""
    return read_bank(SOUND)


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Writes the sound bank with some texts replaced, each once."""

    def write(*edits: tuple[str, str]) -> Path:
        text = SOUND.read_text(encoding="utf-8")
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / "spoiled.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def seeds() -> list[int]:
    """Seeds of some students."""
    return [question_seed(PRACTICE_SECRET, f"s{number}", "sound", "q") for number in range(40)]
