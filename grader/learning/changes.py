"""Which change of the solution gives an answer that students gave.

Such a change is the smallest form of a mistake, and holds nothing that a student wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from grader.proving.cases import Kind
from grader.proving.running import prove
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.courses import Course, Exercise
    from grader.proving.cases import Case
    from grader.proving.mutants import Mutant
    from grader.proving.proof import Proof
    from grader.results.unnamed import SharedAnswer

__all__ = ["Change", "Search", "search"]


@dataclass(frozen=True)
class Change:
    """A change of a solution.

    Attributes:
        file: which of the solution's files is changed, by its path; a notebook's is a module.
    """

    file: str
    mutant: Mutant


@dataclass(frozen=True)
class Search:
    """What all mutants of a solution answered, with the proof that they were tried for.

    Attributes:
        before: the proof of the exercise as the course has it.
        answer: what is looked for.
    """

    before: Proof
    answer: SharedAnswer[str]

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The changes that give the answer, the smallest first."""
        found = [
            Change(self._changed_file(case), case.mutant) for case in self._cases if case.mutant
        ]
        return tuple(sorted(found, key=lambda each: len(each.mutant.was) + len(each.mutant.now)))

    @property
    def works(self) -> tuple[str, ...]:
        """The wrong works of the course, under no mistake's name, that give it."""
        return tuple(case.name for case in self._cases if case.kind is Kind.WRONG)

    @property
    def reached(self) -> frozenset[str]:
        """The functions and classes of the solution that the answer's test runs."""
        _, got = self.before.graded[0]
        names = got.reached.get(self.answer.test, ())
        return frozenset(each.partition(".")[0] for each in names)

    @property
    def is_broken(self) -> bool:
        """Whether the solution itself does not pass."""
        _, got = self.before.graded[0]
        return any(each.verdict is not Verdict.PASSED for each in got.results)

    def _changed_file(self, case: Case) -> str:
        solution, _ = self.before.graded[0]
        name = next(name for name, text in case.files.items() if text != solution.files[name])
        return name.removesuffix(".ipynb") + ".py" if case.exercise.cells else name

    @property
    def _cases(self) -> Iterator[Case]:
        for case, got in self.before.graded:
            test = got.hidden.get(self.answer.test)
            if test and test.fingerprint == self.answer.fingerprint:
                yield case


def search(course: Course, exercise: Exercise, answer: SharedAnswer[str], jobs: int) -> Search:
    """Try each change of a solution that a proof would try.

    Args:
        course: the exercise's.
        exercise: whose solution is changed.
        answer: what students gave.
        jobs: how many processes grade.

    Raises:
        GraderError: a file of the course is missing or broken, or no process can be started.
    """
    (before,) = prove(course, [exercise], jobs)
    return Search(before, answer)
