"""What a suite is tried with: the stub, the solution, right and wrong works, junk, mutants."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from grader.authoring import (
    handed_in,
    make_cells_notebook,
    make_stub,
    solved,
    sources_of,
)
from grader.authoring.files import stubs_of_several
from grader.courses import works_of
from grader.courses.declared.strict import read_text
from grader.proving.mutants import Mutant, mutants_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.courses import Course, Exercise, Work

__all__ = ["JUNK", "Case", "Kind", "cases_of", "solution_case"]

JUNK = {
    "none": "None",
    "list": "[1.0, 2.0]",
    "numpy-array": "__import__('numpy').zeros((2, 3))",
    "wrong-shape": "torch.full((7, 1, 2), 0.3)",
    "wrong-dtype": "torch.ones(2, 3, dtype=torch.int64)",
    "nan": "torch.tensor(float('nan'))",
    "str": "'done'",
    "dict": "{'0.weight': None, 'output': 'done'}",
}


class Kind(StrEnum):
    """What a case is, and so what it must get."""

    STUB = "stub"
    SOLUTION = "solution"
    RIGHT = "right work"
    WRONG = "wrong work"
    JUNK = "junk"
    MUTANT = "mutant"


@dataclass(frozen=True)
class Case:
    """What somebody might hand in for an exercise.

    Attributes:
        name: what it is called among those of its kind.
        files: name to text, as they are handed in.
        beside: the solutions of exercises that it builds on, likewise.
        work: what it must get, where it is a work of the course's.
        mutant: what was changed, where it is a mutant.
    """

    exercise: Exercise
    kind: Kind
    name: str
    files: dict[str, str]
    beside: dict[str, str] = field(default_factory=dict)
    work: Work | None = None
    mutant: Mutant | None = None


def cases_of(course: Course, exercise: Exercise) -> list[Case]:
    """Return all that a suite is tried with, the solution first.

    Raises:
        GraderError: the solution, a work or a marker of a region is missing or broken; the message
            names the file.
    """
    solution = solution_case(course, exercise)
    works = works_of(course, exercise)
    every = [
        solution,
        Case(exercise, Kind.STUB, "", _stub(course, exercise)),
        *(
            Case(
                exercise,
                Kind.RIGHT if work.is_right else Kind.WRONG,
                work.name,
                handed_in(course, work),
                work=work,
            )
            for work in works
        ),
        *_junk(exercise, solution.files),
        *_mutants(course, exercise),
    ]
    return [replace(case, beside=solution.beside) for case in every]


def solution_case(course: Course, exercise: Exercise) -> Case:
    """Return the solution alone; raises as `cases_of` does."""
    earlier = [solved(course, each) for each in exercise.all_used]
    beside = {name: text for files in earlier for name, text in files.items()}
    return Case(exercise, Kind.SOLUTION, "", solved(course, exercise), beside)


def _stub(course: Course, exercise: Exercise) -> dict[str, str]:
    """Return what students begin with, as it is made of the solution."""
    if exercise.files:
        stubs = stubs_of_several(exercise).items()
        return {name: text.decode() for name, text in stubs if name.endswith(".py")}
    source = read_text(course.solution_of(exercise))
    if not exercise.cells:
        return {f"{exercise.name}.py": make_stub(source, exercise.name)}
    import nbformat

    return {f"{exercise.name}.ipynb": nbformat.writes(make_cells_notebook(source, exercise.name))}


def _junk(exercise: Exercise, solution: dict[str, str]) -> Iterator[Case]:
    """Give the solution with each function in turn, and each kind of junk that it then returns."""
    if exercise.cells:
        return
    for file, text in solution.items():
        functions = [n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)]
        for function in functions:
            for kind, junk in JUNK.items():
                added = f"\n\nimport torch\n\n\ndef {function}(*args):\n    return {junk}\n"
                yield Case(
                    exercise, Kind.JUNK, f"{function}-{kind}", {**solution, file: text + added}
                )


def _mutants(course: Course, exercise: Exercise) -> Iterator[Case]:
    """Give the mutants of a solution; a notebook, which trains for real, has its works alone."""
    if exercise.cells:
        return
    for name, source in sources_of(course, exercise).items():
        for mutant in mutants_of(source, exercise.name):
            files = solved(course, exercise, {name: mutant.source})
            yield Case(exercise, Kind.MUTANT, mutant.operator, files, mutant=mutant)
