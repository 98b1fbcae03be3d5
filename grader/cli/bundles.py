"""`grader release` and `grader upgrade`: what students get, and how they get the next version of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from grader.cli.language import named
from grader.locales import known, later

CourseOption = Annotated[Path | None, typer.Option("--course", help=later("The course's folder."), show_default=False)]


def release(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write, new or made by this command.")],
    topics: Annotated[
        list[str] | None, typer.Option(help="These topics: a,b or given again; every one by default.", show_default=False)
    ] = None,
    exercises: Annotated[
        list[str] | None, typer.Option(help="Only these exercises of their topics: a,b or given again.", show_default=False)
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of statements and notebooks: en, ru, hi, a,b or all.")] = "en",
    secret: Annotated[
        str | None, typer.Option("--course-secret", help="For graded quizzes; or GRADER_COURSE_SECRET.", show_default=False)
    ] = None,
    zip_file: Annotated[
        Path | None, typer.Option("--zip", metavar="FILE", help="Write a zip of it as well.", show_default=False)
    ] = None,
    git: Annotated[bool, typer.Option("--git", help="Make it a repository template for GitHub Classroom.")] = False,
    notebooks: Annotated[bool, typer.Option("--notebooks/--no-notebooks", help="A notebook per topic.")] = True,
    force: Annotated[bool, typer.Option("--force", help="Overwrite what was edited in DIR by hand.")] = False,
    course: CourseOption = None,
) -> None:
    """Write what students get: stubs, statements, visible tests, notebooks, quizzes without keys, the engine."""
    from grader.cli.nbgrader import listed_names
    from grader.cli.releasing import Order, release_bundle

    order = Order(
        folder, listed_names(topics), listed_names(exercises), lang, secret, zip_file, git, notebooks, force, course
    )  # fmt: skip
    raise typer.Exit(release_bundle(order))


def upgrade(
    bundle: Annotated[
        Path | None,
        typer.Argument(help=later("The new bundle, a zip or a folder; the zip that lies here by default."), show_default=False),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=later("Tell what would change, write nothing."))] = False,
    lang: Annotated[
        str | None, typer.Option(help=later("en, ru or hi; else GRADER_LANG, else the bundle's."), show_default=False)
    ] = None,
    course: CourseOption = None,
) -> None:
    """Bring new and corrected exercises into your folder; what you have written stays as it is."""
    from grader.cli.upgrading import upgrade_folder

    asked = named(lang) if lang is not None else known(os.environ.get("GRADER_LANG"))
    raise typer.Exit(upgrade_folder(bundle, dry_run, asked, course))
