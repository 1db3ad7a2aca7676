"""What a run may do to the class that its output folder holds: replace it whole, or regrade some.

Nobody of the class gets lost: a run grades everybody whom the folder knows, or names those whom it
grades, and the others keep what they have.
"""

from __future__ import annotations

import difflib
import json
import shlex
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.errors import InfrastructureError, UsageError
from grader.files.output_folder import STUDENTS
from grader.results.page_names import former_page_name, page_names
from grader.results.students import ROSTER, StudentRecord
from grader.runs.kept_class import Circumstances, KeptClass
from grader.text.wording import plural, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from grader.courses import Course
    from grader.runs.engine import Plan
    from grader.runs.graded_students import Place
    from grader.runs.store import Store
    from grader.submissions import ClassWork, Submission

__all__ = ["Round", "chosen_students", "refuse_another_course", "whole_class"]

NAMED = 5  # of many students, these are named
WHOLE = "grade the whole class once, without --student"


@dataclass(frozen=True)
class Round:
    """Whom a run grades.

    Attributes:
        others: where the results of those in the class are who are not graded now.
        notes: who is not in the class any more.
        narrower: a sentence where the reports had more exercises before; empty otherwise.
    """

    submissions: Sequence[Submission]
    plan: Plan
    others: Mapping[str, Place] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    narrower: str = ""


def whole_class(work: ClassWork, plan: Plan, store: Store, output: Path) -> Round:
    """Grade everybody, if that is everybody whom the output folder knows.

    A student whose page somebody has deleted is let go, and named. Where all pages are somewhere
    else, with the folder that they were in, nobody has decided that.

    To be on the class's list takes no work's place: a hand-in that is one student's alone gives
    nobody else 0 points.

    Raises:
        UsageError: students would be lost; the message names them and says how to go on. Or the
            students may be none, or the folder holds another course.
    """
    if work.doubt:
        raise UsageError(work.doubt)
    found = work.submissions
    kept = KeptClass(store.database)
    refuse_another_course(plan.course, kept, output)
    known = kept.records() or _in_results(output)
    listed = {each.student for each in found if each.record.reader == ROSTER}
    here = {each.student for each in found} - listed
    gone = [each for each in known if each.id not in here and each.reader != ROSTER]
    missed = _missed(known, kept, output)
    lost = [each.told_apart for each in gone if each.id in missed]
    if lost:
        fate = "have 0 points" if listed.issuperset(each.id for each in gone) else "be removed"
        raise UsageError(
            f"{output} has {plural(len(lost), 'student')} who would {fate}, since their "
            f"work is not in this hand-in: {_some(lost)}. To regrade only some of that class, add "
            f"{_options(sorted(here))}; for another class, name another --output; if that is "
            f"meant, delete their pages in {output / STUDENTS} first"
        )
    left = [each.told_apart for each in gone if each.id not in listed]
    told = f"No longer in the class, as they had no page and no work here: {_some(left)}."
    notes = (told,) if left else ()
    plan = replace(plan, exercises=plan.exercises or plan.course.exercises)
    return Round(found, plan, notes=notes, narrower=_narrower(plan, kept))


def chosen_students(
    found: Sequence[Submission], names: Sequence[str], plan: Plan, store: Store, output: Path
) -> Round:
    """Grade some students; the others in the class keep what they have.

    Raises:
        UsageError: a student is not there, a name is that of several, a student would have 0 points
            who is on the class's list alone and had work, or the rest of the class can't be kept as
            it is, or was graded with another course.
    """
    chosen = {_named(name, found) for name in names}
    submissions = [each for each in found if each.student in chosen]
    kept = KeptClass(store.database)
    refuse_another_course(plan.course, kept, output)
    if not kept.students():
        if _in_results(output):
            raise UsageError(f"an earlier version wrote {output}; {WHOLE}")
        return Round(submissions, replace(plan, exercises=plan.exercises or plan.course.exercises))
    _require_work(submissions, kept, output)
    try:
        plan = _as_before(plan, kept.circumstances(), output)
        others = {each: kept.place(each) for each in kept.students() if each not in chosen}
    except InfrastructureError as error:
        raise UsageError(f"{output}: {error}; {WHOLE}") from error
    return Round(submissions, plan, others)


def _require_work(submissions: Sequence[Submission], kept: KeptClass, output: Path) -> None:
    """Refuse to give students 0 points for work that is in another hand-in.

    Raises:
        UsageError: of some nothing is in this one, and there was; the message names them.
    """
    listed = {each.student for each in submissions if each.record.reader == ROSTER}
    known = [each for each in kept.records() if each.id in listed and each.reader != ROSTER]
    missed = _missed(known, kept, output)
    if lost := [each.told_apart for each in known if each.id in missed]:
        raise UsageError(
            f"this hand-in has no work of {_some(lost)}, who would have 0 points: name the one "
            f"that has; if that is meant, delete their pages in {output / STUDENTS} first"
        )


