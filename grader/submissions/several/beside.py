"""What lies beside the files of an exercise: given modules, and files that nobody asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.courses.known_names import known_as
from grader.errors import UnreadableFile
from grader.submissions.choosing import MAX_NAMED
from grader.submissions.given import MAX_GIVEN_BYTES
from grader.submissions.several.part_names import folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.courses import Course, Exercise
    from grader.submissions.disk.files import FoundFile
    from grader.submissions.several.part_names import Named

__all__ = ["changed_given", "left_out"]


def changed_given(found: Sequence[FoundFile], exercise: Exercise) -> Iterator[str]:
    """Say which modules that were given out were handed in with changes, which don't count."""
    for path, own in exercise.given.items():
        handed_in = [file for file in found if f"/{file.name}".endswith(f"/{path}")]
        if any(_differs(file, own.read_bytes()) for file in handed_in[:MAX_NAMED]):
            yield f"{path} was handed in with changes; it was taken as it was given out."


def _differs(file: FoundFile, own: bytes) -> bool:
    try:
        return file.read(MAX_GIVEN_BYTES).split() != own.split()
    except UnreadableFile:
        return True


def left_out(
    found: Sequence[FoundFile],
    exercise: Exercise,
    candidates: dict[str, Named],
    course: Course,
) -> Iterator[str]:
    """Say which Python files beside an exercise's own are none of its files."""
    own = {id(file) for each in candidates.values() for _, file in each}
    folders = {folder_of(file) for each in candidates.values() for _, file in each}
    folders |= {folder.rpartition("/")[0] for folder in folders}
    beside = [
        file.name
        for file in found
        if folder_of(file) in folders and id(file) not in own and _is_unknown(file, course)
    ]
    if beside:
        more = f" and {len(beside) - MAX_NAMED} more" if len(beside) > MAX_NAMED else ""
        patterns = ", ".join(exercise.files)
        yield (
            f"Not used: {', '.join(beside[:MAX_NAMED])}{more}. "
            f"{exercise.name} is made of {patterns} and of no other file."
        )


def _is_unknown(file: FoundFile, course: Course) -> bool:
    name = file.name.rpartition("/")[2]
    given = (path for each in course.exercises for path in each.given)
    is_given = any(name == path.rpartition("/")[2] for path in given)
    return name.lower().endswith(".py") and not is_given and not known_as(name, course)
