"""Take over a notebook's cells from the guest, in the size that a report has room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.results.saved_notebook import CellKind, NotebookCell, Output, OutputKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.guest.crossing.wire import SavedCell, SavedOutput

__all__ = ["shown_cells"]

MAX_CELLS = 400
MAX_SOURCE = 200_000  # characters of all cells
MAX_MARKDOWN = 20_000  # characters of one cell; more is shown as plain text
MAX_OUTPUTS = 120_000  # characters of all outputs; a plot has 20,000 to 40,000
MAX_OUTPUT_TEXT = 3_000  # characters of one output that is read
MAX_OUTPUTS_OF_CELL = 20
KINDS = {kind.value: kind for kind in OutputKind if kind is not OutputKind.LEFT_OUT}


def shown_cells(cells: Iterable[SavedCell]) -> tuple[NotebookCell, ...]:
    """Return the cells that a report shows; the last one says so where there were more."""
    shown: list[NotebookCell] = []
    source, room = MAX_SOURCE, MAX_OUTPUTS
    for cell in cells:
        source -= len(cell.text)
        if source < 0 or len(shown) == MAX_CELLS:
            rest = "The report shows no more of this notebook."
            return (*shown, NotebookCell(kind=CellKind.RAW, text=rest))
        outputs = _outputs(cell.outputs, room)
        room -= sum(len(output.content) for output in outputs)
        shown.append(_shown(cell, outputs))
    return tuple(shown)


def _shown(cell: SavedCell, outputs: tuple[Output, ...]) -> NotebookCell:
    longest = {CellKind.CODE.value: MAX_SOURCE, CellKind.MARKDOWN.value: MAX_MARKDOWN}
    known = len(cell.text) <= longest.get(cell.kind, -1)
    kind = CellKind(cell.kind) if known else CellKind.RAW
    first_line, file = cell.first_line, cell.file
    return NotebookCell(
        kind=kind, text=cell.text, outputs=outputs, first_line=first_line, file=file
    )


def _outputs(outputs: Sequence[SavedOutput], room: int) -> tuple[Output, ...]:
    shown: list[Output] = []
    for output in outputs[:MAX_OUTPUTS_OF_CELL]:
        shown.append(_output(output, room))
        room -= len(shown[-1].content)
    more = len(outputs) - len(shown)
    if more > 0:
        shown.append(Output(kind=OutputKind.LEFT_OUT, content=f"{more} more outputs"))
    return tuple(shown)


def _output(output: SavedOutput, room: int) -> Output:
    """Return an output as it is, or cut if it is text, or what it was if there is no room."""
    kind = KINDS.get(output.mime, OutputKind.TEXT)
    content = output.content
    if kind in {OutputKind.TEXT, OutputKind.ERROR} and len(content) > MAX_OUTPUT_TEXT:
        content = f"{content[:MAX_OUTPUT_TEXT]}\n[cut: {len(content):,} characters]"
    if len(content) > room:
        size = f"{len(content) // 1000 + 1} KB of {kind.value}"
        return Output(kind=OutputKind.LEFT_OUT, content=size)
    return Output(kind=kind, content=content)
