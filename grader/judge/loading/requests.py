"""Requests to read and to load what was handed in, with what comes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.guest.crossing.wire import Load, Parse, Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from grader.courses import Exercise
    from grader.submissions import File

__all__ = ["load_of", "parse_of", "parts_of", "with_given"]


def parts_of(files: Iterable[File]) -> tuple[Part, ...]:
    """Return files as they are sent."""
    return tuple(Part(file.name, file.content) for file in files)


def parse_of(file: File) -> Parse:
    """Return the request to read a file, or several; nothing of it is run."""
    code = parts_of(part for part in file.parts if part.is_module)
    return Parse(file.name, file.content, file.is_notebook, code)


def load_of(exercise: Exercise, file: File, used: Iterable[File], device: str) -> Load:
    """Return the request to load a file as an exercise's module.

    Args:
        exercise: says how.
        file: what was handed in.
        used: modules of earlier exercises; one that is given out comes before them.
        device: where it is to compute.
    """
    return Load(
        exercise.name,
        exercise.entry or file.name,
        file.content,
        file.is_notebook,
        device,
        stepwise=bool(exercise.cells),
        switched_off=exercise.switched_off,
        instead=exercise.instead,
        parts=parts_of(file.parts),
        entry=exercise.entry,
        modules=with_given(exercise, parts_of(used)),
    )


def with_given(exercise: Exercise, used: Iterable[Part]) -> tuple[Part, ...]:
    """Return what a submission can import besides its own: what is given out comes first."""
    given: Mapping[str, Path] = exercise.all_given
    own = (Part(name, file.read_bytes()) for name, file in given.items())
    return (*own, *(part for part in used if part.name not in given))
