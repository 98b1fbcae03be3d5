"""What a bundle holds, file by file; what is private is never asked for, so it cannot come along.

Files are chosen by their names: what an author leaves beside an exercise stays at home.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import __version__
from grader.authoring.sealing import Step, seal_slips
from grader.bundle import engine
from grader.bundle.gittemplate import IGNORED, git_files
from grader.bundle.ledger import Bundle, Held, digest, stub_place
from grader.bundle.pins import requirements_text
from grader.bundle.readme import readme
from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.quiz.bank import Bank, bank_folder, read_banks
from grader.quiz.sheet import make_sheet
from grader.quiz.topics import banks_of_topic

WHEEL = f"wheels/{engine.NAME}"


@dataclass(frozen=True)
class Wanted:
    """What an instructor asks for.

    Attributes:
        exercises: in the order of the course.
        complete: whether these are all of the course.
        languages: of statements and notebooks; the first one is that of the README.
        secret: that the variants of graded quizzes are drawn with.
        notebooks: whether there is a notebook per topic.
        git: whether the folder is to be a repository template.
    """

    exercises: Sequence[Exercise]
    complete: bool
    languages: tuple[str, ...]
    secret: str
    notebooks: bool = True
    git: bool = False


@dataclass
class Content:
    """What is to be handed out.

    Attributes:
        files: contents by path.
        held: exercises by name.
        practice, graded: banks of quizzes, with their keys and as sheets without.
        notes: sentences for the instructor.
        told, known: how many known mistakes a check can tell, of how many in the banks of these exercises.
    """

    files: dict[str, bytes]
    held: dict[str, Held]
    practice: list[str]
    graded: list[str]
    notes: list[str]
    told: int = 0
    known: int = 0

    def bundle(self, wanted: Wanted) -> Bundle:
        """The ledger of this content."""
        hashes = {name: digest(data) for name, data in self.files.items()}
        keys = {"kit": __version__, "languages": wanted.languages, "complete": wanted.complete}
        return Bundle.model_validate({**keys, "exercises": self.held, "files": hashes})


def content(course: Course, wanted: Wanted, step: Step = lambda name, number, count: None) -> Content:
    """Everything that a bundle holds, but its ledger.

    Parameters:
        course, wanted: what to make it of.
        step: called before each exercise whose known mistakes are run, which is what takes time.

    Raises:
        CourseError: a file is missing or unfit to be handed out, such as a stub that somebody has filled.
    """
    made = Content({}, {}, [], [], [])
    topics = list(dict.fromkeys(exercise.topic for exercise in wanted.exercises))
    for exercise in wanted.exercises:
        _add_exercise(made, exercise, wanted.languages)
    for topic in topics:
        made.files[f"exercises/{topic}/topic.yaml"] = _bytes(course.root / "exercises" / topic / "topic.yaml")
        if wanted.notebooks:
            _add_notebooks(made, course, topic, [e for e in wanted.exercises if e.topic == topic], wanted.languages)
        for bank in banks_of_topic(course, topic):
            _add_quiz(made, course, bank, wanted)
    for bank in _without_exercises(course) if wanted.complete else ():
        _add_quiz(made, course, bank, wanted)
    # What is installed is the same for all bundles of a course, so that the next one never takes something away.
    extras = ["torch"] if any(exercise.manifest.library == "torch" for exercise in course.exercises) else []
    made.files[WHEEL] = engine.wheel()
    made.files["requirements.txt"] = requirements_text("requirements.txt", WHEEL, extras).encode()
    if wanted.notebooks:
        name = "requirements-notebooks.txt"
        made.files[name] = requirements_text(name, WHEEL, [*extras, "jupyter"]).encode()
    for language in wanted.languages:
        first = language == wanted.languages[0]
        text = readme(course, wanted, topics, language, made.practice)
        made.files["README.md" if first else f"README.{language}.md"] = text.encode()
    made.files[".gitignore"] = IGNORED.encode()
    if wanted.git:
        made.files |= git_files(wanted.exercises)
    _add_slips(made, wanted, step)
    return made


def _add_slips(made: Content, wanted: Wanted, step: Step) -> None:
    """Add the sealed hints of known mistakes, so that a check without the banks can tell them."""
    slips = seal_slips(wanted.exercises, wanted.languages, step)
    for exercise in wanted.exercises:
        if exercise.name in slips.files:
            made.files[f"exercises/{exercise.topic}/{exercise.name}/{exercise.slips.name}"] = slips.files[exercise.name]
    made.told, made.known = slips.told, slips.known
    made.notes += slips.broken
    if slips.left_out:
        made.notes.append(
            f"known mistakes are not told in {', '.join(slips.left_out)}: the library is not installed here; install it and "
            "release again"
        )


def _add_exercise(made: Content, exercise: Exercise, languages: Sequence[str]) -> None:
    place = f"exercises/{exercise.topic}/{exercise.name}"
    names = {"exercise.yaml", exercise.stub.name, "test_public.py"}
    names |= {name for name in ("probe.py", "picture.py") if (exercise.public / name).exists()}
    for language in languages:
        name = exercise.statement(language).name
        names.add(name)
        if name != f"statement.{language}.md":
            made.notes.append(f"{exercise.name}: there is no statement.{language}.md; {name} is in its place")
    for name in sorted(names):
        made.files[f"{place}/{name}"] = _bytes(exercise.public / name)
    made.files[stub_place(exercise.topic, exercise.name)] = empty_stub(exercise)
    made.held[exercise.name] = Held(topic=exercise.topic, entry=exercise.manifest.entry)
    left = sorted(path.name for path in exercise.public.iterdir() if not _usual(path.name) and path.name not in names)
    if left:
        made.notes.append(f"{exercise.public}: not handed out: {', '.join(left)}")


def _usual(name: str) -> bool:
    return name.startswith((".", "__pycache__", "statement."))


def empty_stub(exercise: Exercise) -> bytes:
    """The bytes of a stub that nobody has filled; `CourseError` where somebody has."""
    from grader.guest.loading import read, untouched

    data = _bytes(exercise.stub)
    try:
        source = read(exercise.stub.name, data)
    except SyntaxError as error:
        raise CourseError(f"{exercise.stub}:{error.lineno or 1}: not valid Python: {error.msg}") from None
    if not untouched(source, exercise.manifest.entry):
        raise CourseError(
            f"{exercise.stub}: this stub is not empty, students would receive what is in it; "
            f"let {exercise.manifest.entry} only raise NotImplementedError again"
        )
    return data


def _add_notebooks(made: Content, course: Course, topic: str, exercises: Sequence[Exercise], languages: Sequence[str]) -> None:
    """Add a topic's notebooks: the cells of the nbgrader assignment without its metadata and its graded cells.

    Those cells only wait for marks that nbgrader enters, and nbgrader releases notebooks of its own; whoever grades a bundle
    finds solutions by the names they define.
    """
    from grader.notebooks.kitcell import as_node
    from grader.notebooks.template import notebook, notebook_bytes, topic_cells

    for language in languages:
        nodes = []
        for cell in topic_cells(course, topic, exercises, language):
            if cell.points is None:
                lines = cell.source.splitlines()
                text = "\n".join(line for line in lines if line.strip() not in ("### BEGIN SOLUTION", "### END SOLUTION"))
                nodes.append(as_node({**cell.node(), "metadata": {}, "source": text}))
        made_of = notebook(nodes, topic, language)
        # Without the version, a new kit alone does not make a new notebook.
        del made_of.metadata["grader"]["kit"]
        made.files[f"{notebook_folder(topic, language, languages)}/{topic}.ipynb"] = notebook_bytes(made_of)


def notebook_folder(topic: str, language: str, languages: Sequence[str]) -> str:
    """Where a topic's notebook lies: `check()` knows its topic by the name of the folder."""
    return f"notebooks/{topic}" if len(languages) == 1 else f"notebooks/{language}/{topic}"


