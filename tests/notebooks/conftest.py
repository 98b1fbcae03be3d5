"""A course folder as instructors have it, made once, and the means to hand in, autograde and look into the gradebook."""

import contextlib
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pytest
from nbgrader.api import Gradebook

KIT = Path(__file__).resolve().parents[2]
CHOSEN = {"counting": ("linear_params", "conv2d_params"), "convolution": ("conv_output_size",)}
LANGUAGE = "ru"

# Written for these tests: no line of the private half stands in them.
RIGHT = {
    "linear_params": "def linear_params(i, o, bias=True):\n    return o * (i + bool(bias))\n",
    "conv2d_params": (
        "def conv2d_params(i, o, k, bias=True, groups=1):\n"
        "    h, w = (k, k) if isinstance(k, int) else k\n"
        "    return o * (i // groups * h * w + bool(bias))\n"
    ),
    "conv_output_size": (
        "def conv_output_size(cells, taps, padding=0, stride=1, dilation=1):\n"
        "    return len(range(0, cells + 2 * padding - dilation * (taps - 1), stride))\n"
    ),
}
WRONG = {
    "linear_params": "def linear_params(i, o, bias=True):\n    return o * i\n",
    "conv2d_params": RIGHT["conv2d_params"].replace("i // groups", "i"),
}

sys.path.insert(0, str(Path(__file__).parent))  # the processes that run `commands.py` look for it as we do
_PRELOADED = [f"grader.notebooks.{name}" for name in ("autograding", "configure", "coursefolder", "exporter", "preprocess")]
_forked = multiprocessing.get_context("forkserver")
_forked.set_forkserver_preload(["nbgrader.apps", "grader.cli.app", "grader.cli.nbgrader", *_PRELOADED])

Cells = dict[str, Any]
Edit = Callable[[Cells], None]
Row = tuple[float | None, float | None, bool]


