"""The students of a run, read from the store whenever somebody goes through them.

Results hold code, notebooks and pictures, a hundred kilobytes a student; what is in memory here
is where each of them is kept. The store has to be open as long as they are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.errors import InfrastructureError
from grader.results.students import StudentRecord  # noqa: TC001 - msgspec reads annotations
from grader.results.verdicts import ExerciseResult, StudentResult, newest
from grader.runs.deciding.applying import Decisions
from grader.runs.manual import ManualPoints

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.runs.store import Store

__all__ = ["GradedStudents", "Place"]


class Place(msgspec.Struct, frozen=True):
    """Where a student's results are.

    Attributes:
        keys: in the store, in the order of the exercises; none of a student who is not graded yet.
        unkept: results that no store keeps, by key: faults of the grader.
        graded_at: when the newest of them was computed.
        has_files: whether a file for some exercise was handed in.
        works: digests of what was handed in, in the same order; none where an earlier version did
            not keep them.
    """

    record: StudentRecord
    keys: tuple[str, ...] = ()
    unkept: dict[str, ExerciseResult] | None = None
    graded_at: str = ""
    has_files: bool = False
    works: tuple[str, ...] = ()


class GradedStudents:
    """What is done of a run, in the order of its submissions; it can be gone through again.

    Attributes:
        places: of each student who is done, where the results are.
    """

    def __init__(
        self,
        store: Store,
        order: Sequence[str],
        places: Mapping[str, Place] | None = None,
        manual: ManualPoints | None = None,
        decisions: Decisions | None = None,
    ) -> None:
        self._store = store
        self._manual = manual or ManualPoints()
        self._decisions = decisions or Decisions()
        self._order = order
        self.places = dict(places or {})

    def __contains__(self, student: str) -> bool:
        return student in self.places

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[StudentResult]:
        for student in self._order:
            if student in self.places:
                yield self.read(student)

    def add(
        self,
        record: StudentRecord,
        results: Mapping[str, ExerciseResult],
        works: tuple[str, ...] = (),
        *,
        has_files: bool = False,
    ) -> StudentResult:
        """Note where a student's results are, by their keys; return them put together.

        Args:
            record: who it is.
            results: by their keys, in the order of the exercises.
            works: digests of what was handed in, in the same order.
            has_files: whether a file for some exercise was handed in.
        """
        unkept = {key: result for key, result in results.items() if not self._store.keeps(result)}
        newest_of_all = newest(each.graded_at for each in results.values())
        place = Place(record, tuple(results), unkept or None, newest_of_all, has_files, works)
        self.places[record.id] = place
        return self._together(place, results.values())

    def read(self, student: str) -> StudentResult:
        """Read a student's results.

        Raises:
            InfrastructureError: the store has lost some of them.
        """
        place = self.places[student]
        unkept = place.unkept or {}
        results = [unkept.get(key) or self._store.get(key) for key in place.keys]
        if any(result is None for result in results):
            raise InfrastructureError(f"the store has lost results of {place.record.id}")
        return self._together(place, filter(None, results))

    def _together(self, place: Place, results: Iterable[ExerciseResult]) -> StudentResult:
        exercises = tuple(self._manual.added(place.record, result) for result in results)
        graded = StudentResult(
            record=place.record,
            has_files=place.has_files,
            score=sum(exercise.score for exercise in exercises),
            max_score=sum(exercise.max_score for exercise in exercises),
            exercises=exercises,
        )
        return self._decisions.applied(graded)
