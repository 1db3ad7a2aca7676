"""What became of one thing that a suite was tried with."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.proving.rules import Breach
    from grader.results.verdicts import TestResult

__all__ = ["Graded"]


@dataclass(frozen=True)
class Graded:
    """What became of a case.

    Attributes:
        results: of the hidden tests, then of the public checks.
        coinciding: of the solution: answers that its suite can't tell apart.
        breaches: the rules for names that do not hold.
        reached: of the solution: the functions and methods that each test runs, by its name.
        seconds: wall time that it took.
    """

    results: tuple[TestResult, ...]
    coinciding: tuple[str, ...] = ()
    breaches: tuple[Breach, ...] = ()
    reached: dict[str, set[str]] = field(default_factory=dict)
    seconds: float = 0.0

    @cached_property
    def hidden(self) -> dict[str, TestResult]:
        """The results of the hidden tests by name."""
        return {each.name: each for each in self.results if not each.public}

    @cached_property
    def public(self) -> dict[str, TestResult]:
        """The results of the public checks by name."""
        return {each.name: each for each in self.results if each.public}

    @property
    def names(self) -> set[str]:
        """The mistakes that are named."""
        return {each.mistake for each in self.results if each.mistake}
