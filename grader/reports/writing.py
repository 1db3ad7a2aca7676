"""Write the output folder so that no half-written file is ever seen in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.reports.data_files import grades_csv, results_json
from grader.reports.editions import edition, edition_on_disk
from grader.reports.naming import page_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.reports.leaks import Leak
    from grader.reports.pages import Pages
    from grader.verdicts import GradingRun, StudentResult

__all__ = ["Withheld", "write_reports"]


@dataclass(frozen=True)
class Withheld:
    """A student whose page was not written, as it held what no student may read."""

    student: str
    leak: Leak


def write_reports(run: GradingRun, output: Path) -> tuple[Withheld, ...]:
    """Write `results.json`, `grades.csv`, the class page and a page for each student.

    Pages of students that an earlier run graded and this one did not are removed. POSIX only.

    Returns:
        Whose pages were withheld; a page that says so stands in the place of each.
    """
    from grader.reports.pages import Pages

    folder = output / "students"
    folder.mkdir(parents=True, exist_ok=True)
    _replace(output / "results.json", results_json(run))
    _replace(output / "grades.csv", grades_csv(run))
    pages = Pages(run)
    withheld: list[Withheld] = []
    for result in run.students:
        page = folder / page_name(result.student)
        if edition_on_disk(page) != edition(result, run):
            withheld.extend(_write_page(page, pages, result))
    _replace(output / "index.html", pages.index())
    _remove_stale(folder, {page_name(result.student) for result in run.students})
    return tuple(withheld)


def _write_page(page: Path, pages: Pages, result: StudentResult) -> Iterator[Withheld]:
    """Write a student's page, unless it would show what no student may read."""
    from grader.reports.leaks import find_leak

    text = pages.student(result)
    leak = find_leak(text, result)
    _replace(page, pages.withheld(result) if leak else text)
    if leak:
        yield Withheld(result.student, leak)


def _replace(path: Path, text: str) -> None:
    """Put a file in place in one step: whoever reads it gets the old one or the new one."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        aside.write_text(text, encoding="utf-8", newline="")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _remove_stale(folder: Path, current: set[str]) -> None:
    for page in folder.glob("*.html"):
        if page.name not in current:
            page.unlink()
