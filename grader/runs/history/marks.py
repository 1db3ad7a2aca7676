"""What a result came to, without code and messages: small, and one for all who have the same."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

import msgspec

from grader.results.changes import Side, Under
from grader.results.verdicts import ExerciseResult, TestResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Mark", "digest_of", "packed"]

DIGITS = 32


class _Test(msgspec.Struct, frozen=True, array_like=True):
    """What became of a test."""

    name: str
    title: str
    public: bool
    verdict: Verdict
    score: float
    max_score: float
    mistake: str | None


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """What an exercise came to, and what it was computed under; the score is the published one."""

    exercise: str
    under: Under
    verdict: Verdict
    score: float
    max_score: float
    tests: tuple[_Test, ...]

    @classmethod
    def of(cls, result: ExerciseResult, under: Under) -> Mark:
        """Return the mark of a result."""
        return cls(
            result.exercise,
            under,
            result.verdict,
            result.score,
            result.max_score,
            tuple(map(_test, result.tests)),
        )

    def side(self, key: str, work: str) -> Side:
        """Return it as one side of a comparison."""
        return Side(self.result(), key, work, self.under)

    def result(self) -> ExerciseResult:
        """Return it as a result that has no code and no messages."""
        return ExerciseResult(
            exercise=self.exercise,
            verdict=self.verdict,
            score=self.score,
            max_score=self.max_score,
            source=None,
            seconds=0.0,
            tests=tuple(_results(self.tests)),
        )


def _test(test: TestResult) -> _Test:
    return _Test(
        test.name, test.title, test.public, test.verdict, test.score, test.max_score, test.mistake
    )


def _results(tests: Iterable[_Test]) -> Iterable[TestResult]:
    return (TestResult(**msgspec.structs.asdict(test)) for test in tests)


def digest_of(content: bytes) -> str:
    """Return under which key a content is kept that many may share."""
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def packed(content: bytes) -> bytes:
    """Return a content as it is kept."""
    return zlib.compress(content, 1)
