"""Write the pages about the class: the class page, its lists, and the page without names."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from grader.courses.declared.table import FILE
from grader.courses.files import files_in
from grader.files.output_folder import LISTS
from grader.reports.attention.naming_command import learning_options
from grader.reports.attention.own_code import given_files
from grader.reports.editions import contents, digest_of, edition_on_disk, run_edition
from grader.reports.placing import ANONYMOUS

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course
    from grader.reports.classes.class_record import ClassRecord
    from grader.reports.placing import OwnFiles
    from grader.runs.grading_run import GradingRun

__all__ = ["class_edition", "write_anonymous_page", "write_class_pages"]

INDEX = "index.html"


def class_edition(students: str, record: ClassRecord, run: GradingRun, output: Path) -> str:
    """Return a hash of all that the pages of a class are made from; `students` is of theirs."""
    withheld = [(what, each.student) for what, whose in record.withheld.items() for each in whose]
    diff = run.changes
    changes = diff and (diff.before.number, diff.before.at, diff.after.number, diff.held)
    told = learning_options(run.course, output) if record.unnamed else ""
    works = _works(run.course)
    known = (run_edition(run), students, withheld, run.notes, changes, run.stuck, works, told)
    return digest_of(map(repr, chain(known, run.records, run.ungraded)))


def _works(course: Course) -> str:
    """Return a hash of the works of a course, which are examples, and of what is no one's own."""
    works = [
        file for kind in ("right", "wrong") for file in files_in(course.folder / kind).values()
    ]
    given = [file for each in course.exercises for file in given_files(course, each.name)]
    return contents([course.folder / FILE, *works, *given])


def write_class_pages(own: OwnFiles, record: ClassRecord, run: GradingRun, edition: str) -> None:
    """Write the class page after its lists, unless they are on the disk already."""
    if edition_on_disk(own.folder / INDEX) == edition:
        return
    from grader.reports.attention.near_identical import alike_groups
    from grader.reports.classes.class_page import class_page
    from grader.reports.classes.rolls import rolls, sheets
    from grader.reports.marks import footer
    from grader.reports.pages import Pages

    pages, facts, alike = Pages(), footer(run), alike_groups(record)
    lists = (
        (f"{LISTS}/{sheet.file}", pages.sheet(sheet))
        for roll in rolls(record, alike)
        for sheet in sheets(roll, run.course, facts, run.title)
    )
    own.keep_only(LISTS, own.write_many(lists))
    with own.replacing(INDEX) as file:
        file.writelines(pages.index(class_page(record, run, edition, alike, own.folder)))


def write_anonymous_page(own: OwnFiles, record: ClassRecord) -> None:
    """Write the page that may be shown in class."""
    from grader.reports.classes.anonymous_page import anonymous_page
    from grader.reports.pages import Pages

    own.write(ANONYMOUS, Pages().anonymous(anonymous_page(record)))
