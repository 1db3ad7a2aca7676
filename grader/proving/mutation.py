"""What becomes of mutants, and what it says of a suite: holes, catches, names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from grader.proving.equivalent import FILE
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.proving.equivalent import Equivalent
    from grader.proving.grading import Graded
    from grader.proving.mutants import Mutant

__all__ = ["Fate", "TriedMutant", "faults_of", "tried"]

Functions = Mapping[str, set[str] | None]


class Fate(StrEnum):
    """What becomes of a mutant."""

    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    CAUGHT = "caught"
    NAMED = "caught and named"


@dataclass(frozen=True)
class TriedMutant:
    """A mutant, and what became of it.

    Attributes:
        tests: the hidden tests that fail.
        names: the mistakes that are named.
        reason: why it need not be caught, where it is not.
    """

    mutant: Mutant
    fate: Fate
    tests: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    reason: str = ""


def tried(mutant: Mutant, graded: Graded, listed: Sequence[Equivalent]) -> TriedMutant:
    """Say what became of a mutant; one that ended the process has been caught by that."""
    tests = tuple(n for n, each in graded.hidden.items() if each.verdict is not Verdict.PASSED)
    names = tuple(sorted(graded.names))
    if tests or not graded.results:
        return TriedMutant(mutant, Fate.NAMED if names else Fate.CAUGHT, tests, names)
    reason = next((each.reason for each in listed if each.covers(mutant)), "")
    return TriedMutant(mutant, Fate.EQUIVALENT if reason else Fate.SURVIVED, reason=reason)


def faults_of(
    mutants: Sequence[TriedMutant], listed: Sequence[Equivalent], functions: Functions
) -> Iterator[str]:
    """Say what the mutants show to be wrong with a suite, or with the list of equivalent ones.

    Args:
        mutants: all of an exercise.
        listed: those that the course says need not be caught.
        functions: mistake to the functions that works with it change; None for any.
    """
    for each in mutants:
        place = f"{each.mutant.function or 'the module'}, line {each.mutant.line}"
        if each.fate is Fate.SURVIVED:
            yield f"no test sees this: {each.mutant.words} ({place}, {each.mutant.operator})"
        for name in each.names:
            changed = functions.get(name)
            if changed is not None and each.mutant.function not in changed:
                others = ", ".join(sorted(changed))
                yield f"{name}, a mistake in {others}, is named for {each.mutant.words} ({place})"
    for entry in listed:
        if not any(entry.covers(each.mutant) for each in mutants if not each.tests):
            what = f"{entry.operator} in {entry.function or 'the module'}, {entry.now!r}"
            yield f"{FILE} lists what is no mutant, or what is caught: {what}"
