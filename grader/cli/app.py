"""The command line: options in, exit codes out; each command's work is done elsewhere."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from grader.catalog.course import Course, find_course, readable
from grader.catalog.problems import CourseError
from grader.cli.bundles import release, upgrade
from grader.cli.doctor import doctor
from grader.cli.early import Early
from grader.cli.helping import spoken_help
from grader.cli.hint import hint
from grader.cli.language import Language, RecordLanguage, of_records
from grader.cli.nbgrader import nbgrader_app
from grader.cli.notices import tell_broken
from grader.cli.options import complete_exercise, complete_name
from grader.cli.quiz import quiz_app
from grader.cli.reset import reset
from grader.cli.show import show
from grader.cli.similar import similar
from grader.cli.speaking import begin
from grader.cli.submit import submit
from grader.cli.usage import USAGE, UsageError, tell
from grader.locales import later, tr
from grader.sandbox.contract import Unavailable

app = typer.Typer(
    help=later("Auto-graded exercises for deep-learning courses."),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(nbgrader_app, name="nbgrader")
app.add_typer(quiz_app, name="quiz")
app.command(help=later("Show the next hint of an exercise."))(hint)
app.command(help=later("Show the statement of an exercise, with formulas that can be read."))(show)
app.command(help=later("Begin an exercise anew; what you have written is kept beside it."))(reset)
app.command(help=later("Make the zip to hand in; say what is inside and what still fails."))(submit)
app.command(help=later("Say what is installed, which protection is in force, and how to get what is missing."))(doctor)
app.command()(release)
app.command(help=later("Bring new and corrected exercises into your folder; what you have written stays as it is."))(upgrade)
app.command()(similar)

OURS = 3


class Output(StrEnum):
    """What `grade` prints."""

    text = "text"
    json = "json"
    gradescope = "gradescope"


class Format(StrEnum):
    """What `export` writes."""

    csv = "csv"
    json = "json"


class Per(StrEnum):
    """What a row of an export stands for."""

    exercise = "exercise"
    test = "test"


class Library(StrEnum):
    """What an exercise's arrays are."""

    numpy = "numpy"
    torch = "torch"


CourseOption = Annotated[Path | None, typer.Option("--course", help=later("The course's folder."), show_default=False)]
Names = Annotated[
    list[str] | None,
    typer.Argument(help=later("Exercises or topics; all where none is named."), show_default=False, autocompletion=complete_name),
]


def course_of(folder: Path | None) -> Course:
    """The course that a command works on."""
    return find_course(folder)


@app.command("list", help=later("List topics and exercises."))
def list_exercises(
    names: Names = None,
    lang: Language = "en",
    as_json: Annotated[bool, typer.Option("--json", help=later("One JSON object per line."))] = False,
    course: CourseOption = None,
) -> None:
    """List topics and exercises."""
    from grader.report.listing import as_lines, as_text, broken_topics

    found = find_course(course, lenient=True)
    chosen = found.select(names or [])
    sound, broken = readable(chosen)
    for line in as_lines(sound) if as_json else as_text(found, sound, lang):
        print(line)
    broken = [*broken_topics(found, chosen), *broken]
    if broken:
        sys.stdout.flush()
        tell_broken(broken)
        raise typer.Exit(USAGE)


