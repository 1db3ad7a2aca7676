"""What became of an attack, and whether it was held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from grader.redteam.attacks import HOSTILE
from grader.results.verdicts import Verdict, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.redteam.attacks import Attack
    from grader.redteam.baits import Baits
    from grader.results.verdicts import ExerciseResult

__all__ = ["CLAIM", "Finding", "comparable", "reasons", "said_about", "what_happened"]

CLAIM = "PWNED"  # what an attack prints that has reached something


@dataclass(frozen=True)
class Finding:
    """What became of one attack.

    Attributes:
        happened: what the report says of it, in a line.
        verdict: the exercise's verdict, or `refused`.
        score: the most that one of its students got.
        broken: why it got through, in sentences; empty if it was held.
        seconds: wall time that it took, with the student after it.
        promised: whether the sandbox is said to hold it.
    """

    attack: Attack
    happened: str
    verdict: str
    score: float
    broken: tuple[str, ...]
    seconds: float
    promised: bool = True

    @property
    def held(self) -> bool:
        """Whether the attack got nothing."""
        return not self.broken

    @property
    def through(self) -> bool:
        """Whether the attack got what it must not get."""
        return self.promised and not self.held

    @property
    def as_expected(self) -> bool:
        """Whether it came to what its file says, so that it still does what it is there for."""
        due = self.score == self.attack.points or not self.attack.exact
        return due and self.verdict in self.attack.verdicts


def said_about(results: Iterable[ExerciseResult]) -> str:
    """Return everything that a report says about a submission, except its own code."""
    parts = []
    for result in results:
        parts += [test.message.text for test in result.tests]
        parts += [*result.notes, result.printed]
    return "\n".join(parts)


def reasons(
    attack: Attack, results: Sequence[ExerciseResult], baits: Baits, names: Iterable[str]
) -> list[str]:
    """Say why an attack got through, if it did.

    Args:
        attack: what was graded.
        results: what the attack's submission came to.
        baits: the secrets that were out.
        names: the hidden tests, which nothing that a submission says may name.
    """
    said = said_about(results)
    found = [line for line in said.splitlines() if CLAIM in line][:1]
    if attack.kind == HOSTILE:
        found = []  # a claim is text there, and becomes something else in a page, if anywhere
    if any(result.score > attack.points for result in results):
        found.append(f"it got more than the {attack.points:g} points that it earned")
    faults = [test for each in results for test in each.tests if test.verdict == "grader_fault"]
    found += [f"a fault of the grader's in {test.name}: {test.message.text}" for test in faults[:1]]
    if baits.found_in(said):
        found.append("its report holds a secret of the judge's or of an earlier student's")
    found += [f"its report names the hidden test {name}" for name in names if name in said][:1]
    return found + [f"it wrote {mark}" for mark in baits.take_marks()]


def what_happened(results: Sequence[ExerciseResult]) -> str:
    """Describe a submission's results in a line: points, verdict, the first message."""
    score, most = sum(each.score for each in results), sum(each.max_score for each in results)
    verdict = worst(result.verdict for result in results)
    tests = [test for result in results for test in result.tests if test.verdict == verdict]
    said = tests[0].message.news.partition("\n")[0] if tests else ""
    if verdict is Verdict.PASSED:
        return f"nothing but the {score:g} points of the honest work in it"
    words = f"{score:g} of {most:g} points, {verdict.words}"
    return f"{words}: {said}" if said else words


def comparable(results: Sequence[ExerciseResult]) -> list[ExerciseResult]:
    """Return results without what differs from run to run."""
    return [msgspec.structs.replace(result, seconds=0.0) for result in results]