def environment(**more: str) -> dict[str, str]:
    """Our environment, with the programs of this Python first: nbgrader starts alembic by its name."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(KIT), "OMP_NUM_THREADS": "1", **more}


@dataclass
class CourseFolder:
    """A course folder of nbgrader and the copy of the kit that it was made from."""

    root: Path
    kit: Path
    db_url: str = ""
    right: ClassVar[Mapping[str, str]] = RIGHT
    wrong: ClassVar[Mapping[str, str]] = WRONG
    environment: dict[str, str] = field(default_factory=environment)
    gone: ClassVar[Callable[..., bool]] = staticmethod(lambda pids: gone(pids))

    def __post_init__(self) -> None:
        self.db_url = self.db_url or f"sqlite:///{self.root / 'gradebook.db'}"

    # -- commands --------------------------------------------------------------------------------------------------------------

    def run(self, command: Sequence[str], code: int | None = 0, folder: Path | None = None) -> str:
        """What a command says that is started just as a user starts it; its exit code is checked, unless it is None."""
        done = subprocess.run(
            command,
            cwd=folder or self.root,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert code is None or done.returncode == code, done.stdout
        return done.stdout

    def starting(self, program: str, *arguments: str) -> "Running":
        """A command of `nbgrader` or of `grader`, on its way in a process whose libraries are loaded already."""
        return Running(program, arguments, self.root, self.environment)

    def _quickly(self, program: str, arguments: Sequence[str], code: int | None) -> str:
        running = self.starting(program, *arguments)
        said = running.wait()
        assert code is None or running.code == code, said
        return said

    def by_nbgrader(self, *arguments: str, code: int | None = 0, plain: bool = False) -> str:
        """A command of nbgrader; `plain` starts it just as a user does."""
        if plain:
            return self.run([str(Path(sys.executable).with_name("nbgrader")), *arguments], code)
        return self._quickly("nbgrader", arguments, code)

    def by_grader(self, *arguments: str, code: int | None = 0, plain: bool = False) -> str:
        """A command of `grader nbgrader`; `plain` as above."""
        return self.run(grader_command(*arguments), code) if plain else self._quickly("grader", ["nbgrader", *arguments], code)

    def autograde(self, by: str, *arguments: str, code: int | None = 0) -> str:
        """Autograde by `nbgrader` or by `grader`, which take the same arguments here."""
        return (self.by_nbgrader if by == "nbgrader" else self.by_grader)("autograde", *arguments, code=code)

    def autograding(self, by: str, *arguments: str) -> "Running":
        """The same, on its way."""
        return self.starting(by, *(["nbgrader"] if by == "grader" else []), "autograde", *arguments)

    def copy(self, root: Path) -> "CourseFolder":
        """The same folder again, with the same secret and the same kit."""
        shutil.copytree(self.root, root, symlinks=True, ignore=_pipes)
        return CourseFolder(root, self.kit, environment=dict(self.environment))

    def own_kit(self, kit: Path) -> "CourseFolder":
        """This folder, with a kit of its own that may be changed."""
        shutil.copytree(self.kit, kit)
        config = self.root / "nbgrader_config.py"
        config.write_text(config.read_text(encoding="utf-8").replace(repr(str(self.kit)), repr(str(kit))), encoding="utf-8")
        self.kit = kit
        return self

    def configure(self, line: str) -> None:
        """Add a line to the settings."""
        config = self.root / "nbgrader_config.py"
        config.write_text(f"{config.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")

    # -- submissions -----------------------------------------------------------------------------------------------------------

    def submitted(self, student: str, assignment: str = "counting") -> Path:
        """The folder that a student hands in."""
        folder = self.root / "submitted" / student / assignment
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def notebook(self, answers: Mapping[str, str], edit: Edit | None = None, assignment: str = "counting") -> str:
        """The released notebook with answers in its solution cells; those of other assignments do not matter."""
        nb = json.loads((self.root / "release" / assignment / f"{assignment}.ipynb").read_text(encoding="utf-8"))
        for exercise in answers.keys() & CHOSEN[assignment]:
            self.cell_of(nb, f"{exercise}-solution")["source"] = answers[exercise]
        if edit is not None:
            edit(nb)
        return json.dumps(nb, ensure_ascii=False)

    def hand_in(
        self, student: str, answers: Mapping[str, str], edit: Edit | None = None, name: str = "", assignment: str = "counting"
    ) -> Path:
        """Put a notebook in the folder of a student."""
        path = self.submitted(student, assignment) / (name or f"{assignment}.ipynb")
        path.write_text(self.notebook(answers, edit, assignment), encoding="utf-8")
        return path

    @staticmethod
    def cell_of(notebook: Cells, grade_id: str) -> Cells:
        """The first cell of a grade id."""
        found: Cells = next(
            cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
        )
        return found

    @staticmethod
    def code_cell(source: str, **more: Any) -> Cells:
        """A cell that a student adds."""
        return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source, **more}

    # -- results ---------------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def gradebook(self) -> Iterator[Any]:
        """The gradebook, open."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own
            with Gradebook(self.db_url) as gradebook:
                yield gradebook

    def rows(self, assignment: str = "counting") -> dict[str, dict[str, Row]]:
        """By student and graded cell: the mark, an instructor's mark, whether somebody must look."""
        with self.gradebook() as gradebook:
            return {
                submission.student.id: {
                    grade.name: (grade.auto_score, grade.manual_score, bool(grade.needs_manual_grade))
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                }
                for submission in gradebook.assignment_submissions(assignment)
            }

    def marks(self, assignment: str = "counting") -> dict[str, tuple[float | None, ...]]:
        """By student: the marks of the exercises, in the order of `CHOSEN`."""
        return {student: tuple(cells[name][0] for name in CHOSEN[assignment]) for student, cells in self.rows(assignment).items()}

    def autograded(self, student: str, assignment: str = "counting") -> Path:
        """The autograded notebook of a student."""
        return self.root / "autograded" / student / assignment / f"{assignment}.ipynb"

    def all_autograded(self, assignment: str = "counting") -> dict[str, str]:
        """All autograded notebooks, as they are on disk."""
        return {
            path.parent.parent.name: path.read_text(encoding="utf-8")
            for path in (self.root / "autograded").glob(f"*/{assignment}/*.ipynb")
        }

    def feedback(self, student: str, assignment: str = "counting") -> str:
        """The feedback page of a student."""
        return (self.root / "feedback" / student / assignment / f"{assignment}.html").read_text(encoding="utf-8")


def grader_command(*arguments: str) -> list[str]:
    """`grader nbgrader …` as a command of this Python."""
    return [sys.executable, "-c", "from grader.cli.entry import run; run()", "nbgrader", *arguments]


