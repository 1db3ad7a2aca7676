"""`mutants.toml`: what a course's suites need not catch, or may name otherwise, with the reason.

    [[hw1]]
    operator = "dim-changed"
    function = "scores"
    now = "return x.softmax(dim=-1)"
    reason = "x has two dimensions, so the last one is dimension 1."

Without `named` it computes what the solution does. With it, it is caught, and may get the name of
that mistake, which works have in another function. It is found by operator, function and text, so
it holds wherever in the file the line moves to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from grader.courses.strict import StrictFile, meant, read_text
from grader.proving.operators.table import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.courses import Course, Exercise
    from grader.proving.mutants import Mutant

__all__ = ["FILE", "Listed", "listed_of"]

FILE = "mutants.toml"
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]

EXPECTED = {
    "operator": "the name of an operator, such as `dim-changed`",
    "function": "the function or method that is changed, empty for none",
    "named": "the mistake that may be named for it",
    "now": "the lines that differ, as the mutant has them, without blanks around",
    "reason": "why no test can or need see it, or why the name is right, in a sentence",
}


class Listed(msgspec.Struct, frozen=True):
    """Mutants that a course says something of.

    Attributes:
        operator: which operator makes them.
        function: in which function.
        now: what they have in the place of the solution's lines.
        reason: why they need not be caught, or may be named so.
        named: the mistake that may be named for them; nothing where they need not be caught.
    """

    operator: str
    now: Words
    reason: Words
    function: str = ""
    named: str = ""

    def covers(self, mutant: Mutant) -> bool:
        """Whether a mutant is one of them."""
        return (self.operator, self.function, self.now.strip()) == (
            mutant.operator,
            mutant.function,
            mutant.now,
        )


def listed_of(course: Course, exercise: Exercise) -> Sequence[Listed]:
    """Return what a course lists for an exercise.

    Raises:
        UsageError: the list can't be read; the message names file and line.
    """
    path = course.folder / FILE
    try:
        file = StrictFile(path, read_text(path))
    except (FileNotFoundError, NotADirectoryError):
        return []
    table = file.parse()
    names = [each.name for each in course.exercises]
    for name, entries in table.items():
        if name not in names:
            raise file.error((name,), f"there is no exercise {name!r}; {meant(name, names)}")
        _check(file, name, entries)
    return [msgspec.convert(entry, Listed) for entry in table.get(exercise.name, [])]


def _check(file: StrictFile, name: str, entries: Any) -> None:
    if not isinstance(entries, list):
        raise file.error((name,), f"write a table `[[{name}]]` for each mutant")
    for number, entry in enumerate(entries):
        place = (name, number)
        file.check(entry, Listed, place, EXPECTED, "the mutant")
        if entry["operator"] not in OPERATORS:
            words = f"there is no operator {entry['operator']!r}"
            raise file.error(
                (*place, "operator"), f"{words}; {meant(entry['operator'], OPERATORS)}"
            )
