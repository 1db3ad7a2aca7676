"""Write the output folder, with one look at each student."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from grader.reports.changes.changes_file import CHANGES, write_changes
from grader.reports.classes.class_pages import (
    class_edition,
    write_anonymous_page,
    write_class_pages,
)
from grader.reports.classes.class_record import ClassRecord
from grader.reports.data_files import ResultsFile, write_grades
from grader.reports.placing import ANONYMOUS, OwnFiles
from grader.reports.student.student_pages import StudentPages, Withheld

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from grader.results.verdicts import StudentResult
    from grader.runs.grading_run import GradingRun

__all__ = ["Written", "write_reports"]

BATCH = 200  # students whose results are in memory at a time


@dataclass(frozen=True)
class Written:
    """What was written: the class, and whose page was withheld.

    Attributes:
        kept_aside: files that stood at a place of ours and were not ours, where they are now.
    """

    record: ClassRecord
    withheld: tuple[Withheld, ...]
    kept_aside: tuple[Path, ...]


def write_reports(run: GradingRun, output: Path, *, anonymous: bool = False) -> Written:
    """Write results, grades and changes, a page for each student, the class page and its lists.

    Whatever an earlier run wrote and this one does not is removed; files that are not the grader's
    stay. POSIX only.

    Args:
        run: its students are gone through once; a few whose code the class page has, again.
        output: the folder; it is made if there is none.
        anonymous: whether to write the page that may be shown in class, too.
    """
    record = ClassRecord(run.course, run.stuck)
    with OwnFiles(output) as own:
        with StudentPages(own, run) as pages, own.replacing("results.json") as file:
            results = ResultsFile(file.write, run)
            for batch in _batches(run.students):
                for result in batch:
                    page = pages.name_of(result.student)
                    record.add(result, page)
                    results.add(result, page)
                pages.write(batch)
            results.end()
        _note_withheld(record, pages.withheld)
        with own.replacing("grades.csv") as file:
            write_grades(file, record)
        if run.changes:
            with own.replacing_bytes(CHANGES) as table:
                write_changes(table, run.changes)
        else:
            own.remove([CHANGES])
        if anonymous:
            write_anonymous_page(own, record)
        else:
            own.remove([ANONYMOUS])  # one of an earlier run would show other numbers
        write_class_pages(own, record, run, class_edition(pages.edition, record, run, output))
        if not run.ungraded:  # one that was stopped is no run that is kept
            own.end()
        return Written(record, tuple(pages.withheld), tuple(own.kept_aside))


def _note_withheld(record: ClassRecord, withheld: Iterable[Withheld]) -> None:
    whose = {each.student: each.leak.what for each in withheld}
    for standing in record.standings:
        if standing.student in whose:
            record.withheld.setdefault(whose[standing.student], []).append(standing)


def _batches(students: Iterable[StudentResult]) -> Iterator[list[StudentResult]]:
    left = iter(students)
    while batch := list(islice(left, BATCH)):
        yield batch
