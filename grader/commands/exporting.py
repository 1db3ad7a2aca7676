"""For instructors: `export`, `bundle`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.course_option import CourseFolder  # noqa: TC001 - typer reads it
from grader.courses import find_course
from grader.errors import UsageError
from grader.exports.formats import Platform, Request
from grader.files.default_output import DEFAULT_OUTPUT
from grader.text.wording import printable

if TYPE_CHECKING:
    from grader.exports.formats import Format

__all__ = ["COMMANDS", "bundle", "export"]


def export(
    wanted: Annotated[str, typer.Argument(metavar="FORMAT", help="One of the formats above.")],
    results: Annotated[
        Path, typer.Option(metavar="FILE", help="The results to export, or their folder.")
    ] = DEFAULT_OUTPUT / "results.json",
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file that the LMS gave: a copy of it is written, with the marks filled in.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file to write (default: beside the results; with --into, beside that file).",
        ),
    ] = None,
    column: Annotated[
        str, typer.Option(metavar="NAME", help="With --into: the column to fill in.")
    ] = "",
    scale: Annotated[
        bool,
        typer.Option("--scale", help="With --into: convert the marks to the column's maximum."),
    ] = False,
    platform: Annotated[
        Platform | None, typer.Option("--for", help="With feedback-zip: which LMS the file is for.")
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Replace the file even if it was changed, or `grader export` did not write it.",
        ),
    ] = False,
    course_folder: CourseFolder = None,
) -> None:
    """Write marks or feedback as a file that an LMS or another program takes.

    canvas (marks for its gradebook); moodle (marks for an assignment or the gradebook); blackboard
    (marks for its Grade Center); brightspace (marks for its grade items); sakai (marks for an
    assignment or the gradebook); feedback-zip (students' pages, named so that the LMS hands them
    out); gradescope (a results.json per submission, in a zip); nbgrader (the columns of nbgrader
    export); junit (test results as CI servers show them); csv (a row per student and test, for
    statistics); mail (addresses, scores and pages, for a mail merge).

    The marks of the first five are best filled into the file that the LMS gave, with --into.

    Some students are left out and named, and their marks in the LMS stay as they are: those who
    handed in nothing, those of whose files none was recognised, and those on whose work the grader
    failed (fix the fault, grade and export again). csv and junit have all students.
    """
    from grader.exports.placing import write_export
    from grader.exports.registry import format_named
    from grader.exports.results import read_results

    path = results / "results.json" if results.is_dir() else results
    chosen = format_named(wanted)
    _require_taken(chosen, into, column, platform, scale=scale)
    request = Request(
        results=read_results(path),
        course=find_course(course_folder),
        folder=path.parent,
        given=into,
        column=column,
        platform=platform,
        scale=scale,
    )
    target = output or _beside(chosen, request)
    if target.resolve() == path.resolve():
        raise UsageError(f"{target} holds the results themselves: name another file with --output")
    outcome = write_export(chosen, request, target, force=force)
    print("\n".join(map(printable, outcome.lines(target))))


def _require_taken(
    chosen: Format, into: Path | None, column: str, platform: Platform | None, *, scale: bool
) -> None:
    """Complain of options that the format can't follow, and of one that it needs."""
    if into and not chosen.fills:
        raise UsageError(f"{chosen.name} fills in no file: it writes a new one, without --into")
    if (column or scale) and not into:
        raise UsageError("--column and --scale are about the file that --into names")
    if platform and not chosen.platforms:
        raise UsageError(f"{chosen.name} takes no --for")
    if chosen.platforms and platform not in chosen.platforms:
        raise UsageError(f"{chosen.name} needs --for and one of {', '.join(chosen.platforms)}")


def _beside(chosen: Format, request: Request) -> Path:
    """Return where an export goes that the user named no file for."""
    if request.given is None:
        return request.folder / chosen.file_name
    return request.given.with_name(f"{request.given.stem}-filled{request.given.suffix}")


def bundle(
    platform: Annotated[
        str, typer.Argument(metavar="PLATFORM", help="One of the platforms above.")
    ],
    output: Annotated[
        Path,
        typer.Argument(
            metavar="OUT", help="What to write: a zip for gradescope, else a new folder."
        ),
    ],
    exercise: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Only this exercise counts: hw6, 6, or hw3,hw6 (repeat for several).",
        ),
    ] = None,
    course_folder: CourseFolder = None,
) -> None:
    """Write this grader and a course as another platform runs them.

    gradescope (a zip for Configure Autograder); prairielearn (questions, the grader that they
    share, and an image); github (a workflow that grades pull requests, and what it needs in a
    private repository); docker (a folder for docker build, for your own CI).

    A bundle holds the hidden tests: keep it where students can't read it.
    """
    from grader.bundles.platform import Order
    from grader.bundles.registry import platform_named
    from grader.bundles.writing import write_bundle

    course = find_course(course_folder)
    wanted = platform_named(platform)
    order = Order(course, course.exercises_named(exercise or ()))
    count = write_bundle(wanted, order, output)
    print(f"Wrote {output}: {count} files, the hidden tests among them. {wanted.next_step}")


COMMANDS = (export, bundle)
