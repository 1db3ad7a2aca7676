"""`grade --dry-run`: who was found, by which reader, and which files count."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.table import Table
from rich.text import Text

from grader.results.students import ROSTER
from grader.text.wording import plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from grader.courses import Course, Exercise
    from grader.submissions import ClassWork, Submission

__all__ = ["show_class"]

HEADINGS = ("student", "found in", "files that count", "late", "not recognised")
NOTHING = "nothing handed in"  # of somebody on the roster
CHOSEN = " *"  # beside a file of which something is to be said
NOT_GRADED = "Nothing was graded (--dry-run)."
MAX_NAMED = 3
GAP = "  "


class _Line(NamedTuple):
    cells: tuple[str, str, str, str, str]
    notes: tuple[str, ...]
    handed_in: frozenset[str]


def show_class(
    work: ClassWork,
    exercises: Sequence[Exercise],
    course: Course,
    console: Console,
    again: Sequence[str] = (),
) -> None:
    """Print a table of a class, and what is to be said about it; nothing is graded or written.

    `again` are lines about what would be graded again, or why nothing would.

    A terminal gets a table as wide as it is, a pipe one line for each student.
    """
    lines = [_line(each, exercises, course) for each in work.submissions]
    if console.is_terminal:
        console.print(_table(lines))
    else:
        for line in _plain([HEADINGS, *(each.cells for each in lines)]):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    for sentence in (*_sentences(work, lines, exercises), *again, NOT_GRADED):
        is_to_paste = " --same " in sentence  # whole words, as a terminal gives them back
        console.print(Text(sentence), soft_wrap=is_to_paste or not console.is_terminal)


def _line(submission: Submission, exercises: Sequence[Exercise], course: Course) -> _Line:
    record = submission.record
    hand_ins = {each.name: submission.hand_in(each, course) for each in exercises}
    files: list[str] = []
    notes = list(record.notes)
    for each in hand_ins.values():
        file, why = each.chosen()
        said = [note for note in (*each.notes, *why, each.problem) if note]
        files += [file.name + (CHOSEN if said else "")] if file else []
        notes += said
    listed = [*record.unclaimed[:MAX_NAMED], *(["…"] if len(record.unclaimed) > MAX_NAMED else [])]
    nothing = NOTHING if record.reader == ROSTER else "-"
    late = {True: "late", False: "", None: ""}[record.late]
    return _Line(
        (record.told_apart, record.reader, ", ".join(files) or nothing, late, ", ".join(listed)),
        () if record.reader == ROSTER else tuple(dict.fromkeys(notes)),
        frozenset(name for name, each in hand_ins.items() if each.files),
    )


def _table(lines: Sequence[_Line]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    shown = [at for at in range(len(HEADINGS)) if any(line.cells[at] for line in lines)]
    for at in shown:
        table.add_column(HEADINGS[at], overflow="fold")
    for line in lines:
        table.add_row(*(Text(printable(line.cells[at])) for at in shown))
    return table


def _plain(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Give the rows with their columns one below the other."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (set_cell_size(printable(cell), at) for cell, at in zip(row, widths, strict=True))
        yield GAP.join(cells).rstrip()


def _sentences(
    work: ClassWork, lines: Sequence[_Line], exercises: Sequence[Exercise]
) -> Iterator[str]:
    yield ""
    if any(CHOSEN in line.cells[2] for line in lines):
        yield "* see the notes:"
    for line in lines:
        yield from (f"{line.cells[0]}: {printable(note)}" for note in line.notes)
    yield from map(printable, work.notes)
    counts = [(each.name, sum(each.name in line.handed_in for line in lines)) for each in exercises]
    handed_in = [f"{name} {count}" for name, count in counts if count]
    yield f"{plural(len(lines), 'student')}; handed in: {', '.join(handed_in) or 'nothing'}."
