"""How one test did in a class: how many passed it, and whether the strong ones did."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from grader.text.wording import finite

__all__ = ["TestTally"]

FEWEST = 10  # of fewer students, a correlation says nothing


@dataclass
class TestTally:
    """Counts of one test over the students who tried it, kept in one pass over the class.

    Attributes:
        title: the sentence of the test.
        tried: how many students handed in something that the test could judge.
        passed: how many of them passed it.
        timed_out: of how many it took too long.
        faults: of how many the grader failed, who count in nothing else.
    """

    __test__ = False  # not a test class, whatever pytest reads into its name

    title: str
    tried: int = 0
    passed: int = 0
    timed_out: int = 0
    faults: int = 0
    _rest: float = 0.0
    _rest_squared: float = 0.0
    _rest_of_passed: float = 0.0

    def add(self, *, passed: bool, rest: float) -> None:
        """Count a student who tried the test; `rest` is the score without this test's points."""
        rest = finite(rest)
        self.tried += 1
        self.passed += passed
        self._rest += rest
        self._rest_squared += rest * rest
        self._rest_of_passed += rest * passed

    @property
    def discrimination(self) -> float | None:
        """How passing goes with the rest of the score, from -1 to 1; None where that says nothing.

        The corrected item-total correlation: the point-biserial correlation between passing the
        test and the points in all others (Crocker and Algina, Introduction to Classical and Modern
        Test Theory, 1986, chapter 14).
        """
        failed = self.tried - self.passed
        spread = self._rest_squared / max(self.tried, 1) - (self._rest / max(self.tried, 1)) ** 2
        if self.tried < FEWEST or not self.passed or not failed or spread <= 1e-9:
            return None
        strong = self._rest_of_passed / self.passed
        weak = (self._rest - self._rest_of_passed) / failed
        share = self.passed / self.tried
        return (strong - weak) * sqrt(share * (1 - share) / spread)

    @property
    def margin(self) -> float:
        """How far off the discrimination may be by chance: its standard error where it is 0."""
        return 1 / sqrt(max(self.tried - 1, 1))
