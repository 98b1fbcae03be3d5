"""Where `grader check --html` writes: never over a student's work, whole or not at all."""

from pathlib import Path

import pytest

from grader.catalog.problems import CourseError
from grader.cli.checkpage import check_target, link_to, write_page


@pytest.mark.parametrize(("name", "told"), [("work.py", "ends in .html"), ("none/a.html", "no folder"), ("", "is a folder")])
def test_targets_that_cannot_be(tmp_path: Path, name: str, told: str) -> None:
    with pytest.raises(CourseError, match=told):
        check_target(tmp_path / name)


def test_page_replaces_the_old_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a b.html"
    path.write_text("old", encoding="utf-8")
    check_target(path)
    write_page(path, [], "ru")
    assert path.read_text(encoding="utf-8").startswith('<!doctype html>\n<html lang="ru">')
    assert list(tmp_path.iterdir()) == [path]
    assert str(path) in link_to(path).plain


def test_a_page_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="cannot be written"):
        write_page(tmp_path / "gone" / "a.html", [], "en")
