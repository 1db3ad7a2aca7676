"""`accepted.toml`: what a proof may find in a course's suites, each with the reason.

    [constants.hw1]
    gradient-of-zeros = "Whoever clears it too late has zeros, whatever the data are."

    [[hw1]]
    operator = "dim-changed"
    function = "scores"
    now = "return x.softmax(dim=-1)"
    reason = "x has two dimensions, so the last one is dimension 1."

Under `constants`, `ranges`, `shorter-attempts` and `broader-repairs` are the mistakes of an
exercise for which a rule of `rules.py` is left aside. A mutant without `named` computes what the
solution does, or what the task leaves open. With it, it is caught, and may get the name of that
mistake, which works have in another function, or beside another name. It is found by operator,
function and text, so it holds wherever in the file the line moves to. An entry that is not so, or
no longer, is found.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from grader.courses.declared.strict import StrictFile, meant, read_text
from grader.proving.operators.table import OPERATORS
from grader.proving.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.courses import Course, Exercise
    from grader.courses.declared.strict import Place
    from grader.proving.mutants import Mutant

__all__ = ["FILE", "Accepted", "Listed", "accepted_of", "entry_for"]

FILE = "accepted.toml"
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]

EXPECTED = {
    "operator": "the name of an operator, such as `dim-changed`",
    "function": "the function or method that is changed, empty for none",
    "named": "the mistake that may be named for it",
    "was": "the lines that differ, as the solution has them, without blanks around",
    "now": "the lines that differ, as the mutant has them, without blanks around",
    "reason": "why no test can or need see it, or why the name is right, in a sentence",
}


class Listed(msgspec.Struct, frozen=True):
    """Mutants that a course says something of.

    Attributes:
        operator: which operator makes them.
        function: in which function.
        now: what they have in the place of the solution's lines; empty where these are left out.
        was: the solution's lines; empty for any.
        reason: why they need not be caught, or may be named so.
        named: the mistake that may be named for them; nothing where they need not be caught.
    """

    operator: str
    reason: Words
    function: str = ""
    was: str = ""
    now: str = ""
    named: str = ""

    def covers(self, mutant: Mutant) -> bool:
        """Whether a mutant is one of them."""
        own = self.operator, self.function, self.now.strip()
        is_here = not self.was or self.was.strip() == mutant.was
        return is_here and own == (mutant.operator, mutant.function, mutant.now)


@dataclass(frozen=True)
class Accepted:
    """What may be found in an exercise.

    Attributes:
        mutants: those that the course says something of.
        rules: rule to the mistakes for which it is left aside, each with the reason.
    """

    mutants: Sequence[Listed] = ()
    rules: Mapping[Rule, Mapping[str, str]] = field(default_factory=dict)


def accepted_of(course: Course, exercise: Exercise) -> Accepted:
    """Return what a course accepts in an exercise.

    Raises:
        UsageError: its list can't be read; the message names file and line.
    """
    path = course.folder / FILE
    try:
        file = StrictFile(path, read_text(path))
    except (FileNotFoundError, NotADirectoryError):
        return Accepted()
    table = file.parse()
    names = [each.name for each in course.exercises]
    rules = {rule: _mistakes(file, rule, table.pop(rule, {}), names) for rule in Rule}
    for name, entries in table.items():
        _require_exercise(file, (name,), names)
        _check(file, name, entries)
    mutants = [msgspec.convert(entry, Listed) for entry in table.get(exercise.name, [])]
    return Accepted(mutants, {rule: each.get(exercise.name, {}) for rule, each in rules.items()})


def entry_for(exercise: Exercise, mutant: Mutant) -> str:
    """Return the entry with which a course accepts a mutant, but for the reason: TOML."""
    lines = {"now": mutant.now} if mutant.now else {"was": mutant.was}
    words = {"operator": mutant.operator, "function": mutant.function, **lines, "reason": "..."}
    # what JSON writes as a text is one in TOML, too
    pairs = (f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in words.items())
    return "\n".join([f"[[{exercise.name}]]", *pairs])


def _mistakes(
    file: StrictFile, rule: Rule, table: object, names: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Return the mistakes of each exercise for which a rule is left aside."""
    try:
        found = msgspec.convert(table, dict[str, dict[str, Words]])
    except msgspec.ValidationError as error:
        words = f"`[{rule}.EXERCISE]` holds the names of mistakes, each with a reason"
        raise file.error((rule,), words) from error
    for name in found:
        _require_exercise(file, (rule, name), names)
    return found


def _require_exercise(file: StrictFile, place: Place, names: Sequence[str]) -> None:
    name = str(place[-1])
    if name not in names:
        raise file.error(place, f"there is no exercise {name!r}; {meant(name, names)}")


def _check(file: StrictFile, name: str, entries: Any) -> None:
    if not isinstance(entries, list):
        raise file.error((name,), f"write a table `[[{name}]]` for each mutant")
    for number, entry in enumerate(entries):
        place = (name, number)
        file.check(entry, Listed, place, EXPECTED, "the mutant")
        if not entry.get("was") and not entry.get("now"):
            raise file.error(place, "the mutant has neither 'now' nor 'was'")
        if entry["operator"] not in OPERATORS:
            other = meant(entry["operator"], OPERATORS)
            words = f"there is no operator {entry['operator']!r}; {other}"
            raise file.error((*place, "operator"), words)
