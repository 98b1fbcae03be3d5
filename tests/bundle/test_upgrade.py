"""An upgrade brings what is new and leaves alone what a student wrote, wherever it is interrupted."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from grader.bundle.applying import apply_upgrade
from grader.bundle.content import Wanted, content
from grader.bundle.ledger import NEW, PLACE, put, read_ledger, tidy
from grader.bundle.release import plan_release, write_release
from grader.bundle.source import open_source
from grader.bundle.upgrade import JOURNAL, order_of, plan_upgrade
from grader.catalog.course import Course
from grader.catalog.problems import CourseError

from .conftest import Command, contents

SCALE = "exercises/basics/scale/scale.py"
CENTRE = "exercises/basics/centre/centre.py"
MINE = "def scale(x, factor=2.0):\n    return x * factor  # my own\n"
STUB = "def {0}(x, factor=2.0):\n    raise NotImplementedError\n"


class Term:
    """A course, what it handed out first, and a student's folder.

    Its bundles hold a text in the place of the engine, which test_wheel.py installs and runs.
    """

    def __init__(self, kit: Any, folder: Path) -> None:
        self.kit = kit
        self.folder = folder
        self.root = folder / "ada"
        self.number = 0
        shutil.copytree(self.release(), self.root)

    def release(self, *topics: str, languages: tuple[str, ...] = ("en",), zipped: bool = False) -> Path:
        """Release the course as it is now, or a part of it, into a new folder."""
        self.number += 1
        course = Course(self.kit.root)
        wanted = Wanted(course.select(topics), not topics, languages, "s", notebooks=False)
        made = plan_release(self.folder / f"v{self.number}", content(course, wanted), wanted)
        write_release(made)
        if zipped:
            (self.folder / f"v{self.number}.zip").write_bytes(made.zipped())
            return self.folder / f"v{self.number}.zip"
        return made.folder

    def plan(self, place: Path) -> Any:
        ledger = read_ledger(self.root)
        assert ledger is not None
        return plan_upgrade(self.root, ledger, open_source(place))

    def upgrade(self, place: Path) -> Any:
        made = self.plan(place)
        if made.changed:
            apply_upgrade(made)
        return made

    def write(self, path: str, text: str) -> None:
        """Something that the student writes."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def correct(self, name: str, text: str, topic: str = "basics") -> None:
        """A new version of a stub in the course."""
        (self.kit.root / "exercises" / topic / name / f"{name}.py").write_text(text)

    def add(self, name: str, topic: str) -> None:
        """A new exercise in the course."""
        self.kit.exercise(name, topic, files={"public/statement.en.md": f"# {name}\n"})

    def rename(self, old: str, new: str, topic: str = "basics") -> None:
        """Give an exercise another name in the course; what students define keeps its own."""
        place = self.kit.root / "exercises" / "basics" / old
        target = self.kit.root / "exercises" / topic / new
        shutil.move(place, target)
        (target / f"{old}.py").rename(target / f"{new}.py")

    @property
    def held(self) -> dict[str, bytes]:
        """The student's files but the ledger."""
        return {path: data for path, data in contents(self.root).items() if path != PLACE}


