"""The run that is going on: what everybody has is noted, compared with the run before, and kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from msgspec.structs import replace as changed

from grader.results.changes import UNKNOWN
from grader.runs.history.comparing import (
    Before,
    Differ,
    RunDiff,
    compare_with_earlier,
    deducted,
    pieces,
)
from grader.runs.history.kept_runs import Had, KeptRuns, RunRecord
from grader.runs.history.marks import Mark
from grader.runs.history.only_gains import costs_by_time, earlier_hand_in, held_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.results.changes import Change, Under
    from grader.results.verdicts import StudentResult
    from grader.runs.graded_students import GradedStudents, Place
    from grader.runs.history.comparing import Piece
    from grader.runs.history.keeping import Keeping
    from grader.runs.store import Store

__all__ = ["Ledger"]

DECIMALS = 6  # of a sum: the rest is the machine's
BATCH = 200  # students whose marks are written at a time


class Ledger:
    """What everybody has in the run that is going on.

    Args:
        run: as it will be kept, yet without its students.
    """

    def __init__(self, store: Store, run: RunRecord, keeping: Keeping) -> None:
        self._store = store
        self._runs = KeptRuns(store.database)
        self._keeping = keeping
        self._latest = self._runs.before()
        self._before = self._last_written()
        self._run = changed(
            run,
            number=self._runs.next_number(),
            source=keeping.source,
            restored=keeping.restored,
            since=self._before.number if self._before and not self._is_latest(self._before) else 0,
        )
        self._keys: dict[str, str] = {}
        self._pending: dict[str, tuple[Place, StudentResult, tuple[Under, ...]]] = {}

    def note(
        self, place: Place, result: StudentResult, under: Mapping[str, Under] | None = None
    ) -> None:
        """Note what a student has; `under` is what each exercise was graded under, unless now."""
        known = self._run.under if under is None else under
        unders = tuple(known.get(each.exercise, UNKNOWN) for each in result.exercises)
        self._pending[place.record.id] = place, result, unders
        if len(self._pending) >= BATCH:
            self._write()

    def note_kept(
        self, done: GradedStudents, students: Iterable[str], run: RunRecord | None = None
    ) -> None:
        """Note what students have from an earlier run; from the newest unless another is named."""
        run = run or self._latest
        for student in students:
            key = run.students.get(student) if run else None
            then = self._runs.had(key) if key else None
            known = pieces(run, then) if run and then else {}
            self.note(done.places[student], done.read(student), self._unders(known))

    def close(self, done: GradedStudents, *, is_whole: bool) -> RunDiff | None:
        """Hold back what is to be held back, keep the run, and return what changed.

        That is since the last run whose reports were written: what one changed that was killed
        before was never told. A run in which everything is as before is no new run: what changed is
        what had changed then. Nothing is returned for the first run, and for one that was stopped,
        which is not kept.
        """
        self._write()
        held = self._hold_back(done) if self._keeping.only_gains else ()
        self._write()
        if not is_whole:
            return None
        before, latest = self._before, self._latest
        run = changed(self._run, students=dict(sorted(self._keys.items())), held=len(held))
        if latest is not None and run.is_like(latest):
            is_old = self._is_latest(before)
            then = self._runs.compared_with(latest) if is_old else before
            diff = self._compared(then, latest, held)
            if diff is None and held:  # nobody has anything else than in the first run
                diff = RunDiff(latest, latest, len(latest.students), held=held)
            return replace(diff, is_old=is_old) if diff else None
        diff = self._compared(before, run, held)
        if diff is not None:
            run = changed(
                run,
                lost=diff.lost,
                gained=diff.gained,
                handed_in_anew=diff.handed_in_anew,
                files_gone=diff.files_gone,
                decided=diff.decided_anew,
                by_hand=diff.by_hand,
                late=diff.late,
            )
            diff.after = run
        if self._runs.written() is None:
            self._runs.note_written(latest.number if latest else 0)
        self._runs.keep(run)
        self._runs.drop_all_but(self._keeping.keep)
        return diff

    def _last_written(self) -> RunRecord | None:
        """Return the last run whose reports were written; where that is not known, the newest."""
        written = self._runs.written()
        if written is None or self._latest is None:
            return self._latest
        found = self._runs.before(written + 1)
        return found if found or not written else self._latest

    def _is_latest(self, run: RunRecord | None) -> bool:
        return bool(run and self._latest and run.number == self._latest.number)

    def _compared(
        self, before: RunRecord | None, run: RunRecord, held: Sequence[Change]
    ) -> RunDiff | None:
        if before is None:
            return None
        return replace(compare_with_earlier(self._runs, before, run), held=held)

    def _write(self) -> None:
        """Write down what is pending."""
        students, self._pending = list(self._pending.values()), {}
        marks = [
            Mark.of(each, under, result.rulings)
            for _, result, unders in students
            for each, under in zip(result.exercises, unders, strict=True)
        ]
        keys = iter(self._runs.keep_shared("marks", marks))
        hads = [
            _had(place, result, tuple(next(keys) for _ in unders))
            for place, result, unders in students
        ]
        for had, key in zip(hads, self._runs.keep_shared("standings", hads), strict=True):
            self._keys[had.place.record.id] = key

    def _hold_back(self, done: GradedStudents) -> tuple[Change, ...]:
        """Give students what they had in each exercise in which they would lose points."""
        if self._before is None:
            return ()
        found: list[Change] = []
        differ = Differ(self._runs)
        earlier = Before(self._runs, self._before, self._run.circumstances.exercises)
        for student, key in list(self._keys.items()):
            then, now = self._had_before(student), self._runs.had(key)
            if then is None or now is None:
                continue
            before, after = earlier.with_earlier(student, then), pieces(self._run, now)
            held = held_back(before, after, differ, self._store)
            changes, names = (held.changes, set(held.rows)) if held else ((), set())
            place = held.place(now.place, before, after) if held else now.place
            if then.place.record.submitted_at != place.record.submitted_at:
                done.places[student] = place
                left = _had(place, done.read(student), now.marks)
                both = {name: before[name] for name in after if name in before}
                whole = earlier_hand_in(then, place, both, differ, self._store)
                if whole and costs_by_time(then, left):
                    changes, names, place = (*changes, deducted(then, left)), set(after), whole
            if names:
                done.places[student] = place
                known = self._unders({**after, **{name: before[name] for name in names}})
                self.note(place, done.read(student), known)
                found += (replace(each, student=place.record) for each in changes)
        return tuple(sorted(found, key=lambda each: (each.gain, each.student.told_apart)))

    def _had_before(self, student: str) -> Had | None:
        key = self._before.students.get(student) if self._before else None
        return self._runs.had(key) if key else None

    def _unders(self, known: Mapping[str, Piece]) -> dict[str, Under]:
        """Return what kept results were graded under."""
        marks = {exercise: self._runs.mark(piece.mark) for exercise, piece in known.items()}
        return {exercise: mark.under for exercise, mark in marks.items() if mark}


def _had(place: Place, result: StudentResult, marks: tuple[str, ...]) -> Had:
    of_exercises = sum(each.score * each.weight for each in result.exercises)
    deduction = round(of_exercises - result.score, DECIMALS)
    return Had(place, result.score, result.max_score, marks, deduction)
