"""What a result came to, without code and messages: small, and one for all who have the same."""

from __future__ import annotations

import hashlib
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from grader.results.changes import BY_HAND, Decided, Side, Under
from grader.results.verdicts import ExerciseResult, TestResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from grader.results.decided import Ruling

__all__ = ["Mark", "digest_of", "packed"]

DIGITS = 32
REMEMBERED = 4_096  # tests, which many students have alike


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
    """What an exercise came to, and what it was computed under; the score is the published one.

    Attributes:
        absent: whether nothing was handed in; None where an earlier version did not keep that.
    """

    exercise: str
    under: Under
    verdict: Verdict
    score: float
    max_score: float
    tests: tuple[_Test, ...]
    decided: tuple[Decided, ...] = ()
    weight: float = 1.0
    absent: bool | None = None

    @classmethod
    def of(cls, result: ExerciseResult, under: Under, rulings: Iterable[Ruling] = ()) -> Mark:
        """Return the mark of a result, in which all rulings about it are."""
        return cls(
            result.exercise,
            under,
            result.verdict,
            result.score,
            result.max_score,
            tuple(map(_test, result.tests)),
            (*_decided(result, rulings), *_by_hand(result)),
            result.weight,
            result.is_absent,
        )

    @property
    def is_absent(self) -> bool:
        """Whether nothing was handed in, as far as that is known."""
        return self.verdict is Verdict.MISSING if self.absent is None else self.absent

    def without(self, tests: Collection[_Test]) -> Mark:
        """Return it without some of its tests."""
        left = tuple(each for each in self.tests if each not in tests)
        return msgspec.structs.replace(self, tests=left)

    def side(self, key: str, work: str) -> Side:
        """Return it as one side of a comparison."""
        return Side(self.result(), key, work, self.under, self.decided)

    def result(self) -> ExerciseResult:
        """Return it as a result that has no code, no messages, and of a file no name."""
        return ExerciseResult(
            exercise=self.exercise,
            verdict=self.verdict,
            score=self.score,
            max_score=self.max_score,
            source=None if self.is_absent else "",
            seconds=0.0,
            tests=tuple(map(_result, self.tests)),
            weight=self.weight,
        )


def _test(test: TestResult) -> _Test:
    return _Test(
        test.name, test.title, test.public, test.verdict, test.score, test.max_score, test.mistake
    )


@lru_cache(REMEMBERED)
def _result(test: _Test) -> TestResult:
    return TestResult(**msgspec.structs.asdict(test))


def _decided(result: ExerciseResult, rulings: Iterable[Ruling]) -> Iterator[Decided]:
    for each in rulings:
        if each.exercise == result.exercise and each.graded is not None:
            yield Decided(each.test, each.change, each.graded + each.change, each.rule)


def _by_hand(result: ExerciseResult) -> Iterator[Decided]:
    """Give the points for parts that no test judges."""
    for part in result.manual:
        if part.score is not None:
            yield Decided(part.name, part.score, part.score, BY_HAND)


def digest_of(content: bytes) -> str:
    """Return under which key a content is kept that many may share."""
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def packed(content: bytes) -> bytes:
    """Return a content as it is kept."""
    return zlib.compress(content, 1)
