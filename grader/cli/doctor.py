"""`grader doctor`: what is installed, which protection is in force, what is missing and how to get it."""

from __future__ import annotations

from typing import Annotated

import typer

from grader.cli.language import Language
from grader.cli.options import CourseOption
from grader.locales import later


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help=later("One JSON object on stdout."))] = False,
    lang: Language = "en",
    course: CourseOption = None,
) -> None:
    """Say what is installed, which protection is in force, and how to get what is missing."""
    from grader.cli.examining import examine, print_findings, print_json

    findings = examine(course)
    if as_json:
        print_json(findings)
    else:
        print_findings(findings)
    raise typer.Exit(int(any(finding.state == "missing" for finding in findings)))