def _without_exercises(course: Course) -> list[Bank]:
    """Practice banks of topics that have no exercises; a graded one goes out only where a topic names it."""
    if not bank_folder(course.root).is_dir():
        return []
    banks = read_banks(course.root)
    return [bank for bank in banks if bank.kind == "practice" and not (course.root / "exercises" / bank.topic).is_dir()]


def _add_quiz(made: Content, course: Course, bank: Bank, wanted: Wanted) -> None:
    """Add a quiz: a practice bank as it is, of a graded one a sheet without keys."""
    if bank.kind == "practice":
        made.practice.append(bank.id)
        made.files[f"quizzes/{bank.path.name}"] = _bytes(bank_folder(course.root) / bank.path.name)
        places = ["quizzes"]
    else:
        made.graded.append(bank.id)
        sheet = make_sheet(bank, wanted.secret, wanted.languages)
        # Beside the notebook, where `quiz()` looks for it.
        folders = [notebook_folder(bank.topic, language, wanted.languages) for language in wanted.languages]
        places = folders if wanted.notebooks else ["quizzes"]
        made.files |= {f"{place}/{sheet.file_name}": sheet.to_json().encode() for place in places}
    made.files |= {f"{place}/{name}": data for place in places for name, data in _images(bank)}


def _images(bank: Bank) -> Iterator[tuple[str, bytes]]:
    for file in sorted({question.image.file for question in bank.questions if question.image}):
        yield file, _bytes(bank.path.parent / file)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
        raise CourseError(f"{path}: {reason}") from None
