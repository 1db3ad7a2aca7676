"""An exercise of several files: which of a student's files are read, and what is lacking."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from grader.courses.files import as_given_out
from grader.submissions.choosing import MAX_NAMED, File, best
from grader.submissions.hand_in import HandIn
from grader.submissions.several.beside import left_out
from grader.submissions.several.part_names import Candidates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.courses import Course, Exercise
    from grader.submissions.disk.files import FoundFile
    from grader.submissions.several.part_names import Named

__all__ = ["MAX_BYTES", "MAX_PARTS", "read_several", "was_not_handed_in"]

MAX_PARTS = 100  # files of one exercise; the largest of a real course has twelve
MAX_BYTES = 32 * 2**20  # of all of them, weights and predictions too


def read_several(found: Sequence[FoundFile], exercise: Exercise, course: Course) -> HandIn:
    """Read the files of an exercise that has several, each called as the course calls it.

    One that is not there is taken as it was given out, where a student has nothing to write in it.
    """
    candidates = Candidates(exercise).of(found)
    taken = _Taken(exercise, course)
    for path in [*taken.expected, *taken.further(candidates)]:
        if path in candidates:
            taken.take(path, candidates[path])
    if not taken.parts:
        return HandIn(problem=" ".join(taken.problems[:MAX_NAMED]))
    if taken.left < 0:
        most = f"{MAX_BYTES // 2**20} MB"
        return HandIn(problem=f"The files of {exercise.name} are too large: more than {most}.")
    taken.fill()
    parts = tuple(taken.parts[path] for path in sorted(taken.parts))
    file = File(exercise.entry.partition(".")[0], parts=parts)
    notes = (
        *taken.notes,
        *taken.problems[:MAX_NAMED],
        *left_out(found, exercise, candidates, course),
    )
    lacking = [path for path in taken.expected if path not in taken.parts]
    data = [path for path in lacking if not path.endswith(".py")]
    told = [was_not_handed_in(data)] if data else []
    return HandIn((file,), (*told, *notes), lacking=tuple(lacking))


def was_not_handed_in(paths: Sequence[str]) -> str:
    """Say which files are lacking."""
    listed = f"{', '.join(paths[:-1])} and {paths[-1]} were" if paths[1:] else f"{paths[0]} was"
    return f"{listed} not handed in."


class _Taken:
    """What was taken of a student's files.

    Attributes:
        expected: the paths of those that must be there.
        parts: the files, by path.
        left: how many bytes more there may be; below 0 where there were too many.
    """

    def __init__(self, exercise: Exercise, course: Course) -> None:
        self.expected = [path for path in exercise.file_names if path not in exercise.given]
        self.parts: dict[str, File] = {}
        self.notes: list[str] = []
        self.problems: list[str] = []
        self.left = MAX_BYTES
        self._exercise = exercise
        self._course = course

    def further(self, candidates: dict[str, Named]) -> list[str]:
        """Return the paths of what the student has added; of very many the first ones."""
        known = {*self.expected, *self._exercise.given}
        more = sorted(candidates.keys() - known)
        room = max(0, MAX_PARTS - len(self.expected))
        if len(more) > room:
            count = f"{len(more):,} files more than the {len(self.expected)} that were given out"
            self.notes.append(f"{self._exercise.name} has {count}; {room} of them were taken.")
        return more[:room]

    def take(self, path: str, files: Named) -> None:
        """Take the best of the files that stand for one."""
        if self.left < 0:
            return
        chosen = best(files, path, PurePosixPath(path).suffix, self._course)
        self.notes += chosen.told("taken")
        self.problems += chosen.problems
        if chosen.file is not None:
            self.left -= len(chosen.file.content)
            self.parts[path] = File(path, chosen.file.content)

    def fill(self) -> None:
        """Take as they were given out those that are not there and hold nothing to write."""
        for path in self.expected:
            content = as_given_out(self._exercise.folder, path)
            if path not in self.parts and content is not None:
                self.parts[path] = File(path, content)
                self.notes.append(
                    f"{path} was not handed in: there is nothing to write in it, and it was taken "
                    "as it was given out."
                )
