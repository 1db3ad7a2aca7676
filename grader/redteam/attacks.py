"""The attacks as files: what each tries, and what it is expected to come to.

An attack's docstring ends with lines for this module::

    Expected: crashed, 7 points     the worst verdict of its tests, and what is honest in it; where
                                    moments decide, `crashed or wrong, up to 7 points`
    Harmless: yes                   also where no sandbox holds it back
    Unpromised: landlock            a sandbox that is not said to hold it back

It is added to right work for three functions, the course that the red team carries. One on another
course's suites may say of which exercise, and that it is all that is handed in::

    Exercise: rings
    Alone: yes
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.courses import load_course, resource
from grader.errors import InfrastructureError
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from grader.courses import Course, Exercise

__all__ = [
    "HOSTILE",
    "KINDS",
    "REFUSED",
    "Attack",
    "all_attacks",
    "honest_work",
    "read_attack",
]

HOSTILE = "hostile"  # files that are no code: an attack of this kind makes them
KINDS = ("forging", "reading", "breaking", "escaping", HOSTILE)
REFUSED = "refused"  # expected of an archive that can't be read at all
LINE = re.compile(r"^(Expected|Exercise|Alone|Harmless|Unpromised): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        course: the one that the exercise is of.
        what: what it tries, in a sentence.
        safe: what a safe grader does about it.
        verdicts: what the exercise is expected to come to: one of these.
        points: what it honestly earns; more than that is forged.
        alone: whether it is all that is handed in, and not added to right work.
        exact: whether it is to get no less, either.
        harmless: whether it does no harm where no sandbox holds it back.
        unpromised: the sandboxes that are not said to hold it back.
    """

    kind: str
    name: str
    file: Path
    what: str
    safe: str
    course: Course
    exercise: Exercise
    verdicts: tuple[str, ...]
    points: float
    alone: bool
    exact: bool
    harmless: bool
    unpromised: tuple[str, ...]

    @property
    def waits(self) -> bool:
        """Whether it is over only when it is stopped."""
        return Verdict.TIMED_OUT in self.verdicts

    @property
    def text(self) -> str:
        """Its code."""
        return self.file.read_text(encoding="utf-8")


def all_attacks() -> list[Attack]:
    """Return every attack that the package carries, by kind and name.

    Raises:
        InfrastructureError: a file does not say what to expect of it.
    """
    folder = resource("tests/redteam")
    course = load_course(folder / "course")
    return [
        read_attack(kind, file, course)
        for kind in KINDS
        for file in sorted((folder / kind).glob("*.py"))
    ]


def honest_work(course: Course, exercise: Exercise) -> str:
    """Return right work for an exercise, to which an attack is added."""
    return course.solution_of(exercise).read_text(encoding="utf-8")


def read_attack(kind: str, file: Path, course: Course) -> Attack:
    """Read what an attack's docstring says.

    Raises:
        InfrastructureError: it does not say what to expect.
    """
    doc = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    said = dict(LINE.findall(doc))
    verdicts, _, points = said.get("Expected", "").partition(", ")
    if not verdicts:
        raise InfrastructureError(f"{file} does not say what is `Expected:` of it")
    paragraphs = [" ".join(part.split()) for part in LINE.sub("", doc).split("\n\n")]
    return Attack(
        kind=kind,
        name=file.stem.replace("_", " "),
        file=file,
        what=paragraphs[0],
        safe=" ".join(paragraphs[1:]).strip(),
        course=course,
        exercise=course.exercise_named(said.get("Exercise", course.exercises[0].name)),
        verdicts=tuple(verdicts.split(" or ")),
        points=float(points.removeprefix("up to ").split()[0]) if points else 0.0,
        alone=said.get("Alone") == "yes",
        exact=not points.startswith("up to "),
        harmless=said.get("Harmless") == "yes",
        unpromised=tuple(filter(None, said.get("Unpromised", "").split(" and "))),
    )
