"""How well copies are found in generated classes: `python tests/benchmarks/similar.py [--students 60] [--seeds 3] [--speed 500]`.

Two kinds of class are made for every exercise that is long enough. In both, honest students start from right solutions and write
them in their own ways; copiers disguise another student's work. In the class "known" the course knows the common solutions and a
few students found others; in the class "unknown" the course knows the reference alone, and three more solutions are shared by one
student in seven each. Precision is the share of true copies among the pairs found, recall the share found of all true pairs.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import similar_class as made

from grader.catalog.course import Course, Exercise
from grader.similarity import comparing
from grader.similarity.handed import Work, works_of

ROOT = Path(__file__).resolve().parents[2]


class Known(Exercise):
    """An exercise whose course knows only some of the alternatives."""

    known: tuple[str, ...] = ()

    @property
    def alternatives(self) -> list[Path]:
        """Those that the course knows."""
        return [path for path in super().alternatives if path.stem in self.known]


def knowing(exercise: Exercise, names: tuple[str, ...]) -> Exercise:
    """The exercise in a course that knows these alternatives."""
    found = Known(exercise.topic, exercise.name, exercise.public, exercise.private)
    object.__setattr__(found, "known", names)
    return found


def the_class(kind: str, exercise: Exercise, size: int, rng: random.Random) -> tuple[Exercise, list[made.Student]]:
    """A class of a kind, and the exercise as its course knows it."""
    bases = made.bases_of(exercise)
    reference, *others = bases
    rng.shuffle(others)
    copies = size // 8
    honest = size - copies
    if kind == "known":
        rare = others[: len(others) // 2 + 1]
        common = others[len(rare) :]
        counts = [(name, 1) for name in rare] + [(name, honest // 12) for name in common]
        counts.append((reference, honest - sum(count for _, count in counts)))
        return knowing(exercise, tuple(common)), made.class_of(bases, counts, copies, rng)
    counts = [(name, honest // 7) for name in others[:3]] + [(name, 1) for name in others[3:]]
    counts.append((reference, honest - sum(count for _, count in counts)))
    return knowing(exercise, ()), made.class_of(bases, counts, copies, rng)


def measure(kind: str, exercises: list[Exercise], size: int, seeds: int) -> Counter[str]:
    """Counts of a kind of class over all exercises and seeds; printed exercise by exercise."""
    total: Counter[str] = Counter()
    for exercise in exercises:
        counts: Counter[str] = Counter()
        short, threshold = "", 0.0
        for seed in range(seeds):
            known, students = the_class(kind, exercise, size, random.Random(f"{kind} {exercise.name} {seed}"))
            works = [Work(student.name, exercise.name, student.source.encode()) for student in students]
            compared = comparing.compare([known], works).exercises[0]
            short = compared.short
            threshold += (compared.null.threshold if compared.null else 0) / seeds
            by_name = {student.name: student for student in students}
            own = Counter(student.base for student in students if not student.origin)
            truth = made.true_pairs(students)
            for pair in compared.pairs:
                counts["found"] += 1
                counts["right"] += pair.students in truth
                counts["wrong, one base"] += (
                    pair.students not in truth and len({by_name[name].base for name in pair.students}) == 1
                )
            found = {pair.students for pair in compared.pairs}
            for pair_of in truth:
                where = "rare" if own[by_name[pair_of[0]].base] == 1 else "common"
                counts[f"true {where}"] += 1
                counts[f"found {where}"] += pair_of in found
        if short:
            print(f"  {exercise.name:32} {short.split(':')[0]}; {counts['found']} pairs found, by words")
            total["found in short"] += counts["found"]
            continue
        print(
            f"  {exercise.name:32} threshold {threshold:.2f}  found {counts['found']:3}  right {counts['right']:3}  "
            f"rare solutions {counts['found rare']}/{counts['true rare']}  "
            f"common ones {counts['found common']}/{counts['true common']}"
        )
        total += counts
    return total


def told(kind: str, total: Counter[str]) -> None:
    """Print precision and recall."""

    def share(part: int, whole: int) -> str:
        return f"{part / whole:.3f} ({part}/{whole})" if whole else "none"

    both = total["found rare"] + total["found common"], total["true rare"] + total["true common"]
    print(
        f"{kind}: precision {share(total['right'], total['found'])}, recall {share(*both)}; "
        f"of works that nobody else's resembles {share(total['found rare'], total['true rare'])}, "
        f"of works like many {share(total['found common'], total['true common'])}; "
        f"{total['wrong, one base']} of the wrong pairs go back to one solution; "
        f"{total['found in short']} pairs found in exercises that are too short\n"
    )


def speed(course: Course, exercises: list[Exercise], students: int) -> None:
    """Processor time for a class on disk, from folders to pairs."""
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        for exercise in exercises:
            bases = made.bases_of(exercise)
            names = list(bases)
            for number in range(students):
                place = Path(folder, f"s{number:04}")
                place.mkdir(exist_ok=True)
                base = names[0] if rng.random() < 0.5 else rng.choice(names)
                text = made.honest("", base, bases[base], rng).source
                (place / f"{exercise.name}.py").write_text(text, encoding="utf-8")
        start = time.process_time()
        works = works_of(course, Path(folder), [exercise.name for exercise in exercises], "en", None, lambda *_: None)
        middle = time.process_time()
        found = comparing.compare(exercises, works)
        end = time.process_time()
    print(
        f"speed: {students} students, {len(exercises)} exercises, {len(works)} programs: reading {middle - start:.1f} s, "
        f"comparing {end - middle:.1f} s of processor time, {len(found.pairs)} pairs found"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=60)
    parser.add_argument("--seeds", type=int, default=3, help="classes of each kind; 0 for none")
    parser.add_argument("--speed", type=int, default=0, help="students of a class on disk to be timed")
    options = parser.parse_args()
    course = Course(ROOT)
    for kind in ("known", "unknown") if options.seeds else ():
        print(f"class {kind!r}, {options.students} students, {options.seeds} seeds")
        told(kind, measure(kind, course.exercises, options.students, options.seeds))
    if options.speed:
        long = [e for e in course.exercises if comparing.explained_of(e).operations >= comparing.LEAST_OPERATIONS]
        speed(course, long[:6], options.speed)


if __name__ == "__main__":
    main()