def refuse_another_course(course: Course, kept: KeptClass, output: Path) -> None:
    """Refuse to replace a class's results in one course by those in another, or to compare them.

    Raises:
        UsageError: the class was graded in another course; the message names both.
    """
    try:
        before = kept.circumstances()
    except InfrastructureError:  # there was no run, or nobody knows of what
        return
    if not before.is_about(course):
        was = f"{before.course!r} ({before.folder})" if before.course else "other exercises"
        raise UsageError(
            f"{output} holds the reports of another course, {was}, and this one is "
            f"{course.title!r} ({course.folder}): name that course with --course, or another "
            "folder for the reports"
        )


def _named(name: str, found: Sequence[Submission]) -> str:
    """Return the id of the student whom a user names by it, or by the exact name.

    Raises:
        UsageError: there is no such student, or several have the name.
    """
    ids = [each.student for each in found if each.student == name]
    ids = ids or [each.student for each in found if each.record.name == name]
    if len(ids) > 1:
        several = _options(sorted(ids)).replace(" --student ", " or --student ")
        raise UsageError(f"{plural(len(ids), 'student')} are called {name!r}: add {several}")
    if not ids:
        raise UsageError(_no_such_student(name, [each.record for each in found]))
    return ids[0]


def _as_before(plan: Plan, before: Circumstances, output: Path) -> Plan:
    """Return the plan with the exercises of the class, and its title unless another is named."""
    exercises = tuple(map(plan.course.exercise_named, before.exercises))
    now = Circumstances(
        tuple(each.name for each in plan.exercises or exercises), plan.device, plan.isolation.value
    )
    for what, mine, theirs in zip(
        ("--exercise", "--device", "--sandbox"),
        (",".join(now.exercises), now.device, now.sandbox),
        (",".join(before.exercises), before.device, before.sandbox),
        strict=True,
    ):
        if mine != theirs:
            raise UsageError(
                f"the class in {output} was graded with {what} {theirs}, and this run is to use "
                f"{mine}: with --student, all of a class have the same"
            )
    return replace(plan, exercises=exercises, title=plan.title or before.title)


def _narrower(plan: Plan, kept: KeptClass) -> str:
    """Say that exercises leave the reports, and how they come back."""
    now = [each.name for each in plan.exercises]
    try:
        before = kept.circumstances().exercises
    except InfrastructureError:  # there was no run, or nobody knows of what
        return ""
    if set(before) <= set(now):
        return ""
    every = {each.name for each in plan.course.exercises} == set(before)
    how = "without --exercise" if every else f"with --exercise {','.join(before)}"
    return (
        f"The reports now hold {_some(now)} alone; before, they held "
        f"{plural(len(before), 'exercise')}. To get those back, run this command {how}: "
        "their results are kept."
    )


def _in_results(output: Path) -> list[StudentRecord]:
    """Return the students whose results the first version wrote; it kept no list of them."""
    try:
        record = json.loads((output / "results.json").read_text("utf-8"))
        return [StudentRecord(id=str(student["student"])) for student in record["students"]]
    except (OSError, ValueError, LookupError, TypeError):
        return []


def _missed(known: Sequence[StudentRecord], kept: KeptClass, output: Path) -> set[str]:
    """Return the students whose pages nobody has deleted."""
    if (output / STUDENTS).is_dir():
        return _with_a_page(known, output)
    return {each.id for each in known if kept.may_have_results(each.id)}


def _with_a_page(records: Sequence[StudentRecord], output: Path) -> set[str]:
    """Return the students whose page is there, under its name or that of an earlier version."""
    names = page_names(records)
    return {
        student
        for student, name in names.items()
        if any((output / STUDENTS / each).exists() for each in (name, former_page_name(student)))
    }


def _no_such_student(name: str, known: Sequence[StudentRecord]) -> str:
    called = {text: each.told_apart for each in known for text in (each.name, each.id) if text}
    matches = difflib.get_close_matches(name, called)
    close = " or ".join(dict.fromkeys(printable(called[text]) for text in matches))
    return f"there is no student {name!r} here; " + (
        f"did you mean {close}?" if close else f"there are {_some([e.told_apart for e in known])}"
    )


def _options(names: Sequence[str]) -> str:
    """Return what to add to the command line for some students."""
    few = [f"--student {shlex.quote(printable(name))}" for name in names]
    return " ".join(few) if len(few) <= NAMED else "--student NAME"


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(map(printable, names[:NAMED]))
    return shown if len(names) <= NAMED else f"{shown} and {len(names) - NAMED:,} more"
