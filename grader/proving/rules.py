"""The standing rules for names: a name that is given falsely is worse than none.

Held by what is seen from outside, whatever way a suite has of naming:

- An alternative is a function of its case (`CONSTANT`): with other data it gives something else.
- It is one answer (`RANGE`): of answers that differ, which are the solution's own with their
  numbers changed, a test names no two alike. So a predicate that many answers meet is found. Not
  tried for notebooks with answer cells, whose tests are about how a training went.
- An attempt does as much as the run that failed (`SHORTER`): where a repair has kept a wrong work
  or a mutant from raising, it called the submission as often as the solution is called. How much a
  single call does is not seen.
- A repair changes one thing (`BROADER`): no two repairs keep the same work from raising.
- One work has one name: a wrong work its own, a mutant one in all tests and public checks together.
- A name is given for nothing that is right: right works lose nothing, and what no hidden test sees,
  no public check names.
- A name is given to no mutant of a function that no work with that mistake changes.

What a repair changes, if no other repair has the same effect, and whether a name is right for a
mutant of its own function, only a person can say: the page of a proof lists them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Breach", "Rule"]


class Rule(StrEnum):
    """A rule that a course may leave aside for a mistake, with a reason, under this heading."""

    CONSTANT = "constants"
    RANGE = "ranges"
    SHORTER = "shorter-attempts"
    BROADER = "broader-repairs"


@dataclass(frozen=True)
class Breach:
    """A rule that does not hold.

    Attributes:
        rule: which one.
        mistake: the slug of the mistake whose name is given by it.
        words: what was found, and in which test.
    """

    rule: Rule
    mistake: str
    words: str
