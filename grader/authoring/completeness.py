"""What must lie in an exercise's folders before its grader is worth proving."""

from __future__ import annotations

from grader.authoring.skeleton import left_over
from grader.catalog.course import Exercise
from grader.catalog.problems import CourseError
from grader.grading.suite import Test

LANGUAGES = ("en", "ru", "hi")
ALTERNATIVES = 3


def missing_pieces(exercise: Exercise, public: list[Test], hidden: list[Test]) -> list[str]:
    """What an exercise lacks, in sentences."""
    found = []
    for path in (exercise.stub, exercise.reference, *(exercise.public / f"statement.{x}.md" for x in LANGUAGES)):
        if not path.is_file():
            found.append(f"{path.name} is missing")
    found += [f"{name} is still the skeleton's; write what this exercise asks for" for name in left_over(exercise)]
    count = len(exercise.alternatives)
    if count < ALTERNATIVES:
        found.append(f"{count} alternatives, at least {ALTERNATIVES} are asked for")
    if not exercise.mistakes:
        found.append("mistakes.yaml is missing or empty")
    if not 3 <= len({test.name.partition("[")[0] for test in public}) <= 6:
        found.append("3 to 6 public tests are asked for")
    worth = sum(test.points for test in hidden)
    if worth != exercise.manifest.points:
        found.append(f"the hidden tests are worth {worth:g} points, the manifest says {exercise.manifest.points:g}")
    names = {test.name.partition("[")[0] for test in hidden}
    for test in (*public, *hidden):
        lacking = [language for language in LANGUAGES if not test.titles.get(language)]
        if lacking:
            found.append(f"{test.name} has no title in {', '.join(lacking)}")
    for test in hidden:
        found += [f"{test.name} depends on {name}, which is no test" for name in test.depends if name not in names]
    for mistake in exercise.mistakes:
        try:
            exercise.mistake_source(mistake)
        except CourseError as error:
            found.append(str(error))
    return found
