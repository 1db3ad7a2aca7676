"""Write the pages of students: only those that changed, and on all cores where they are many."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Self

from msgspec.structs import replace as changed

from grader.devices import cores
from grader.reports.editions import edition, edition_on_disk
from grader.reports.naming import page_name
from grader.reports.placing import keep_only, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from grader.reports.leaks import Leak
    from grader.reports.pages import Pages
    from grader.verdicts import GradingRun, StudentResult

__all__ = ["StudentPages", "Withheld"]

MANY = 48  # to write fewer pages, processes of their own would take longer to start
HANDED_OUT = 8  # pages that a process gets at a time


@dataclass(frozen=True)
class Withheld:
    """A student whose page was not written, as it held what no student may read."""

    student: str
    leak: Leak


class StudentPages:
    """The pages of a run's students in a folder; use it as a context manager.

    Pages of students who are not written in it are removed at the end.

    Attributes:
        editions: of each page, a hash of all that it was made from.
        withheld: whose page was not written; one that says so stands in its place. In the order of
            the students once the context has ended.
    """

    def __init__(self, folder: Path, run: GradingRun) -> None:
        self.editions: dict[str, str] = {}
        self.withheld: list[Withheld] = []
        self._folder = folder
        self._run = changed(run, students=(), ungraded=())
        self._processes: ProcessPoolExecutor | None = None
        self._underway: Iterable[list[Withheld]] = ()

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
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
                keep_only(self._folder, self.editions.keys())
        finally:
            if self._processes is not None:
                self._processes.shutdown(cancel_futures=True)

    def write(self, results: Sequence[StudentResult]) -> None:
        """Write the pages of some students, but for those that are on the disk already.

        Of many students, the pages may still be underway when this returns; when it is called
        again, those of the time before are written. At the end, all are.
        """
        stale = [result for result in results if self._is_stale(result)]
        earlier = self._underway
        if len(stale) < MANY:
            self._underway = [_write_page(self._folder, self._run, each) for each in stale]
        else:
            self._underway = self._write_in_processes(stale)
        self._note(earlier)

    def _note(self, written: Iterable[list[Withheld]]) -> None:
        self.withheld.extend(chain.from_iterable(written))

    def _is_stale(self, result: StudentResult) -> bool:
        name = page_name(result.student)
        self.editions[name] = edition(result, self._run)
        return edition_on_disk(self._folder / name) != self.editions[name]

    def _write_in_processes(self, results: Sequence[StudentResult]) -> Iterator[list[Withheld]]:
        if self._processes is None:
            self._processes = ProcessPoolExecutor(
                max_workers=cores(), mp_context=multiprocessing.get_context("spawn")
            )
        jobs = [(self._folder, self._run, result) for result in results]
        return self._processes.map(_write_page, *zip(*jobs, strict=True), chunksize=HANDED_OUT)


def _write_page(folder: Path, run: GradingRun, result: StudentResult) -> list[Withheld]:
    """Write a student's page, unless it would show what no student may read."""
    from grader.reports.leaks import find_leak

    pages = _pages()
    text = pages.student(result, run)
    leak = find_leak(text, result)
    replace(folder / page_name(result.student), pages.withheld(result, run) if leak else text)
    return [Withheld(result.student, leak)] if leak else []


@cache
def _pages() -> Pages:
    """Read the templates once in each process."""
    from grader.reports.pages import Pages

    return Pages()
