"""What would be handed in: a solution as a student's own, and the works that are made of it."""

from __future__ import annotations

import ast
import difflib
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.authoring.cells import cells_laid_over, make_cells_notebook
from grader.authoring.laying import laid_over
from grader.authoring.regions import BEGIN, END
from grader.courses.declared.strict import read_text
from grader.courses.files import files_in, root_of
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from grader.courses import Course, Exercise, Work

__all__ = ["handed_in", "solved", "sources_of"]

NOTEBOOK = ".ipynb"


def solved(
    course: Course, exercise: Exercise, changed: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the files of a solution, by name, as a student would hand them in.

    Args:
        course: the exercise's.
        exercise: whose solution it is.
        changed: sources in the place of the course's own, by their paths.

    Raises:
        AuthoringError: the solution is not Python, or its markers are not in order.
        UsageError: there is none.
    """
    return _files(exercise, sources_of(course, exercise) | dict(changed or {}))


def handed_in(course: Course, work: Work) -> dict[str, str]:
    """Return the files of a work, by name, as somebody would hand them in.

    Raises:
        AuthoringError: the solution is not Python, or its markers are not in order.
        UsageError: there is no solution, an edit does not match it exactly once, or what comes of
            the change is not Python; the message names file and line.
    """
    if work.overlay and work.overlay.suffix == NOTEBOOK:
        return {f"{work.exercise.name}{NOTEBOOK}": read_text(work.overlay)}
    sources = sources_of(course, work.exercise)
    changed = _laid(work, sources, work.overlay) if work.overlay else _edited(work, sources)
    for name, text in changed.items():
        try:
            ast.parse(text)
        except SyntaxError as error:
            line = text.splitlines()[(error.lineno or 1) - 1].strip()
            words = f"what comes of the change in {name} is not Python: {error.msg} in {line!r}"
            raise work.refusal(words) from error
    return _files(work.exercise, changed)


def sources_of(course: Course, exercise: Exercise) -> dict[str, str]:
    """Return the modules of a solution, by their paths, as the course has them.

    Raises:
        UsageError: there is none.
    """
    if exercise.files:
        names = [name for name in exercise.file_names if name.endswith(".py")]
        files = {name: root_of(course.folder, name) / name for name in names}
    else:
        file = course.solution_of(exercise)
        files = {file.name: file}
    return {name: read_text(file) for name, file in files.items()}


def _files(exercise: Exercise, sources: Mapping[str, str]) -> dict[str, str]:
    """Return what is handed in, without the markers that are in the sources."""
    if not exercise.cells:
        return {name: _without_markers(text) for name, text in sources.items()}
    import nbformat

    (source,) = sources.values()
    notebook = nbformat.writes(make_cells_notebook(source, exercise.name, solved=True))
    return {f"{exercise.name}{NOTEBOOK}": f"{notebook}\n"}


def _without_markers(text: str) -> str:
    lines = (line for line in text.splitlines() if line.strip() not in {BEGIN, END})
    return "\n".join(lines) + "\n"


def _edited(work: Work, sources: Mapping[str, str]) -> dict[str, str]:
    """Return a solution's files with each old text replaced, which stands in one of them once."""
    spans = []
    for old, new in zip(work.edit[::2], work.edit[1::2], strict=True):
        name, start = _place(work, old, sources)
        spans.append((name, start, start + len(old), new))
    spans.sort()
    for (name, _, stop, _), (other, start, _, _) in pairwise(spans):
        if name == other and start < stop:
            raise work.refusal(f"two of the old texts overlap in {name}")
    changed = dict(sources)
    for name, start, stop, new in reversed(spans):
        changed[name] = changed[name][:start] + new + changed[name][stop:]
    return changed


def _place(work: Work, old: str, sources: Mapping[str, str]) -> tuple[str, int]:
    """Return in which file, and where in it, an old text stands."""
    found = [(name, at) for name, text in sources.items() for at in _starts(text, old)]
    if len(found) == 1:
        return found[0]
    names = " and ".join(sources)
    if found:
        places = ", ".join(str(sources[name].count("\n", 0, at) + 1) for name, at in found)
        raise work.refusal(
            f"the old text {old!r} stands {len(found)} times in {names}, in lines {places}: "
            "take more of what is around the one that is meant"
        )
    lines = [line.strip() for text in sources.values() for line in text.splitlines()]
    close = difflib.get_close_matches(old.strip(), lines, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise work.refusal(f"the old text {old!r} does not stand in {names}{hint}")


def _starts(text: str, old: str) -> list[int]:
    starts = []
    at = text.find(old)
    while at >= 0:
        starts.append(at)
        at = text.find(old, at + 1)
    return starts


def _laid(work: Work, sources: Mapping[str, str], overlay: Path) -> dict[str, str]:
    """Return a solution's files with those of an overlay laid over the ones of the same path."""
    if len(sources) != 1 and not overlay.is_dir():
        folder = overlay.with_suffix("")
        raise work.refusal(f"what differs in several files is a folder of them; expected {folder}")
    over = files_in(overlay, "*.py") if overlay.is_dir() else {next(iter(sources)): overlay}
    changed = dict(sources)
    for name, path in over.items():
        text = read_text(path)
        if work.exercise.cells:
            changed[name] = cells_laid_over(sources[name], text, str(path.with_suffix("")))
            continue
        try:
            own = _without_markers(sources.get(name, ""))
            changed[name] = laid_over(own, text) if name in sources else text
        except SyntaxError as error:
            raise UsageError(f"{path}, line {error.lineno}: this is not Python") from error
    return changed
