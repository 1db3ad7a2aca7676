"""What grades submissions, wherever that is, and who hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.results.verdicts import ExerciseResult
    from grader.runs.jobs import Job

__all__ = ["Engine", "Listener"]


class Listener(Protocol):
    """Hears what becomes of submissions."""

    def begun(self, job: Job) -> None:
        """Hear that a submission is being graded."""

    def take(self, job: Job, results: Sequence[ExerciseResult]) -> None:
        """Hear what came of all that was to be graded of a submission; once for each."""

    def note(self, sentence: str) -> None:
        """Hear what its instructor should know while the run goes on."""


class Engine(Protocol):
    """Grades submissions with the workers that it has."""

    def grade(self, jobs: Iterator[Job], listener: Listener, *, alone: bool = False) -> None:
        """Grade all of some submissions; the next is read when there is soon a worker for it.

        Each that may have had company is marked as crowded.

        Args:
            jobs: with what is to be graded of each.
            listener: it is told in the thread that calls.
            alone: whether each is to have a machine to itself.

        Raises:
            InfrastructureError: there is no worker, and there will be none.
        """

    def stop(self) -> None:
        """End every worker of its own, and what those have started; it may be called twice."""