@app.command(help=later("Run the public tests on your exercises."))
def check(
    context: typer.Context,
    names: Names = None,
    lang: Language = "en",
    as_json: Annotated[bool, typer.Option("--json", help=later("One record per line on stdout."))] = False,
    in_process: Annotated[
        bool, typer.Option("--in-process", help=later("Run without a process of its own, for a debugger."))
    ] = False,
    pdb: Annotated[
        bool, typer.Option("--pdb", help=later("Open the debugger where your code raises; with --in-process."))
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="FILE", help=later("Also write the results, with pictures, as a page."), show_default=False
        ),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Run the public tests on your exercises."""
    from grader.cli.checking import Manner, check_exercises

    if pdb and not in_process:
        raise CourseError(tr("--pdb needs --in-process: a debugger cannot reach into another process"))
    found = find_course(course, lenient=True)
    sound, broken = readable(found.select(names or []))
    if broken and not sound:
        raise CourseError("\ngrader: ".join(broken))
    lang = of_records(context, lang) if as_json else lang
    manner = Manner(lang, as_json, in_process, pdb, html)
    code = check_exercises(found, sound, manner, context.obj)
    if broken:
        sys.stdout.flush()
        tell_broken(broken)
        code = max(code, USAGE)
    raise typer.Exit(code)


@app.command(help=later("Run the public tests of an exercise at every save."))
def watch(names: Names = None, lang: Language = "en", course: CourseOption = None) -> None:
    """Run the public tests of an exercise at every save."""
    from grader.cli.watching import watch_exercises

    raise typer.Exit(watch_exercises(find_course(course, lenient=True), names or [], lang))


@app.command()
def grade(
    exercise: Annotated[str, typer.Argument(help="The exercise.", autocompletion=complete_exercise)],
    files: Annotated[list[Path], typer.Argument(help="Submissions, one file each.")],
    as_json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    form: Annotated[
        Output | None,
        typer.Option(
            "--format",
            help="text; json: one record per line on stdout, nothing else; gradescope: results.json of one file.",
            show_default="text",
        ),
    ] = None,
    secret: Annotated[
        str | None, typer.Option("--course-secret", help="For the seeds; or GRADER_COURSE_SECRET.", show_default=False)
    ] = None,
    student: Annotated[str | None, typer.Option(help="The student's id, if not the file's stem.", show_default=False)] = None,
    lang: RecordLanguage = "en",
    allow_unsandboxed: Annotated[bool, typer.Option(help="Give marks without the sandbox.")] = False,
    course: CourseOption = None,
) -> None:
    """Grade submissions of an exercise with its hidden tests."""
    from grader.cli.grading import course_secret, grade_files, read_submissions

    if as_json and form not in (None, Output.json):
        raise CourseError(f"--json and --format {form} cannot both be; leave one out")
    found = course_of(course)
    chosen = found.exercise(exercise)
    submissions = read_submissions(files, student)
    as_json = as_json or form is Output.json
    if form is Output.gradescope:
        from grader.cli.gradescope import Settings, grade_one

        if len(submissions) != 1:
            raise CourseError(f"--format gradescope is for one submission; {len(submissions)} files were given")
        settings = Settings(course_secret(secret), lang, allow_unsandboxed)
        raise typer.Exit(grade_one(found, chosen, submissions[0], settings))
    raise typer.Exit(grade_files(found, chosen, submissions, course_secret(secret), lang, as_json, allow_unsandboxed))


@app.command("grade-all")
def grade_all(
    place: Annotated[Path, typer.Argument(metavar="DIR", help="What was handed in: folders, files, zips; or one zip.")],
    store: Annotated[
        str | None,
        typer.Option(help="Where marks are kept: a file, or the URL of a database.", show_default="DIR/.grader/marks.db"),
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; one per core by default.", show_default=False)] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what has not changed.")] = False,
    exercises: Annotated[
        list[str] | None,
        typer.Option(help="Exercises or topics, a,b or given again; what anybody defines by default.", show_default=False),
    ] = None,
    secret: Annotated[
        str | None, typer.Option("--course-secret", help="For the seeds; or GRADER_COURSE_SECRET.", show_default=False)
    ] = None,
    lang: RecordLanguage = "en",
    allow_unsandboxed: Annotated[bool, typer.Option(help="Give marks without the sandbox.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The class's records on stdout, one per line.")] = False,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Grade on a Dask cluster: tcp://host:8786.", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell who handed in what; grade nothing.")] = False,
    student_pattern: Annotated[
        str | None,
        typer.Option(metavar="REGEX", help="Finds students in paths, by a group (?P<student>…).", show_default=False),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Grade a whole class, however it was handed in; goes on where it was stopped."""
    from grader.cli.gradeall import Wanted, grade_all
    from grader.cli.grading import course_secret

    found = course_of(course)
    names = [name.strip() for text in exercises or [] for name in text.split(",") if name.strip()]
    wanted = Wanted(
        place, store, jobs, force, names, course_secret(secret), lang, allow_unsandboxed, as_json, scheduler, dry_run,
        student_pattern,
    )  # fmt: skip
    raise typer.Exit(grade_all(found, wanted))


@app.command()
def replay(
    records: Annotated[Path, typer.Argument(help="Records, as `grader grade --json` writes them.")],
    files: Annotated[list[Path], typer.Argument(help="The submissions they belong to.")],
    test: Annotated[str | None, typer.Option(help="Show this test in full.", show_default=False)] = None,
    lang: RecordLanguage = "en",
    allow_unsandboxed: Annotated[bool, typer.Option(help="Replay without the sandbox.")] = False,
    course: CourseOption = None,
) -> None:
    """Grade again with the seeds of earlier records and compare the verdicts."""
    from grader.cli.grading import read_records, read_submissions, replay_records

    found = course_of(course)
    submissions = read_submissions(files, None)
    raise typer.Exit(replay_records(found, read_records(records), submissions, test, lang, allow_unsandboxed))


@app.command()
def export(
    records: Annotated[
        list[Path], typer.Argument(help="Files of records, as `grader grade --json` writes them, folders of such, - for stdin.")
    ],
    form: Annotated[Format, typer.Option("--format", help="csv or json.")] = Format.csv,
    per: Annotated[Per, typer.Option(help="A row per exercise or per test.")] = Per.exercise,
    wide: Annotated[bool, typer.Option("--wide", help="A row per student, a column per exercise, for gradebooks.")] = False,
    keep_all: Annotated[bool, typer.Option("--all", help="Keep earlier records of the same student and exercise.")] = False,
    bom: Annotated[bool, typer.Option("--bom", help="CSV that Excel opens by a double click.")] = False,
    output: Annotated[Path | None, typer.Option(help="The file to write; stdout by default.", show_default=False)] = None,
    course: CourseOption = None,
) -> None:
    """Write marks as CSV or JSON."""
    from grader.cli.exporting import export_marks

    raise typer.Exit(export_marks(records, per is Per.test, wide, form is Format.json, keep_all, bom, output, course))


@app.command("report")
def write_report(
    place: Annotated[
        str,
        typer.Argument(metavar="STORE|DIR|RECORDS", help="The marks: what `grade-all` graded, its store, or files of records."),
    ],
    to: Annotated[Path, typer.Option(help="The folder to write.")] = Path("report"),
    lang: Language = "en",
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Without names: to be shown to the class.")] = False,
    similar: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Groups of similar submissions, to be shown too.", show_default=False)
    ] = None,
    course: CourseOption = None,
) -> None:
    """Write a class's report: known mistakes, marks, pass rates, a page per student; HTML, CSV, JSON."""
    from grader.cli.reporting import report

    raise typer.Exit(report(place, to, lang, anonymous, course, similar))


