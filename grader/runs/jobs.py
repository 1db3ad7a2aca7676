"""One submission on its way through the engine: what is known of it, what is still to be graded."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.guest.process.limits import OF_THE_GPU
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sized

    from grader.results.verdicts import ExerciseResult
    from grader.submissions import HandIn, Submission

__all__ = ["Job", "Jobs", "UnderWay"]


@dataclass(eq=False)
class Job:
    """One submission.

    What runs out of time, or of a GPU's memory, while others are graded beside it may have lost it
    to them. So it does not count before it has been graded once more, alone; then the better result
    does.

    Attributes:
        keys: of each exercise, under which its result is kept.
        works: of each exercise, a digest of what was handed in.
        known: results that count.
        todo: what is still to be graded.
        awaited: exercises whose work is being graded already, as another submission has the same.
        crowded: whether others were graded beside it since the last results.
        late: results of what is to be graded once more.
    """

    submission: Submission
    keys: dict[str, str] = field(default_factory=dict)
    works: dict[str, str] = field(default_factory=dict)
    known: dict[str, ExerciseResult] = field(default_factory=dict)
    todo: dict[str, HandIn] = field(default_factory=dict)
    awaited: set[str] = field(default_factory=set)
    crowded: bool = False
    late: dict[str, ExerciseResult] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Whether every result is known."""
        return not self.todo and not self.awaited

    def take(self, results: Iterable[ExerciseResult]) -> dict[str, ExerciseResult]:
        """Take the results of all that was to be graded; return those that count, by key."""
        found = {each.exercise: _better(each, self.late.get(each.exercise)) for each in results}
        self.late = {name: each for name, each in found.items() if self.crowded and _ran_out(each)}
        self.todo = {name: work for name, work in self.todo.items() if name in self.late}
        self.crowded = False
        counting = {name: each for name, each in found.items() if name not in self.late}
        self.known |= counting
        return {self.keys[name]: each for name, each in counting.items()}


@dataclass(frozen=True)
class Jobs:
    """Submissions that are read when they are asked for, and how many may follow at most."""

    read: Iterator[Job]
    left: Sized

    def __iter__(self) -> Iterator[Job]:
        """Return itself."""
        return self

    def __next__(self) -> Job:
        """Read the next one."""
        return next(self.read)

    def __length_hint__(self) -> int:
        """Return how many are left, of which some may need nothing."""
        return len(self.left)


class UnderWay:
    """What is being graded, and which other submissions have the same work and wait for it."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Job]] = {}

    def begin(self, key: str, job: Job, exercise: str) -> bool:
        """Tell whether nobody has begun to grade this work; else the submission waits for it."""
        if key not in self._waiting:
            self._waiting[key] = []
            return True
        self._waiting[key].append(job)
        job.awaited.add(exercise)
        return False

    def end(self, results: Mapping[str, ExerciseResult]) -> Iterator[Job]:
        """Give results, by key, to all who wait for them; return who is done by that."""
        for key, result in results.items():
            for job in self._waiting.pop(key, ()):
                job.known[result.exercise] = result
                job.awaited.discard(result.exercise)
                if job.done:
                    yield job


def _ran_out(result: ExerciseResult) -> bool:
    """Whether work wanted more of what all share than there was."""
    return any(
        test.verdict is Verdict.TIMED_OUT or OF_THE_GPU in test.message.text
        for test in result.tests
    )


def _better(second: ExerciseResult, first: ExerciseResult | None) -> ExerciseResult:
    """Return which of two results of the same work counts; a fault of ours says nothing of it."""
    if first is None or second.verdict is Verdict.GRADER_FAULT:
        return second
    return first if first.score > second.score else second
