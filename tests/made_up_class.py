"""Make up the results of a class of any size, as a real lab would give them.

Exercises, tests, points and mistakes are the lab's own; students differ in ability, tests in
difficulty, and a few students hand in nothing, or what can't be read. Results are made one at a
time, so that a class of 10,000 takes no memory.
"""

from __future__ import annotations

import ast
import math
import random
import re
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from the_lab import EXERCISES, LAB

from grader.courses import Exercise, resource, works_of
from grader.results.message import Message
from grader.results.students import StudentRecord
from grader.results.verdicts import (
    ExerciseResult,
    SourceCode,
    StudentResult,
    TestResult,
    Verdict,
    worst,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pytest

__all__ = ["cut_after", "made_up_class", "made_up_student"]

GIVEN = (
    "Ana", "Ben", "Chiara", "Dmytro", "Elif", "Farid", "Grace", "Hana", "Ines", "Jürgen", "Kofi",
    "Lê", "Mehwish", "Noor", "Oluwaseun", "Paweł", "Quentin", "Rania", "Søren", "Thảo", "Uma",
    "Víctor", "Wanjiru", "Xīn", "Yusuf", "Zoë", "محمد", "לאה", "美咲", "Ольга",
)  # fmt: skip
FAMILY = (
    "Abebe", "Bianchi", "Chen", "Dąbrowska", "Eriksen", "Fernández", "García", "Horvat", "Ito",
    "Jansen", "Kowalski", "Lévy", "Müller-Lüdenscheidt", "Nguyễn", "Okafor", "Petrov", "Quispe",
    "Rossi", "Schmidt", "Tanaka", "Ueda", "van den Berg", "Wiśniewska", "Xu", "Yılmaz", "Zhang",
    "الأمين", "כהן", "佐藤", "Иванова",
)  # fmt: skip
NOTHING, UNREAD, LEFT = 0.03, 0.01, 0.06  # shares of students and of exercises
LATE, OTHERS, LONG = 0.1, 0.08, 0.05
SECTIONS = ("Monday 10:15", "Monday 14:15", "Thursday")
TAKEN = "ex06_manual_update.py and ex06_manual_update (1).py were both handed in; the newer counts."
CRASH, SLOW = 0.12, 0.03  # shares of what was tried and failed


def cut_after(rows: int, patch: pytest.MonkeyPatch) -> None:
    """Cut lists after a few rows, so that a small class has all the pages of a large one."""
    from grader.reports.classes import class_page, class_remarks, rolls

    for module in (class_page, class_remarks, rolls):
        patch.setattr(module, "ROWS", rows)


@dataclass(frozen=True)
class _Test:
    name: str
    title: str
    points: float
    difficulty: float


def made_up_class(
    size: int, exercises: Sequence[Exercise] = EXERCISES, seed: int = 1
) -> Iterator[StudentResult]:
    """Give the students of a class in order of name, the same ones for the same seed."""
    for number in range(size):
        yield made_up_student(number, exercises, seed)


def made_up_student(
    number: int, exercises: Sequence[Exercise] = EXERCISES, seed: int = 1
) -> StudentResult:
    """Return one student of a made-up class."""
    chance = random.Random(f"{seed} {number}")
    ability = chance.gauss(0.9, 1.2)
    absent = chance.random() < NOTHING
    results = tuple(_exercise(each, ability, chance, absent=absent) for each in exercises)
    return StudentResult(
        record=_record(number, chance),
        has_files=not absent,
        score=sum(each.score for each in results),
        max_score=sum(each.max_score for each in results),
        exercises=results,
    )


def _record(number: int, chance: random.Random) -> StudentRecord:
    """Return who a student is: a few came late, sent other files as well, or have a long name."""
    name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
    if chance.random() < LONG:
        name += f" {' '.join(chance.sample(FAMILY, 5))}"
    late = chance.random() < LATE
    files = ("losses_final.py", "notes.txt") if chance.random() < OTHERS else ()
    return StudentRecord(
        id=f"s{number:05}",
        name="Jane Smith" if number in {3, 4} else name,
        section=SECTIONS[number % len(SECTIONS)],
        late=late,
        submitted_at=f"2026-11-{28 if late else 27}T{chance.randrange(10, 24)}:58:00+01:00",
        unclaimed=files,
        notes=(TAKEN,) if chance.random() < OTHERS else (),
    )


def _exercise(
    exercise: Exercise, ability: float, chance: random.Random, *, absent: bool
) -> ExerciseResult:
    fate = _fate(chance, absent=absent)
    tests = tuple(_result(test, fate, exercise, ability, chance) for test in _tests(exercise))
    text = "" if fate is Verdict.MISSING else _written(exercise, chance)
    return ExerciseResult(
        exercise=exercise.name,
        verdict=worst(test.verdict for test in tests),
        score=sum(test.score for test in tests),
        max_score=sum(test.max_score for test in tests),
        source=None if fate is Verdict.MISSING else exercise.file_names[0],
        seconds=chance.uniform(0.2, 2.0),
        tests=tests,
        code=SourceCode(text=text) if text else None,
    )


def _fate(chance: random.Random, *, absent: bool) -> Verdict | None:
    """Return what befalls a whole exercise, if anything does."""
    dice = chance.random()
    if absent or dice < LEFT / 2:
        return Verdict.MISSING
    if dice < LEFT:
        return Verdict.NOT_STARTED
    return Verdict.UNREADABLE if dice < LEFT + UNREAD else None


def _result(
    test: _Test,
    fate: Verdict | None,
    exercise: Exercise,
    ability: float,
    chance: random.Random,
) -> TestResult:
    passed = chance.random() < 1 / (1 + math.exp(test.difficulty - ability))
    verdict = fate or (Verdict.PASSED if passed else _failure(chance))
    slugs = _mistakes(exercise)
    mistake, known_by = None, ""
    if verdict is Verdict.WRONG and slugs and chance.random() < 0.7:
        # some mistakes are made by many, most by few
        mistake = slugs[int(len(slugs) * chance.random() ** 3)]
    elif verdict is Verdict.WRONG:  # some answers are shared, as mistakes are
        known_by = f"{zlib.crc32(test.name.encode()):08x}{int(50 * chance.random() ** 3):08x}"
    return TestResult(
        name=test.name,
        title=test.title,
        public=False,
        verdict=verdict,
        score=test.points if verdict is Verdict.PASSED else 0.0,
        max_score=test.points,
        message=Message()
        if verdict is Verdict.PASSED
        else Message(f"returned what is not right.\n{test.title}", _call(exercise)),
        mistake=mistake,
        fingerprint=known_by,
    )


def _failure(chance: random.Random) -> Verdict:
    dice = chance.random()
    if dice < SLOW:
        return Verdict.TIMED_OUT
    return Verdict.CRASHED if dice < SLOW + CRASH else Verdict.WRONG


def _written(exercise: Exercise, chance: random.Random) -> str:
    """Return what a student wrote: the solution, not quite as others did."""
    return _solution(exercise).replace(
        "    return ", f"    # try {chance.randrange(10)}\n    return "
    )


@cache
def _call(exercise: Exercise) -> str:
    """Return a call of the first function of an exercise."""
    found = re.search(r"^def (\w+)", _solution(exercise), re.MULTILINE)
    return f"`{found[1]}()`" if found else ""


@cache
def _solution(exercise: Exercise) -> str:
    file = resource("solutions") / exercise.file_names[0]
    return file.read_text(encoding="utf-8") if file.suffix == ".py" else "model = None\n" * 150


@cache
def _mistakes(exercise: Exercise) -> tuple[str, ...]:
    """Return the mistakes that can be named in an exercise."""
    return tuple(sorted({work.mistake for work in works_of(LAB, exercise) if work.mistake}))


@cache
def _tests(exercise: Exercise) -> tuple[_Test, ...]:
    """Read an exercise's hidden tests: names, sentences and points."""
    tree = ast.parse(exercise.hidden_suite.read_text(encoding="utf-8"))
    functions = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    chance = random.Random(exercise.name)
    return tuple(
        _Test(
            name=function.name,
            title=(ast.get_docstring(function) or function.name).splitlines()[0],
            points=_points(function),
            difficulty=chance.gauss(-0.8, 1.0),
        )
        for function in functions
    )


def _points(function: ast.FunctionDef) -> float:
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(
                func=ast.Name(id="points"), args=[ast.Constant(value=int() | float() as value)]
            ):
                return float(value)
    return 1.0
