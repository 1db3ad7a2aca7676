"""What becomes of mutants, and what it says of a suite: holes, catches, names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from grader.courses.declared.table import general_mistakes
from grader.proving.accepted import FILE
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.proving.accepted import Listed
    from grader.proving.mutants import Mutant
    from grader.proving.trying.graded import Graded

__all__ = ["Fate", "TriedMutant", "faults_of", "tried"]

Functions = Mapping[str, set[str] | None]


class Fate(StrEnum):
    """What becomes of a mutant."""

    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    CAUGHT = "caught"
    NAMED = "caught and named"


UNSEEN = {Fate.SURVIVED, Fate.EQUIVALENT}


@dataclass(frozen=True)
class TriedMutant:
    """A mutant, and what became of it.

    Attributes:
        tests: the hidden tests that fail.
        names: the mistakes that are named, by hidden tests and public checks.
        reason: why it need not be caught, where it is not.
    """

    mutant: Mutant
    fate: Fate
    tests: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    reason: str = ""


def tried(mutant: Mutant, graded: Graded, listed: Sequence[Listed]) -> TriedMutant:
    """Say what became of a mutant; one that ended the process has been caught by that."""
    tests = tuple(n for n, each in graded.hidden.items() if each.verdict is not Verdict.PASSED)
    names = tuple(sorted(graded.names))
    if tests or not graded.results:
        return TriedMutant(mutant, Fate.NAMED if names else Fate.CAUGHT, tests, names)
    covering = (each for each in listed if each.covers(mutant) and not each.named)
    reason = next((each.reason for each in covering), "")
    fate = Fate.EQUIVALENT if reason else Fate.SURVIVED
    return TriedMutant(mutant, fate, names=names, reason=reason)


def faults_of(
    mutants: Sequence[TriedMutant], listed: Sequence[Listed], functions: Functions
) -> Iterator[str]:
    """Say what the mutants show to be wrong with a suite, or with the list of equivalent ones.

    Args:
        mutants: all of an exercise.
        listed: what the course says of some.
        functions: mistake to the functions that works with it change; None for any.
    """
    for each in mutants:
        place = f"{each.mutant.function or 'the module'}, line {each.mutant.line}"
        if each.fate is Fate.SURVIVED:
            yield f"no test sees this: {each.mutant.words} ({place}, {each.mutant.operator})"
        yield from _false_names(each, listed, functions, place)
    for entry in listed:
        if not any(_is_so(entry, each) for each in mutants):
            named = f", named {entry.named}" if entry.named else ""
            what = f"{entry.operator} in {entry.function or 'the module'}, {entry.now!r}{named}"
            yield f"{FILE} lists what is not so: {what}"


def _false_names(
    each: TriedMutant, listed: Sequence[Listed], functions: Functions, place: str
) -> Iterator[str]:
    """Say which names of a mutant are another mistake's, or one too many, or of what is right."""
    allowed = {entry.named for entry in listed if entry.covers(each.mutant)}
    names = sorted({*each.names} - allowed)
    if each.fate in UNSEEN:
        for name in names:
            yield f"{name} is named where no hidden test sees {each.mutant.words} ({place})"
        return
    own = [name for name in names if name not in general_mistakes()]
    for name in own:
        changed = functions.get(name)
        if changed is not None and each.mutant.function not in changed:
            others = ", ".join(sorted(changed))
            yield f"{name}, a mistake in {others}, is named for {each.mutant.words} ({place})"
    if len(own) > 1:
        yield f"{' and '.join(own)} are both named for {each.mutant.words} ({place})"


def _is_so(entry: Listed, each: TriedMutant) -> bool:
    """Whether a mutant is what the course says of it."""
    is_seen = entry.named in each.names if entry.named else each.fate is Fate.EQUIVALENT
    return entry.covers(each.mutant) and is_seen