@app.command()
def gradescope(
    names: Annotated[list[str], typer.Argument(help="Exercises or topics of the assignment.")],
    output: Annotated[Path, typer.Option(help="The zip to write.")] = Path("autograder.zip"),
    secret: Annotated[
        str | None, typer.Option("--course-secret", help="For the seeds; or GRADER_COURSE_SECRET.", show_default=False)
    ] = None,
    lang: RecordLanguage = "en",
    allow_unsandboxed: Annotated[bool, typer.Option(help="Give marks where the container refuses the sandbox.")] = False,
    course: CourseOption = None,
) -> None:
    """Write the autograder zip for Gradescope; it holds hidden tests."""
    from grader.cli.exporting import write_autograder
    from grader.cli.grading import course_secret

    found = course_of(course)
    chosen = found.select(names)
    raise typer.Exit(write_autograder(found, chosen, output, course_secret(secret), lang, allow_unsandboxed))


@app.command()
def verify(
    names: Names = None,
    seeds: Annotated[int, typer.Option(min=1, help="Seeds that every solution is tried with.")] = 5,
    mutants: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of the mutants to try.")] = 1.0,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; one per core by default.")] = None,
    course: CourseOption = None,
) -> None:
    """Prove the hidden graders: stub 0, right solutions full marks, mistakes and mutants rejected."""
    from grader.cli.verifying import verify_exercises

    found = course_of(course)
    raise typer.Exit(verify_exercises(found, found.select(names or []), seeds, mutants, jobs or os.cpu_count() or 1))


@app.command()
def new(
    place: Annotated[str, typer.Argument(help="TOPIC/EXERCISE")],
    library: Annotated[Library, typer.Option(help="What arrays are.")] = Library.numpy,
    course: CourseOption = None,
) -> None:
    """Write the files of a new exercise."""
    from grader.authoring.skeleton import write_skeleton

    found = course_of(course)
    for path in write_skeleton(found, place, library.value):
        print(path.relative_to(found.root))
    print(f"Next: write them, then `grader verify {place.rpartition('/')[2]}`; docs/authoring.md tells how")


@app.command()
def demo(course: CourseOption = None) -> None:
    """Show check and grade at work on right, wrong and hostile submissions, in a temporary copy."""
    from grader.cli.showing import show_demo

    raise typer.Exit(show_demo(course_of(course)))


def main(early: Early | None = None) -> None:
    """Run a command: our errors become one clear message and an exit code.

    Parameters:
        early: the sandbox that `check` will want, if it is on its way.
    """
    begin(sys.argv[1:])
    try:
        sys.exit(spoken_help(typer.main.get_command(app))(obj=early, standalone_mode=False))
    except UsageError as error:
        sys.exit(tell(error))
    except CourseError as error:
        print(f"grader: {error}", file=sys.stderr)
        sys.exit(USAGE)
    except Unavailable as error:
        print(f"grader: {error}", file=sys.stderr)
        sys.exit(OURS)
    except typer.Abort:
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
