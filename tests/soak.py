"""A class under fire: workers, sandboxes and the command are killed again and again, and every mark must be that of a quiet run.

`python tests/soak.py --submissions 500 --kills 20` writes a class, one in ten hostile, grades it in peace, then a second time
while processes are killed at random, and prints what it found; exit code 1 where anything is lost, done twice or left behind.
Linux, with the sandbox.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from generated import ROOT, SIX, course_of_six, hand_in

from grader.record import Record, from_json, same_verdict

TARGETS = ("worker", "worker", "sandbox", "nursery", "command")
_SUBREAPER = 36
_PATIENCE = 600.0  # seconds without a new mark
_GOODBYE = 60.0  # seconds until what belonged to a killed command must be gone
_WATCHED = """
create table if not exists seen (student text, exercise text, how text);
create trigger if not exists first after insert on marks begin insert into seen values (new.student, new.exercise, 'new'); end;
create trigger if not exists again after update on marks begin insert into seen values (new.student, new.exercise, 'again'); end;
"""


@dataclass
class Fight:
    """What happened to the second run.

    Attributes:
        killed: how many of what.
        starts: of the command.
        exits: the exit codes of the starts that were not killed.
        complaints: what the command said that no user should see.
    """

    killed: Counter[str] = field(default_factory=Counter)
    starts: int = 0
    exits: list[int] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


class Command:
    """`grader grade-all` on one class, with a store and a scratch folder of its own."""

    def __init__(self, folder: Path, name: str, jobs: int, place: str = "class", exercises: Sequence[str] = SIX) -> None:
        self.store = folder / f"{name}.db"
        self.scratch = folder / f"scratch-{name}"
        self.scratch.mkdir()
        given = [str(folder / place), "--course", str(folder / "course"), "--exercises", ",".join(exercises)]
        given += ["--course-secret", "soak", "--store", str(self.store), "--jobs", str(jobs)]
        self.line = [sys.executable, "-m", "grader", "grade-all", *given]
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "GRADER_"))}
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        own = {"PYTHONPATH": path, "TMPDIR": str(self.scratch), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        self.environment = {**kept, **own}

    def start(self) -> subprocess.Popen[bytes]:
        """Begin; what it says goes to a file."""
        with self.store.with_suffix(".log").open("ab") as log:
            return subprocess.Popen(self.line, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def said(self) -> str:
        """Everything that it has said so far."""
        return self.store.with_suffix(".log").read_text(encoding="utf-8", errors="replace")

    def rows(self, query: str) -> list[tuple[str, ...]]:
        """An answer of the store; nothing where there is none yet."""
        if not self.store.exists():
            return []
        try:
            with closing(sqlite3.connect(self.store, timeout=30)) as connection:
                return connection.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []

    def count(self) -> int:
        """How many marks there are."""
        found = self.rows("select count(*) from marks")
        return int(found[0][0]) if found else 0

    def records(self) -> dict[tuple[str, str], Record]:
        """All marks, by student and exercise."""
        rows = self.rows("select student, exercise, record from marks")
        return {(student, exercise): from_json(text) for student, exercise, text in rows}

    def watch(self) -> None:
        """Have the store itself note every mark that is written, also what is written over."""
        code = "import sys; from grader.batch.marks import Marks; Marks(sys.argv[1]).close()"
        subprocess.run([sys.executable, "-c", code, f"sqlite:///{self.store}"], env=self.environment, check=True)
        with closing(sqlite3.connect(self.store)) as connection:
            connection.executescript(_WATCHED)


def main() -> int:
    """Run the soak and print it; 0 where nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1, help="of the class and of the kills")
    parser.add_argument("--costly", action="store_true", help="let attacks that take long or much memory be in the class")
    chosen = parser.parse_args()
    # Whoever is left without a parent comes here, where it is found.
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="soak") as name:
        return soak(Path(name), chosen)


def soak(folder: Path, chosen: argparse.Namespace) -> int:
    """Grade one class twice, in peace and under fire, and compare."""
    course = course_of_six(folder / "course", call_seconds=4)
    kinds = hand_in(folder / "class", course, chosen.submissions, 0.1, chosen.costly, chosen.seed)
    print(f"a class of {chosen.submissions}: {kinds}; {len(SIX)} exercises each", flush=True)
    before = _files(folder)
    quiet, loud = Command(folder, "quiet", chosen.jobs), Command(folder, "loud", chosen.jobs)
    for command in (quiet, loud):
        command.watch()
    began = time.monotonic()
    process = quiet.start()
    code = process.wait()
    print(f"in peace: {quiet.count()} marks, exit {code}, {time.monotonic() - began:.0f} s", flush=True)
    total = chosen.submissions * len(SIX)
    began = time.monotonic()
    fight = under_fire(loud, total, chosen.kills, random.Random(chosen.seed))
    told = ", ".join(f"{count} {what}" for what, count in sorted(fight.killed.items()))
    seconds = time.monotonic() - began
    print(f"under fire: {loud.count()} marks, {fight.starts} starts, {seconds:.0f} s; killed: {told or 'nothing'}", flush=True)
    problems = [*fight.complaints, *([] if code == 0 else [f"the quiet run ended with {code}: {quiet.said()[-2000:]}"])]
    if sum(fight.killed.values()) < chosen.kills:
        problems.append(f"only {sum(fight.killed.values())} of {chosen.kills} kills found something to kill")
    problems += compared(quiet, loud, total)
    problems += left_behind(folder, before, (quiet, loud))
    for problem in problems:
        print(f"PROBLEM {problem}")
    print(f"{len(problems)} problems" if problems else "every mark is that of the quiet run; none lost, none twice, nothing left")
    return 1 if problems else 0


