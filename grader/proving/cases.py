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
from grader.courses.files import declared_in, root_of
from grader.proving.mutants import Mutant, mutants_of
from grader.proving.printed import differs_in_prints_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

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
    WITHOUT_IDS = "wrong work without ids"
    JUNK = "junk"
    MUTANT = "mutant"


@dataclass(frozen=True)
class Case:
    """What somebody might hand in for an exercise.

    Attributes:
        name: what it is called among those of its kind.
        files: name to text, as they are handed in.
        declared: files of other kinds that are handed in with them, by name.
        beside: the solutions of exercises that it builds on, likewise.
        work: what it must get, where it is a work of the course's.
        mutant: what was changed, where it is a mutant.
    """

    exercise: Exercise
    kind: Kind
    name: str
    files: dict[str, str]
    beside: dict[str, str] = field(default_factory=dict)
    declared: dict[str, Path] = field(default_factory=dict)
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
                declared=_declared(exercise, work.overlay),
                work=work,
            )
            for work in works
        ),
        *_without_ids(course, exercise, works),
        *_junk(exercise, solution.files),
        *_mutants(course, exercise),
    ]
    return [_with_all(case, solution) for case in every]


def solution_case(course: Course, exercise: Exercise) -> Case:
    """Return the solution alone; raises as `cases_of` does."""
    earlier = [solved(course, each) for each in exercise.all_used]
    beside = {name: text for files in earlier for name, text in files.items()}
    parts = (*exercise.all_used, exercise)
    declared = {name: file for each in parts for name, file in _declared(each).items()}
    return Case(exercise, Kind.SOLUTION, "", solved(course, exercise), beside, declared)


def _with_all(case: Case, solution: Case) -> Case:
    """Return a case with what is handed in beside it; students begin without such files."""
    declared = {} if case.kind is Kind.STUB else solution.declared | case.declared
    return replace(case, beside=solution.beside, declared=declared)


def _declared(exercise: Exercise, overlay: Path | None = None) -> dict[str, Path]:
    """Return the files besides modules that an exercise declares, as its course or a work has."""
    found: dict[str, Path] = {}
    for pattern in exercise.files:
        found |= declared_in(overlay or root_of(exercise.folder, pattern), [pattern])
    return {name: file for name, file in found.items() if file.suffix != ".py"}


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


def _without_ids(course: Course, exercise: Exercise, works: Iterable[Work]) -> Iterator[Case]:
    """Give the wrong works of a notebook as classrooms hand them in: no cell has an id."""
    if not exercise.cells:
        return
    import nbformat

    for work in works:
        if work.is_right:
            continue
        files = handed_in(course, work)
        for name, text in files.items():
            notebook = nbformat.reads(text, nbformat.NO_CONVERT)
            for cell in notebook.cells:
                cell.metadata.pop("nbgrader", None)
            files[name] = nbformat.writes(notebook, nbformat.NO_CONVERT)
        yield Case(exercise, Kind.WITHOUT_IDS, work.name, files, work=work)


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
    """Give the mutants of a solution.

    A notebook trains for real, with each of them: of each operator it has the first in each cell,
    without those that change what is printed alone.
    """
    for name, source in sources_of(course, exercise).items():
        mutants = mutants_of(source, exercise.name)
        if exercise.cells:
            seen = [each for each in mutants if not differs_in_prints_alone(source, each.source)]
            first = {(each.operator, each.function): each for each in reversed(seen)}
            mutants = list(reversed(first.values()))
        for mutant in mutants:
            files = solved(course, exercise, {name: mutant.source})
            yield Case(exercise, Kind.MUTANT, mutant.operator, files, mutant=mutant)
