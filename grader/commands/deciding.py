"""For instructors: `decide`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.course_option import CourseFolder, course_again
from grader.courses import find_course
from grader.errors import UsageError
from grader.files.default_output import DEFAULT_OUTPUT
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.courses import Course

__all__ = ["COMMANDS", "decide"]


def decide(
    student: Annotated[
        str,
        typer.Argument(
            metavar="STUDENT", show_default=False, help="An id, a login, an e-mail address, a name."
        ),
    ] = "",
    everybody: Annotated[
        bool, typer.Option("--everybody", help="It is for the whole class, instead of STUDENT.")
    ] = False,
    exercise: Annotated[
        str,
        typer.Option(metavar="NAME", show_default=False, help="Which exercise it is about."),
    ] = "",
    test: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            show_default=False,
            help="Which test of the exercise, by its name or its sentence on the page.",
        ),
    ] = "",
    points: Annotated[
        float | None,
        typer.Option(metavar="N", help="The points that count, whatever grading gives."),
    ] = None,
    add: Annotated[
        float | None, typer.Option(metavar="N", help="Points on top of what grading gives.")
    ] = None,
    excused: Annotated[
        bool, typer.Option("--excused", help="Excuse the student, from the exercise or from all.")
    ] = False,
    due: Annotated[
        str,
        typer.Option(
            metavar="TIME",
            show_default=False,
            help="An extension, with its time zone: 2026-12-01T23:59+01:00.",
        ),
    ] = "",
    late_days: Annotated[
        int | None, typer.Option(metavar="N", help="Days late that cost the student nothing.")
    ] = None,
    comment: Annotated[
        str,
        typer.Option(
            metavar="TEXT", show_default=False, help="A comment for the page, in Markdown."
        ),
    ] = "",
    hand_in: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Grade this file, folder or archive instead."),
    ] = None,
    dropped: Annotated[
        bool, typer.Option("--dropped", help="With --everybody: the exercise does not count.")
    ] = False,
    weight: Annotated[
        float | None,
        typer.Option(metavar="N", help="With --everybody: how many times the exercise counts."),
    ] = None,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", show_default=False, help="Why; students read it.")
    ] = "",
    output: Annotated[
        Path, typer.Option(metavar="FOLDER", help="The reports of the class.")
    ] = DEFAULT_OUTPUT,
    decisions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The file to write to (default: the one of the last run, else decisions.toml in "
            "the folder of the reports).",
        ),
    ] = None,
    course_folder: CourseFolder = None,
) -> None:
    """Write down a decision about a student, or about everybody, that every later run applies.

    Nothing is graded again for it: the next `grader grade` puts it on the pages and into the files.
    """
    said = {
        "student": student,
        "everybody": everybody,
        "exercise": exercise,
        "test": test,
        "points": points,
        "add": add,
        "excused": excused,
        "dropped": dropped,
        "weight": weight,
        "due": due,
        "late_days": late_days,
        "comment": comment,
        "hand_in": str(hand_in.absolute()) if hand_in else "",
        "reason": reason,
    }
    given = {
        key: value
        for key, value in said.items()
        if value is not None and value is not False and value != ""
    }
    place, entry = _written(given, output, decisions, find_course(course_folder))
    print(f"Wrote to {place}:\n\n{printable(entry)}")
    again = f"The next `grader grade{course_again(course_folder)}`"
    anew = "grades that hand-in" if hand_in else "applies it; it grades nothing anew"
    print(f"{again} {anew}.")


def _written(
    said: Mapping[str, object], output: Path, asked: Path | None, course: Course
) -> tuple[Path, str]:
    """Write a decision; return the file and what stands there now."""
    from grader.files.output_folder import STORE, OutputFolder
    from grader.runs.database import Database
    from grader.runs.deciding.remembering import decisions_file
    from grader.runs.deciding.writing import add_decision
    from grader.runs.kept_class import KeptClass
    from grader.runs.regrading import refuse_another_course

    if not (output / STORE).is_file():
        raise UsageError(
            f"{output} holds no class: grade first, name the folder of its reports with --output, "
            "or write the decisions with an editor"
        )
    with OutputFolder(output), Database(output / STORE) as database:
        refuse_another_course(course, KeptClass(database), output)
        place = decisions_file(output, database, asked)
        return place, add_decision(place, said, course, KeptClass(database).records())


COMMANDS = (decide,)
