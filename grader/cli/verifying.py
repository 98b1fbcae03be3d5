"""`grader verify`: proves exercises side by side and prints a line for each."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from grader.authoring.verify import Effort, Proof, prove_in_worker, start_worker
from grader.catalog.course import Course, Exercise
from grader.catalog.problems import CourseError
from grader.sandbox.bubblewrap import find
from grader.sandbox.contract import Unavailable

# The bar for the whole kit; each exercise also lists its survivors.
KILLED_SHARE = 0.95


def verify_exercises(course: Course, exercises: Sequence[Exercise], seeds: int, mutants: float, jobs: int) -> int:
    """Prove and print; the exit code."""
    if not (course.root / "solutions").is_dir():
        raise CourseError(
            f"{course.root}: there is no folder solutions/, so nothing can be proved; "
            "run this in the course that this folder was released from"
        )
    for exercise in course.exercises:
        _ = exercise.manifest  # a worker reads them all as it starts, where an error would be no more than a process that died
    if find() is None:
        raise Unavailable(
            "proofs need the sandbox: install bubblewrap (Debian and Ubuntu: apt-get install bubblewrap); "
            "`grader doctor` tells more"
        )
    out = Console(highlight=False, soft_wrap=True)
    width = max((len(exercise.name) for exercise in exercises), default=0)
    effort = Effort(seeds, mutants)
    proofs: list[Proof] = []
    context = multiprocessing.get_context("spawn")
    columns = (TextColumn("verify"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        Progress(*columns, console=Console(stderr=True), transient=True) as progress,
        ProcessPoolExecutor(min(jobs, len(exercises) or 1), context, start_worker, (course.root,)) as pool,
    ):
        task = progress.add_task("verify", total=len(exercises))
        waiting = [pool.submit(prove_in_worker, course.root, exercise.name, effort) for exercise in exercises]
        for future in _finished(waiting):
            try:
                proof = future.result()
            except BrokenProcessPool:
                raise Unavailable("a process of the proof died; is there memory enough? Try --jobs 1") from None
            proofs.append(proof)
            progress.console.file.flush()
            out.print(_line(proof, width))
            for text in [*proof.problems, *(f"survived  {survivor}" for survivor in proof.survivors)]:
                out.print(f"    {text}", markup=False)
            progress.advance(task)
    return _sum_up(out, proofs)


def _finished(waiting: Sequence[Future[Proof]]) -> Iterator[Future[Proof]]:
    """Proofs as they are finished; an interrupt ends the workers, which would otherwise go on to the end of theirs."""
    try:
        yield from as_completed(waiting)
    except KeyboardInterrupt:
        for process in multiprocessing.active_children():
            process.kill()
        raise


def _line(proof: Proof, width: int) -> str:
    mark = "[green]✓[/]" if proof.holds else "[red]✗[/]"
    explained = f" (+{proof.equivalent} equivalent)" if proof.equivalent else ""
    return (
        f"{mark} {proof.exercise:<{width}}  stub {proof.stub_score:g}   "
        f"reference {proof.reference_score:g}/{proof.max_score:g}   "
        f"alternatives {_of(proof.alternatives)}   mistakes {_of(proof.mistakes)}   diagnosed {proof.diagnosed}   "
        f"odd answers {_of(proof.odd)}   mutants {_of(proof.mutants)}{explained}   {proof.seconds:.1f} s"
    )


def _of(pair: tuple[int, int]) -> str:
    return f"{pair[0]}/{pair[1]}"


def _sum_up(out: Console, proofs: Sequence[Proof]) -> int:
    killed = sum(proof.mutants[0] for proof in proofs)
    equivalent = sum(proof.equivalent for proof in proofs)
    total = sum(proof.mutants[1] for proof in proofs)
    short = [proof.exercise for proof in proofs if not proof.holds]
    share = killed / (total - equivalent) if total > equivalent else 1.0
    mistakes = sum(proof.mistakes[0] for proof in proofs)
    out.print(
        f"{_count(len(proofs), 'exercise')}, {_count(mistakes, 'mistake')} rejected, {killed} of {total} mutants killed, "
        f"{equivalent} equivalent" + (f": {share:.1%} of those that can be told apart" if total > equivalent else "")
    )
    if short:
        out.print(f"falls short: {', '.join(short)}")
    return 1 if short or share < KILLED_SHARE else 0


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
