"""What checks of a file gave; plain data that crosses from one process to another."""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec

from grader.results.verdicts import TestResult, Verdict

__all__ = ["Checked", "Place", "State", "digest"]


class State(StrEnum):
    """How far an exercise is, found by running it."""

    UNTOUCHED = "not started"
    OPEN = "in progress"
    DONE = "done"
    ABSENT = "no file"
    BROKEN = "check broken"  # by whoever wrote it
    RUNNING = "checking"


class Place(msgspec.Struct, frozen=True):
    """Where in the student's code to look.

    Attributes:
        where: a file, or a cell of a notebook.
        line: 1-based; 0 where no line is meant.
        cell: whether the line counts in a cell.
    """

    where: str
    line: int = 0
    cell: bool = False

    @property
    def words(self) -> str:
        """The place as people read it, and as editors open it: `exercises/hw4_autograd.py:29`."""
        if not self.line:
            return self.where
        return f"{self.where}, line {self.line}" if self.cell else f"{self.where}:{self.line}"


class Checked(msgspec.Struct, frozen=True):
    """One file and what its public checks gave.

    Attributes:
        exercise: its name.
        place: where the first failure is mended; the file where all passed.
        content: digest of the file that was checked.
        printed: the end of what the student's code printed.
        notes: sentences about how the file was loaded, as the report has them.
    """

    exercise: str
    file: str
    results: tuple[TestResult, ...]
    place: Place
    content: str = ""
    printed: str = ""
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return self.failure is None

    @property
    def failure(self) -> TestResult | None:
        """The first check that the file did not pass; later ones often have the same cause.

        What is wrong with a check itself comes last, since nothing in the file mends it.
        """
        failed = [each for each in self.results if each.verdict is not Verdict.PASSED]
        own = (each for each in failed if each.verdict is not Verdict.GRADER_FAULT)
        return next(own, next(iter(failed), None))

    @property
    def rows(self) -> tuple[TestResult, ...]:
        """What is listed: each check, or a single row where the file could not be read at all."""
        if not self.results or any(each.verdict is not Verdict.UNREADABLE for each in self.results):
            return self.results
        said = "The file can't be read, so no check was run."
        return (msgspec.structs.replace(self.results[0], title=said),)

    @property
    def state(self) -> State:
        """How far the exercise is."""
        if self.failure is None:
            return State.DONE
        if self.failure.verdict is Verdict.GRADER_FAULT:
            return State.BROKEN
        untouched = all(each.verdict is Verdict.NOT_STARTED for each in self.results)
        return State.UNTOUCHED if untouched else State.OPEN


def digest(content: bytes) -> str:
    """Return what tells one content of a file from another."""
    return hashlib.sha256(content).hexdigest()[:16]
