"""Watching without a window: results one after the other, for pipes, logs and dumb terminals."""

from __future__ import annotations

import queue
import time
from pathlib import Path

from rich.console import Console

from grader.catalog.course import Exercise
from grader.locales import tr
from grader.progress.standing import next_place
from grader.report.blocks import maps
from grader.report.terminal import details, exercise_line
from grader.watch.events import Event, Finished, Ready, Saved, Stop, Trouble
from grader.watch.pages import places_of
from grader.watch.runner import Runner
from grader.watch.session import called


def print_results(root: Path, language: str, runner: Runner, events: queue.SimpleQueue[Event]) -> int:
    """Print each result when it is there, until it is to end or nobody reads any more; the exit code."""
    try:
        return _loop(root, language, runner, events)
    except BrokenPipeError:
        return 1


def _loop(root: Path, language: str, runner: Runner, events: queue.SimpleQueue[Event]) -> int:
    out = Console(highlight=False, soft_wrap=True)
    exercises: dict[str, Exercise] = {}
    while True:
        try:
            event = events.get(timeout=0.5)
        except queue.Empty:  # Windows hears Ctrl-C only between waits
            continue
        if isinstance(event, Stop):
            return event.code
        if isinstance(event, Ready):
            first = not exercises
            exercises = {exercise.name: exercise for exercise in event.exercises}
            if first:
                out.print(tr("watching {folder}; Ctrl-C ends it", folder=root / "exercises"), markup=False)
                place = next_place(places_of(root, language, event.exercises))
                runner.ask(place.step.name if place is not None else event.exercises[0].name)
        elif isinstance(event, Saved):
            if event.tests:
                runner.collect_again()
            if event.exercise in exercises:
                runner.ask(event.exercise)
        elif isinstance(event, Trouble):
            out.print(event.text, style="yellow", markup=False)
        elif isinstance(event, Finished):
            _print(out, event, exercises[event.exercise])
        out.file.flush()


def _print(out: Console, finished: Finished, exercise: Exercise) -> None:
    out.print(f"{time.strftime('%H:%M:%S')}  {finished.seconds:.2f} s", style="dim", markup=False)
    if finished.record is None:
        out.print(f"  ✗ {finished.problem}", markup=False)
        return
    out.print(exercise_line(finished.record, len(exercise.name)))
    found = details(finished.record, called(exercise.stub), maps(finished.arrays, out.options))
    if found is not None:
        out.print(found)
    if finished.protection:
        text = tr("(protection in force: {name}; code runs with your own rights)", name=finished.protection)
        out.print(text, style="dim", markup=False)
