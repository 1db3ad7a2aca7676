"""An exception of the student's code, described: what it says, and where in their code it was."""

from __future__ import annotations

import dis
from typing import TYPE_CHECKING

from grader.guest.causes import CAUSES
from grader.guest.crashes.scene import NO_CAUSE
from grader.guest.crossing.wire import Raised
from grader.guest.loading.imports import SKIPPED
from grader.guest.process.limits import limit_behind, words_of

if TYPE_CHECKING:
    from types import TracebackType

    from grader.guest.loading.sources import Cell, Source
    from grader.guest.process.limits import GuestLimits

__all__ = ["describe"]

MAX_MESSAGE = 400  # characters of an exception's text
MAX_KINDS = 12  # of its classes


def describe(error: BaseException, source: Source, limits: GuestLimits | None) -> Raised:
    """Describe an exception by the last place in the student's own code that it came through."""
    try:
        return _described(error, source, limits)
    except BaseException:  # noqa: BLE001 - whatever an exception carries may be hostile
        return Raised("an exception that can't be described", "")


def _described(error: BaseException, source: Source, limits: GuestLimits | None) -> Raised:
    cells = {cell.code_name or cell.label: cell for cell in source.cells}
    place = student_place(error, cells)
    where, line, code = _locate(place, source)
    not_started = isinstance(error, NotImplementedError) and _raised_here(error, place)
    limit, skipped = _limit(error, limits), SKIPPED.explanation(error)
    known = NO_CAUSE if not_started or limit or skipped else CAUSES.of(error, cells)
    text = ". ".join(filter(None, [_message(error)[:MAX_MESSAGE], skipped]))
    message = "; ".join(filter(None, [text, known.detail])) if known.detail else text
    return Raised(
        type_name=type(error).__name__[:100],
        message=_crossing(message[:MAX_MESSAGE])[:MAX_MESSAGE],
        where=where,
        line=line,
        code=code,
        not_started=not_started,
        limit=limit,
        mistake=known.slug,
        kinds=tuple(each.__name__[:100] for each in type(error).__mro__[1:MAX_KINDS]),
    )


def _message(error: BaseException) -> str:
    try:
        return str(error.msg if isinstance(error, SyntaxError) else error)
    except BaseException:  # noqa: BLE001 - the student's own class may not be able to say
        return ""


def _crossing(text: str) -> str:
    """Return a text that can be sent: half of a surrogate pair as its escape."""
    return text.encode("utf-8", "backslashreplace").decode()


def student_place(error: BaseException, cells: dict[str, Cell]) -> tuple[Cell, int] | None:
    """Return the innermost cell and line of the student's that an exception came through."""
    if isinstance(error, SyntaxError) and error.filename in cells:
        return cells[error.filename], error.lineno or 1
    place: tuple[Cell, int] | None = None
    step: TracebackType | None = error.__traceback__
    while step is not None:
        cell = cells.get(step.tb_frame.f_code.co_filename)
        if cell is not None:
            place = cell, step.tb_lineno
        step = step.tb_next
    return place


def _locate(place: tuple[Cell, int] | None, source: Source) -> tuple[str, int, str]:
    if place is None:
        return "", 0, ""
    cell, line = place
    where = f"{cell.label}, line {line}" if source.notebook else f"{cell.label}:{line}"
    lines = cell.text.split("\n")
    code = lines[line - 1].strip()[:200] if 0 < line <= len(lines) else ""
    return where, cell.first_line + line, code


def _limit(error: BaseException, limits: GuestLimits | None) -> str:
    """Name the limit that an exception is due to, if this process has any."""
    if limits is None:
        return ""
    last = _last_step(error)
    reached = limit_behind(error, last.tb_frame.f_code if last else None)
    return words_of(reached, limits) if reached else ""


def _last_step(error: BaseException) -> TracebackType | None:
    """Return where an exception was raised, as far as that is Python code."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return step


def _raised_here(error: BaseException, place: tuple[Cell, int] | None) -> bool:
    """Whether a `raise` of the student's own made it; torch raises NotImplementedError too."""
    step = _last_step(error)
    if step is None or place is None:
        return False
    code = step.tb_frame.f_code
    instruction = dis.opname[code.co_code[step.tb_lasti]]
    compiled_as = place[0].code_name or place[0].label
    return code.co_filename == compiled_as and instruction == "RAISE_VARARGS"