@pytest.fixture
def term(kit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Term:
    monkeypatch.setattr("grader.bundle.engine.wheel", lambda: b"the engine")
    monkeypatch.setattr("grader.bundle.content.requirements_text", lambda *given: "pins\n")
    return Term(kit, tmp_path)


def as_released(place: Path) -> dict[str, bytes]:
    return {path: data for path, data in contents(place).items() if path != PLACE}


@pytest.mark.parametrize("zipped", [False, True])
def test_an_untouched_folder_becomes_the_new_bundle(term: Term, zipped: bool) -> None:
    term.correct("scale", STUB.format("scale") + "\n# clearer\n")
    term.add("fresh", "later")
    shutil.rmtree(term.kit.root / "exercises/basics/centre")
    new = term.release(zipped=zipped)
    term.upgrade(new)
    assert term.held == as_released(new.with_suffix(""))
    assert not (term.root / "exercises/basics/centre").exists()
    assert not term.plan(new).changed


def bank(name: str) -> str:
    hints = "".join(f"    {language}: it adds\n" for language in ("en", "ru", "hi"))
    return f"- id: {name}\n  replace: x * factor\n  with: x + factor\n  hint:\n{hints}"


def test_sealed_hints_come_along_are_mended_and_go(term: Term) -> None:
    path = "exercises/basics/scale/slips.json"
    mistakes = term.kit.root / "solutions/basics/scale/mistakes.yaml"
    mistakes.write_text(bank("adds"))
    assert path not in term.held
    new = term.release()
    term.upgrade(new)
    sealed = term.held[path]
    assert sealed == (new / path).read_bytes()
    term.write(path, "what a student wrote in it")
    assert [change.what for change in term.upgrade(new).changes] == ["changed"]
    assert term.held[path] == sealed
    (term.root / path).unlink()
    term.upgrade(new)
    assert term.held[path] == sealed
    part = term.release("later")
    term.upgrade(part)
    assert term.held[path] == sealed
    mistakes.unlink()
    term.write(path, "once more")
    term.upgrade(term.release())
    assert path not in term.held
    assert not [name for name in term.held if ".new" in name]


def test_work_stays_and_the_new_stub_lies_beside_with_a_note(term: Term) -> None:
    term.write(SCALE, MINE)
    term.correct("scale", "def scale(x, factor=2.0, shift=0.0):\n    raise NotImplementedError\n")
    made = term.upgrade(term.release())
    assert term.held[SCALE].decode() == MINE
    beside = term.held["exercises/basics/scale/scale.new.py"].decode()
    assert "New version of scale.py" in beside
    assert "# -def scale(x, factor=2.0):\n# +def scale(x, factor=2.0, shift=0.0):\n" in beside
    assert beside.endswith("\n\ndef scale(x, factor=2.0, shift=0.0):\n    raise NotImplementedError\n")
    assert term.held[".grader/stubs/basics/scale.py"].startswith(b"def scale(x, factor=2.0, shift")
    assert [change.what for change in made.changes if change.path == SCALE] == ["beside"]


def test_a_stub_that_the_course_has_not_changed_is_not_spoken_of(term: Term) -> None:
    term.write(SCALE, MINE)
    tests = term.kit.root / "exercises/basics/scale/test_public.py"
    tests.write_text(tests.read_text() + "\n# corrected\n")
    made = term.upgrade(term.release())
    assert [change.path for change in made.changes] == ["exercises/basics/scale/test_public.py"]
    assert term.held[SCALE].decode() == MINE


def test_the_next_version_replaces_the_last_beside_unless_the_student_wrote_in_it(term: Term) -> None:
    term.write(SCALE, MINE)
    for text in ("# one\n", "# two\n"):
        term.correct("scale", text + STUB.format("scale"))
        term.upgrade(term.release())
        assert [path for path in term.held if ".new" in path] == ["exercises/basics/scale/scale.new.py"]
        assert text.encode() in term.held["exercises/basics/scale/scale.new.py"]
    term.write("exercises/basics/scale/scale.new.py", "mine, too\n")
    term.correct("scale", "# three\n" + STUB.format("scale"))
    term.upgrade(term.release())
    assert term.held["exercises/basics/scale/scale.new.py"] == b"mine, too\n"
    assert b"# three" in term.held["exercises/basics/scale/scale.new2.py"]


def test_files_of_the_students_own_and_answers_are_never_seen(term: Term) -> None:
    own = {"notes.md": "n", "exercises/basics/scale/try.py": "t", "exercises/mine/x.py": "x", "quizzes/answers_q.json": "{}"}
    for path, text in own.items():
        term.write(path, text)
    shutil.rmtree(term.kit.root / "exercises/basics/scale")
    term.upgrade(term.release())
    assert {path: term.held[path].decode() for path in own} == own
    assert SCALE not in term.held


@pytest.mark.parametrize("gone", [SCALE, "exercises/basics/scale/test_public.py", "exercises/basics", ".grader/stubs"])
def test_deleted_files_come_back(term: Term, gone: str) -> None:
    place = term.root / gone
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    new = term.release()
    term.upgrade(new)
    assert term.held == as_released(new)


def test_a_renamed_exercise_keeps_the_work_where_it_is(term: Term, command: Command) -> None:
    term.write(SCALE, MINE)
    term.rename("scale", "stretch")
    new = term.release()
    done = command("upgrade", new, cwd=term.root)
    assert "scale is called stretch now" in done.stdout
    assert f"{SCALE}: your work stays there; copy what you need into exercises/basics/stretch/stretch.py" in done.stdout
    assert term.held[SCALE].decode() == MINE
    assert {exercise.name for exercise in Course(term.root).exercises} == {"centre", "clip", "stretch"}


def test_an_exercise_that_moves_to_another_topic_is_there_once(term: Term, command: Command) -> None:
    term.write(SCALE, MINE)
    term.rename("scale", "scale", topic="later")
    done = command("upgrade", term.release("later"), cwd=term.root)
    assert "scale has moved to the topic later" in done.stdout
    assert term.held[SCALE].decode() == MINE
    assert [e.topic for e in Course(term.root).exercises if e.name == "scale"] == ["later"]


def test_a_part_of_the_course_adds_to_what_is_there(term: Term) -> None:
    before = term.held
    term.add("fresh", "third")
    term.upgrade(term.release("third"))
    assert {path: term.held[path] for path in before if path != "README.md"} == {
        path: data for path, data in before.items() if path != "README.md"
    }
    assert {exercise.name for exercise in Course(term.root).exercises} == {"centre", "clip", "fresh", "scale"}
    term.correct("scale", STUB.format("scale") + "# clearer\n")
    new = term.release()
    term.upgrade(new)
    assert term.held == as_released(new)


def test_a_part_of_the_course_takes_no_text_of_the_folder_away(kit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.bundle.engine.wheel", lambda: b"the engine")
    monkeypatch.setattr("grader.bundle.content.requirements_text", lambda *given: "pins\n")
    course = Course(kit.root)
    for name, topics, languages in (("whole", (), ("en", "ru")), ("part", ("later",), ("en",))):
        whole = not topics
        wanted = Wanted(course.select(topics), whole, languages, "s", notebooks=whole, git=whole)
        write_release(plan_release(tmp_path / name, content(course, wanted), wanted))
    root = tmp_path / "ada"
    shutil.copytree(tmp_path / "whole", root)
    ledger = read_ledger(root)
    assert ledger is not None
    made = plan_upgrade(root, ledger, open_source(tmp_path / "part"))
    apply_upgrade(made)
    assert [change.path for change in made.changes if change.what == "removed"] == []
    assert set(contents(root)) == set(contents(tmp_path / "whole"))
    # Of the next whole release these are still known as ours.
    ledger = read_ledger(root)
    assert ledger is not None
    assert set(contents(tmp_path / "whole")) - {PLACE} <= set(ledger.files)


def test_a_dry_run_writes_nothing(term: Term, command: Command) -> None:
    term.write(SCALE, MINE)
    term.correct("scale", STUB.format("scale") + "# clearer\n")
    term.correct("centre", STUB.format("centre") + "# clearer\n")
    before = contents(term.root)
    done = command("upgrade", term.release(), "--dry-run", cwd=term.root)
    assert "scale.new.py" in done.stdout
    assert "~ centre: stub" in done.stdout
    assert "Nothing was written" in done.stdout
    assert contents(term.root) == before


class Killed(BaseException):
    """As if the process had ended here."""


def test_it_may_be_killed_after_every_write_and_is_finished_by_the_next_run(term: Term, monkeypatch: pytest.MonkeyPatch) -> None:
    term.write(SCALE, MINE)
    term.correct("scale", "# clearer\n" + STUB.format("scale"))
    term.correct("centre", "# clearer\n" + STUB.format("centre"))
    term.add("fresh", "later")
    shutil.rmtree(term.kit.root / "exercises/later/clip")
    new = term.release()
    start = term.folder / "start"
    shutil.copytree(term.root, start)
    whole = term.upgrade(new)
    finished = contents(term.root)
    steps = len(order_of(whole)) + 2
    assert steps > 15
    replace, unlink = Path.replace, Path.unlink
    for last in range(steps):
        shutil.rmtree(term.root)
        shutil.copytree(start, term.root)
        left = iter(range(last))

        def counted(step: Any, left: Any = left) -> Any:
            def write(self: Path, *given: Any, **named: Any) -> Any:
                if next(left, None) is None:
                    raise Killed
                return step(self, *given, **named)

            return write

        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", counted(replace))
            patched.setattr(Path, "unlink", counted(unlink))
            with pytest.raises(Killed):
                term.upgrade(new)
        assert term.held[SCALE].decode() == MINE
        assert last < 1 or (term.root / JOURNAL).exists() or last == steps - 1
        term.upgrade(new)
        assert {path: data for path, data in contents(term.root).items() if not path.startswith(NEW)} == finished, last


def test_two_at_once_do_not_write_into_each_others_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync = os.fsync

    def meanwhile(handle: int) -> None:
        monkeypatch.setattr(os, "fsync", sync)
        put(tmp_path, tmp_path / "b.py", b"theirs")
        sync(handle)

    monkeypatch.setattr(os, "fsync", meanwhile)
    put(tmp_path, tmp_path / "a.py", b"ours")
    assert contents(tmp_path) == {"a.py": b"ours", "b.py": b"theirs"}


def test_what_a_killed_one_left_is_removed_later(tmp_path: Path) -> None:
    (tmp_path / ".grader").mkdir()
    old, young = tmp_path / f"{NEW}-old", tmp_path / f"{NEW}-young"
    for path in (old, young):
        path.write_bytes(b"half a fi")
    os.utime(old, (1, 1))
    tidy(tmp_path)
    assert (old.exists(), young.exists()) == (False, True)


def test_after_an_interrupted_one_a_newer_bundle_counts_its_files_as_ours(term: Term, monkeypatch: pytest.MonkeyPatch) -> None:
    term.correct("scale", "# two\n" + STUB.format("scale"))
    second = term.release()
    with monkeypatch.context() as patched:
        patched.setattr("grader.bundle.applying.order_of", lambda made: [*order_of(made)[:-1], ("x\0", None)])
        with pytest.raises(ValueError, match="null"):
            term.upgrade(second)
    assert b"# two" in term.held[SCALE]
    term.correct("scale", "# three\n" + STUB.format("scale"))
    third = term.release()
    term.upgrade(third)
    assert term.held == as_released(third)


def test_without_a_name_an_interrupted_upgrade_goes_on(term: Term, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    term.correct("scale", "# two\n" + STUB.format("scale"))
    new = term.release()
    with monkeypatch.context() as patched:
        patched.setattr("grader.bundle.applying.order_of", lambda made: [("x\0", None)])
        with pytest.raises(ValueError, match="null"):
            term.upgrade(new)
    done = command("upgrade", cwd=term.root)
    assert "An earlier upgrade was interrupted; it is finished now." in done.stdout
    assert term.held == as_released(new)


def test_without_a_name_the_zip_that_lies_there_is_taken(term: Term, command: Command) -> None:
    assert command("upgrade", cwd=term.root).returncode == 2
    (term.folder / "other.zip").write_bytes(b"no zip")
    term.correct("scale", "# two\n" + STUB.format("scale"))
    term.release(zipped=True)
    done = command("upgrade", cwd=term.root / "exercises")
    assert (done.returncode, "~ scale: stub" in done.stdout) == (0, True)
    assert "Nothing is new" in command("upgrade", cwd=term.root).stdout
    term.release(zipped=True)
    assert "v2.zip" in command("upgrade", cwd=term.root).stderr


def test_a_file_saved_while_the_upgrade_runs_is_left_alone(term: Term) -> None:
    term.correct("scale", "# two\n" + STUB.format("scale"))
    made = term.plan(term.release())
    term.write(SCALE, MINE)
    apply_upgrade(made)
    assert made.busy == [SCALE]
    assert term.held[SCALE].decode() == MINE
    again = term.upgrade(made.source.place)
    assert not again.busy
    assert b"# two" in term.held["exercises/basics/scale/scale.new.py"]


def test_what_is_in_the_way_is_told(term: Term, command: Command) -> None:
    term.add("fresh", "later")
    (term.root / "exercises/later/fresh").write_text("a file of mine")
    done = command("upgrade", term.release(), cwd=term.root)
    assert done.returncode == 1
    assert "! exercises/later/fresh/fresh.py: something else of yours is in the way" in done.stdout
    assert (term.root / "exercises/later/fresh").read_text() == "a file of mine"


def test_a_link_is_the_students(term: Term) -> None:
    kept = term.folder / "kept.py"
    shutil.move(term.root / SCALE, kept)
    (term.root / SCALE).symlink_to(kept)
    text = kept.read_text()
    term.correct("scale", "# two\n" + STUB.format("scale"))
    term.upgrade(term.release())
    assert (term.root / SCALE).is_symlink()
    assert kept.read_text() == text


@pytest.mark.parametrize("language", ["en", "ru", "hi"])
def test_a_new_engine_is_told_in_the_language_of_the_bundle(
    kit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command, language: str
) -> None:
    monkeypatch.setattr("grader.bundle.engine.wheel", lambda: b"the engine")
    term = Term(kit, tmp_path)
    shutil.rmtree(term.root)
    shutil.copytree(term.release(languages=(language,)), term.root)
    monkeypatch.setattr("grader.bundle.engine.wheel", lambda: b"the next engine")
    done = command("upgrade", term.release(languages=(language,)), cwd=term.root)
    assert {"en": "Install it:", "ru": "Установите её:", "hi": "install कीजिए:"}[language] in done.stdout
    assert "  python -m pip install --force-reinstall --no-deps wheels/dl_grader-" in done.stdout


def test_the_note_in_a_new_version_is_in_the_language_that_is_spoken(term: Term, command: Command) -> None:
    term.correct("scale", "# two\n" + STUB.format("scale"))
    (term.root / SCALE).write_text("def scale(x):\n    return 2 * x\n", encoding="utf-8")
    done = command("upgrade", "--lang", "ru", term.release(), cwd=term.root)
    assert f"= {SCALE}: вы его меняли" in done.stdout
    assert "~ scale: заготовка" in done.stdout
    new = (term.root / SCALE).with_name("scale.new.py").read_text(encoding="utf-8")
    assert new.startswith("# Новая версия scale.py; ваш файл не тронут.")


@pytest.mark.parametrize("said", [["--lang", "RU"], ["--lang", "ru_RU.UTF-8"], []])
def test_the_language_is_taken_however_it_is_written(term: Term, command: Command, said: list[str]) -> None:
    variables = {} if said else {"GRADER_LANG": "ru-RU"}
    done = command("upgrade", *said, term.release(), cwd=term.root, **variables)
    assert (done.returncode, done.stdout) == (0, "Нового нет: в этой папке всё уже обновлено.\n")


def test_a_language_that_is_none_is_an_error_and_in_the_environment_counts_as_not_set(term: Term, command: Command) -> None:
    done = command("upgrade", "--lang", "de", term.release(), cwd=term.root)
    assert (done.returncode, done.stderr) == (2, "grader: --lang: 'de' is none of en, ru, hi\n")
    assert "Nothing is new" in command("upgrade", term.release(), cwd=term.root, GRADER_LANG="de").stdout


@pytest.mark.parametrize("place", [".grader", "exercises/basics", "exercises/basics/scale"])
def test_a_folder_that_may_not_be_entered_is_told(
    term: Term, command: Command, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    new = term.release()
    shut = term.root / place

    def shutting(ask: Any) -> Any:
        def refused(path: Path, *arguments: Any, **options: Any) -> Any:
            """What a system says of files in a folder that may not be entered; to root, who may run this, it says nothing."""
            if shut in path.parents:
                raise PermissionError(13, "Permission denied", str(path))
            return ask(path, *arguments, **options)

        return refused

    for name in ("stat", "read_bytes"):
        monkeypatch.setattr(Path, name, shutting(getattr(Path, name)))
    done = command("upgrade", new, cwd=term.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{shut}/" in done.stderr
    assert done.stderr.endswith("cannot be read: Permission denied\n")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda term: term.folder / "none.zip", "there is no such file"),
        (lambda term: term.folder, "there is no .grader/bundle.json in it"),
        (lambda term: term.root, "this is the folder that you are in"),
        (lambda term: term.root / SCALE, "this is no zip"),
    ],
)
def test_what_is_no_bundle_is_told(term: Term, command: Command, make: Any, told: str) -> None:
    before = contents(term.root)
    done = command("upgrade", make(term), cwd=term.root)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    assert contents(term.root) == before


def test_a_damaged_bundle_changes_nothing(term: Term) -> None:
    term.correct("scale", "# two\n" + STUB.format("scale"))
    new = term.release()
    (new / CENTRE).unlink()
    (new / SCALE).write_text("changed on the way")
    before = contents(term.root)
    with pytest.raises(CourseError, match=r"scale.py is not what was handed out"):
        term.upgrade(new)
    assert contents(term.root) == before


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "C:/x", "a\\x", PLACE])
def test_a_bundle_whose_paths_lead_away_is_refused(term: Term, path: str) -> None:
    new = term.release()
    data = json.loads((new / PLACE).read_text())
    data["files"][path] = "0" * 64
    (new / PLACE).write_text(json.dumps(data))
    with pytest.raises(CourseError, match="is no path of a file in the bundle"):
        term.upgrade(new)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": 2}', '{"kit": "1", "languages": []}', '{"kit":"1","languages":["en"],"files":{"a":"b"}}'],
)
def test_a_broken_ledger_is_told(term: Term, command: Command, text: str) -> None:
    (term.root / PLACE).write_text(text)
    done = command("upgrade", term.release(), cwd=term.root)
    assert done.returncode == 2
    assert "bundle.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_course_is_not_mixed_in(term: Term, command: Command) -> None:
    shutil.rmtree(term.kit.root / "exercises")
    term.add("other", "elsewhere")
    done = command("upgrade", term.release(), cwd=term.root)
    assert (done.returncode, "belongs to another course" in done.stderr) == (2, True)


def test_a_folder_that_is_no_bundle_is_told(term: Term, command: Command, tmp_path: Path) -> None:
    done = command("upgrade", term.release(), "--lang", "ru", cwd=tmp_path, GRADER_COURSE=str(term.kit.root))
    assert (done.returncode, "создана не командой `grader release`" in done.stderr) == (2, True)
