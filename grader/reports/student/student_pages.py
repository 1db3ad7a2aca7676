"""Write the pages of students: only those that changed, and on all cores where they are many."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Self

from msgspec.structs import replace as changed

from grader.files.output_folder import STUDENTS
from grader.files.replacing import replace
from grader.reports.editions import edition, edition_on_disk
from grader.results.page_names import page_names
from grader.runs.devices import cores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from grader.leaks import Leak
    from grader.reports.placing import OwnFiles
    from grader.results.verdicts import StudentResult
    from grader.runs.grading_run import GradingRun

__all__ = ["StudentPages", "Withheld", "page_writers"]

MANY = 48  # to write fewer pages, processes of their own would take longer to start
HANDED_OUT = 8  # pages that a process gets at a time


@dataclass(frozen=True)
class Withheld:
    """A student whose page was not written, as it held what no student may read."""

    student: str
    leak: Leak


@dataclass(frozen=True)
class _Underway:
    """Pages that may still be being written, and what comes of them once they are."""

    names: Sequence[str]
    withheld: Iterable[list[Withheld]]


class StudentPages:
    """The pages of a run's students; use it as a context manager.

    Pages of other students are removed at the end, but for those who are still to be graded.

    Attributes:
        withheld: whose page was not written; one that says so stands in its place. In the order of
            the students once the context has ended.
    """

    def __init__(self, own: OwnFiles, run: GradingRun) -> None:
        self.withheld: list[Withheld] = []
        self._own = own
        self._run = changed(
            run,
            students=(),
            records=(),
            ungraded=(),
            notes=(),
            graded_at="",
            changes=None,
            stuck=(),
        )
        pages = page_names(run.records)
        self._names = {student: f"{STUDENTS}/{name}" for student, name in pages.items()}
        self._editions = hashlib.sha256()
        self._processes: ProcessPoolExecutor | None = None
        self._underway = _Underway([], ())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._note(self._underway)
                self._own.keep_only(STUDENTS, self._names.values())
        finally:
            if self._processes is not None:
                self._processes.shutdown(cancel_futures=True)

    def name_of(self, student: str) -> str:
        """Return where in the output folder a student's page is."""
        return self._names[student]

    @property
    def edition(self) -> str:
        """A hash of all that the pages were made from."""
        return self._editions.hexdigest()

    def write(self, results: Sequence[StudentResult]) -> None:
        """Write the pages of some students, but for those that are on the disk already.

        Of many students, the pages may still be underway when this returns; when it is called
        again, those of the time before are written. At the end, all are.
        """
        stale = [result for result in results if self._is_stale(result)]
        names = [self.name_of(result.student) for result in stale]
        earlier = self._underway
        self._own.make_way(names)
        if len(stale) < MANY:
            found: Iterable[list[Withheld]] = list(map(_write_page, *self._jobs(stale)))
        else:
            found = self._write_in_processes(stale)
        self._underway = _Underway(names, found)
        self._note(earlier)

    def _note(self, underway: _Underway) -> None:
        """Wait until pages are written."""
        self.withheld.extend(chain.from_iterable(underway.withheld))
        self._own.wrote(underway.names)

    def _is_stale(self, result: StudentResult) -> bool:
        name = self.name_of(result.student)
        due = edition(result, self._run)
        self._editions.update(f"{name} {due}\n".encode())
        return edition_on_disk(self._own.folder / name) != due

    def _write_in_processes(self, results: Sequence[StudentResult]) -> Iterator[list[Withheld]]:
        if self._processes is None:
            self._processes = page_writers()
        return self._processes.map(_write_page, *self._jobs(results), chunksize=HANDED_OUT)

    def _jobs(self, results: Sequence[StudentResult]) -> Iterable[Iterable[Any]]:
        """Return the arguments of `_write_page` for some students."""
        files = [self._own.folder / self.name_of(result.student) for result in results]
        return files, repeat(self._run, len(files)), results


def page_writers() -> ProcessPoolExecutor:
    """Return processes, one for each core, that end when this one does, however it ends."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(cores(), mp_context=context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """End with the process that started this one, also where that one is killed.

    Else it would wait for work for ever, and write pages over those of the next run.
    """
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _write_page(file: Path, run: GradingRun, result: StudentResult) -> list[Withheld]:
    """Write a student's page, unless it would show what no student may read."""
    from grader.leaks import find_leak
    from grader.reports.pages import Pages

    pages = Pages()
    text = pages.student(result, run)
    leak = find_leak(text, result, run.course)
    replace(file, pages.withheld(result, run) if leak else text)
    return [Withheld(result.student, leak)] if leak else []
