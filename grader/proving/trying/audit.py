"""What a suite compares answers with: whether a right and each mistaken answer can be told apart.

An alternative is a function of its case. One that stays the same where the right answer changes is
a constant: whoever is wrong in another way may give it by chance, and would get its name.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from grader.answers.difference import difference
from grader.expecting.watching import Compared, watched
from grader.proving.rules import Breach, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.answers.tolerances import Tolerance

__all__ = ["Audit"]


@dataclass(frozen=True)
class _Reference:
    """The answers that one call was compared with."""

    right: object
    wrongs: dict[str, object]
    tolerance: Tolerance | None


@dataclass
class Audit:
    """What expectations have compared answers with, in one or more runs of the solution.

    Attributes:
        coinciding: pairs of answers that a suite's data can't tell apart, in words.
    """

    coinciding: list[str] = field(default_factory=list)
    _seen: dict[tuple[str, int], list[list[_Reference]]] = field(default_factory=dict)
    _heard: list[tuple[Sequence[str], list[_Reference]]] = field(default_factory=list)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear what is compared meanwhile."""

        def see(compared: Compared) -> None:
            self._heard.append((compared.calls, list(_references(compared))))

        with watched(see):
            yield

    def keep(self, test: str) -> None:
        """Look at what was heard: it was one test's.

        Of a second run of it, with other data, only what stays the same is of interest.
        """
        heard, self._heard = self._heard, []
        for number, (calls, references) in enumerate(heard):
            runs = self._seen.setdefault((test, number), [])
            if not runs:
                for call, reference in zip(calls, references, strict=True):
                    self._compare(test, call, reference)
            runs.append(references)

    def _compare(self, test: str, call: str, reference: _Reference) -> None:
        answers = [("the right answer", reference.right), *reference.wrongs.items()]
        for (one, first), (other, second) in combinations(answers, 2):
            if not difference(first, second, reference.tolerance):
                words = f"{test}: {one} and {other} give the same for {call}"
                if words not in self.coinciding:
                    self.coinciding.append(words)

    @property
    def constants(self) -> list[Breach]:
        """Alternatives that stay the same where the right answer changes."""
        found = {
            (test, slug): f"{test}: {slug} gives the same for every case"
            for (test, _), runs in self._seen.items()
            for slug in _constants([reference for references in runs for reference in references])
        }
        return [Breach(Rule.CONSTANT, slug, words) for (_, slug), words in found.items()]


def _references(compared: Compared) -> Iterator[_Reference]:
    """Give the answers of each call; one that gives a part of a dict only is put into the whole."""
    for place, right in enumerate(compared.rights):
        wrongs = {slug: ways[place]() for slug, ways in compared.alternatives.items()}
        whole = {slug: _whole(right, wrong) for slug, wrong in wrongs.items()}
        yield _Reference(right, whole, compared.tolerance)


def _whole(right: Any, wrong: Any) -> object:
    """Return what an alternative gives, which may be the part of a dict that it changes alone."""
    is_part = isinstance(right, dict) and isinstance(wrong, dict) and wrong.keys() < right.keys()
    if is_part and any(difference(value, right[key]) for key, value in wrong.items()):
        return {**right, **wrong}
    return wrong  # where it changes nothing that it gives, it means that the others are not there


def _constants(cases: list[_Reference]) -> list[str]:
    """Return which alternatives are the same in all cases of an expectation."""
    everywhere = [s for s in cases[0].wrongs if all(s in case.wrongs for case in cases)]
    return [slug for slug in everywhere if _is_constant(slug, cases)]


def _is_constant(slug: str, cases: list[_Reference]) -> bool:
    """Whether an alternative is the same in all cases, and the right answer is not."""
    first, *others = cases
    changing = [case for case in others if difference(case.right, first.right, first.tolerance)]
    return (
        bool(changing)
        and _has_numbers(first.wrongs[slug])
        and not any(
            difference(case.wrongs[slug], first.wrongs[slug], first.tolerance) for case in changing
        )
    )


def _has_numbers(value: Any) -> bool:
    """Whether a value measures anything: None for a gradient that is not there does not."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return any(map(_has_numbers, value))
    return value is not None and not isinstance(value, bool | str | bytes)