# -- killing -------------------------------------------------------------------------------------------------------------------


def under_fire(command: Command, total: int, kills: int, dice: random.Random) -> Fight:
    """Run the command until every mark is there, killing at moments spread over its work; it is started again as a user would."""
    fight = Fight()
    done = 0
    process = command.start()
    fight.starts = 1
    while True:
        if done < kills:
            # Some fall while it starts, the others when a share of the marks is there.
            share = done * total // (kills + 1) if dice.random() < 0.8 else 0
            if _until(command, process, share):
                time.sleep(dice.random())
                done += _kill(process, dice.choice(TARGETS), dice, fight)
        code = process.poll() if done < kills else process.wait()
        if code is None:
            continue
        if code != -signal.SIGKILL:
            fight.exits.append(code)
            if code == 0:
                break
            if code != 3 or len(fight.exits) > kills + 3:
                fight.complaints.append(f"the command ended with {code}: {command.said()[-2000:]}")
                break
        process = command.start()
        fight.starts += 1
    if "Traceback" in command.said():
        fight.complaints.append(f"a traceback: {command.said()[-4000:]}")
    return fight


def _until(command: Command, process: subprocess.Popen[bytes], marks: int) -> bool:
    """Wait for so many marks; False where the command ends before."""
    seen, since = -1, time.monotonic()
    while process.poll() is None:
        count = command.count()
        if count >= marks:
            return True
        if count != seen:
            seen, since = count, time.monotonic()
        if time.monotonic() - since > _PATIENCE:
            raise SystemExit(f"no new mark for {_PATIENCE:g} s: {command.said()[-2000:]}")
        time.sleep(0.02)
    return False


def _kill(process: subprocess.Popen[bytes], target: str, dice: random.Random, fight: Fight) -> bool:
    """Kill one process of this sort, where there is one."""
    if process.poll() is not None:
        return False
    nurseries = [pid for pid in _children(process.pid) if "grader.batch.nursery" in _told(pid)]
    # A worker stands under the command, or under its nursery, or, where that was killed, under us.
    started = [pid for pid in (*_children(process.pid), *_children(os.getpid())) if "grader.batch.worker" in _told(pid)]
    orphans = [pid for pid in _children(os.getpid()) if "grader.batch.nursery" in _told(pid)]
    workers = [*started, *orphans, *(worker for nursery in nurseries for worker in _children(nursery))]
    found = {
        "command": [process.pid],
        "nursery": nurseries,
        "worker": workers,
        "sandbox": [pid for worker in workers for pid in _children(worker)],
    }[target]
    if not found:
        return False
    try:
        os.kill(dice.choice(found), signal.SIGKILL)
    except ProcessLookupError:
        return False
    if target == "command":
        process.wait()
    fight.killed[target] += 1
    return True


def _children(pid: int) -> list[int]:
    try:
        text = "".join(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:
        return []
    return [int(child) for child in text.split()]


# -- looking at it afterwards --------------------------------------------------------------------------------------------------


def compared(quiet: Command, loud: Command, total: int) -> list[str]:
    """What is lost, done twice, or other than in the quiet run."""
    wanted, found = quiet.records(), loud.records()
    problems = [f"{name}: {total} marks were due, {len(each)} are there" for name, each in
                (("quiet", wanted), ("loud", found)) if len(each) != total]  # fmt: skip
    for key in sorted(wanted.keys() & found.keys()):
        problems += [f"{key}: {difference}" for difference in same_verdict(wanted[key], found[key])]
    for command in (quiet, loud):
        again = command.rows("select student, exercise from seen where how = 'again'")
        problems += [f"{command.store.stem}: {row} was written twice" for row in again]
        for table in ("claims", "runs", "failures"):
            problems += [f"{command.store.stem}: left in {table}: {row}" for row in command.rows(f"select * from {table}")]
    return problems


def left_behind(folder: Path, before: set[str], commands: Sequence[Command]) -> list[str]:
    """Processes and files that should not be there."""
    end = time.monotonic() + _GOODBYE
    while (alive := _alive()) and time.monotonic() < end:
        time.sleep(0.1)
    problems = [f"still alive: {pid} {_told(pid)}" for pid in alive]
    expected = {path.relative_to(folder).as_posix() for each in commands for path in (each.store, each.store.with_suffix(".log"))}
    return problems + [f"left: {name}" for name in sorted(_files(folder) - before - expected)]


def _alive() -> list[int]:
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                break
        except ChildProcessError:
            break
    return _children(os.getpid())


def _told(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")[:200]
    except OSError:
        return ""


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


if __name__ == "__main__":
    sys.exit(main())
