"""For instructors: `book`."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.course_option import CourseFolder  # noqa: TC001 - typer reads it
from grader.courses import find_course
from grader.text.wording import plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.book.book import Book

__all__ = ["COMMANDS", "book"]

NAMED, MISTAKES_NAMED = 20, 3  # hand-ins and mistakes in the terminal


def book(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="The folder with one folder of reports per hand-in, as `grade --output` left "
            "them.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", show_default=False, help="Where to write it (default: FOLDER/book)."
        ),
    ] = None,
    course_folder: CourseFolder = None,
) -> None:
    """Put the results of several hand-ins into one table: a page, a CSV file and a workbook.

    Each student has a row with the points of every hand-in, a total and a trend; the page also
    shows which mistakes were made again in a later exercise.

    A file book.toml in FOLDER may set a title, weights ([weights] week1 = 10), how many of the
    lowest hand-ins are dropped (drop_lowest = 1), and that hand-ins are ordered by when they were
    graded (order = "graded") instead of by name. It also says who is who where hand-ins have no id
    in common ([same.week2] 4711 = "ana").
    """
    from grader.book.book import make_book
    from grader.book.writing import require_own, write_book

    target = output or folder / "book"
    require_own(target)
    made = make_book(folder, find_course(course_folder))
    kept_aside = write_book(made, target)
    print("\n".join(map(printable, _told(made))))
    for kept in kept_aside:
        print(f"{kept.with_suffix('')} is not as the grader wrote it: your version is {kept.name}.")
    print(f"Open {target / 'index.html'}")


def _told(made: Book) -> Iterator[str]:
    """Say what the book is made of, what to check, and which mistakes were made again."""
    names = [each.name for each in made.hand_ins]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    yield f"{plural(len(names), 'hand-in')}, in this order: {', '.join(names[:NAMED])}{more}."
    yield from made.remarks
    for mistake in made.mistakes[:MISTAKES_NAMED]:
        count = plural(len(mistake.repeats), "student")
        yield f"Made again: {mistake.slug} ({count}, of {mistake.made:,} who made it)."
    yield f"{plural(len(made.lines), 'student')} in the book."


COMMANDS = (book,)