class Running:
    """A command in a process of its own, which is the head of a process group."""

    def __init__(self, program: str, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        import commands

        self._place = tempfile.TemporaryDirectory()
        self._said = Path(self._place.name) / "said"
        work = (program, list(arguments), str(folder), dict(environment), str(self._said))
        self._process = _forked.Process(target=commands.command, args=work)
        self._process.start()

    @property
    def code(self) -> int | None:
        """The exit code; None while it runs."""
        return self._process.exitcode

    def wait(self) -> str:
        """All that it says, once it has ended."""
        self._process.join()
        said = self._said.read_text(encoding="utf-8") if self._said.exists() else ""
        self._place.cleanup()
        return said

    def interrupt(self) -> str:
        """What Ctrl-C does; all that it says."""
        assert self._process.pid is not None
        os.killpg(self._process.pid, signal.SIGINT)
        return self.wait()

    def kill(self) -> set[int]:
        """Kill it without warning; the processes it leaves behind."""
        assert self._process.pid is not None
        family = _children(self._process.pid)
        self._process.kill()
        self.wait()
        return family


def gone(pids: set[int], patience: float = 60.0) -> bool:
    """Whether processes end by themselves."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        alive = set()
        for pid in pids:
            with contextlib.suppress(OSError):
                state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
                if state != "Z":
                    alive.add(pid)
        if not alive:
            return True
        time.sleep(0.05)
    return False


def _children(pid: int) -> set[int]:
    """All processes that descend from one."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = set(), [pid]
    while waiting:
        for child in parents.get(waiting.pop(), []):
            found.add(child)
            waiting.append(child)
    return found


def _pipes(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_fifo()]


def copy_of_the_kit(kit: Path, limits: str = "{call_seconds: 4, submission_seconds: 5}", quizzes: bool = False) -> Path:
    """The two halves of the chosen exercises alone; the first gives up on endless loops sooner; banks, if any, are graded."""
    for half in ("exercises", "solutions"):
        for topic, names in CHOSEN.items():
            for name in names:
                shutil.copytree(KIT / half / topic / name, kit / half / topic / name)
            if half == "exercises":
                text = (KIT / half / topic / "topic.yaml").read_text(encoding="utf-8")
                assert f"quizzes: [{topic}]" in text
                kept = text if quizzes and topic == "counting" else text.replace(f"quizzes: [{topic}]", "")
                (kit / half / topic / "topic.yaml").write_text(kept, encoding="utf-8")
    if quizzes:
        (kit / "quizzes").mkdir()
        bank = (KIT / "quizzes/counting.yaml").read_text(encoding="utf-8")
        assert "kind: practice" in bank
        (kit / "quizzes/counting.yaml").write_text(bank.replace("kind: practice", "kind: graded"), encoding="utf-8")
    manifest = kit / "exercises" / "counting" / "linear_params" / "exercise.yaml"
    text = manifest.read_text(encoding="utf-8")
    assert "limits:" not in text
    manifest.write_text(f"{text}\nlimits: {limits}\n", encoding="utf-8")
    return kit


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> CourseFolder:
    """A course folder of two topics, its assignments generated; copy it before you change it."""
    place = tmp_path_factory.mktemp("nbgrader")
    folder = CourseFolder(place / "course", copy_of_the_kit(place / "kit"))
    init = grader_command("init", str(folder.root), "--lang", LANGUAGE, "--course", str(folder.kit))
    folder.run([*init, "--course-id", "dl101"], folder=place)
    folder.configure(f"c.Exchange.root = {str(place / 'exchange')!r}")
    folder.by_nbgrader("generate_assignment", "--assignment=*", plain=True)
    return folder


@pytest.fixture(scope="session")
def quiz_course(tmp_path_factory: pytest.TempPathFactory) -> CourseFolder:
    """A course folder of one exercise and one graded quiz, its assignment generated; copy it before you change it."""
    place = tmp_path_factory.mktemp("quizzes")
    folder = CourseFolder(place / "course", copy_of_the_kit(place / "kit", quizzes=True))
    init = grader_command("init", str(folder.root), "--lang", LANGUAGE, "--exercises", "linear_params")
    folder.run([*init, "--course", str(folder.kit)], folder=place)
    folder.configure(f"c.Exchange.root = {str(place / 'exchange')!r}")
    folder.by_nbgrader("generate_assignment", "counting", plain=True)
    return folder


@pytest.fixture
def fresh(course: CourseFolder, tmp_path: Path) -> CourseFolder:
    """A copy of the course folder in which nobody has handed in anything yet."""
    return course.copy(tmp_path / "course")
