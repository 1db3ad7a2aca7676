"""Show a notebook as a notebook: its text, its code with line numbers, its saved outputs.

Whatever stands in it ends as text, as a few harmless tags, or as the pixels of an image, within the
room that the page has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.reports.code.highlighting import Stretch, code_stretches, without_reordering
from grader.reports.code.markup import Kind
from grader.reports.code.png import plain_png
from grader.reports.code.room import PLAIN, TOO_MUCH
from grader.results.saved_notebook import CellKind, OutputKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from markupsafe import Markup

    from grader.reports.code.room import Room
    from grader.results.saved_notebook import NotebookCell, Output
    from grader.results.verdicts import SourceCode

__all__ = ["CellView", "OutputView", "notebook_view"]

FRAME_BYTES = 250  # what the page puts around a cell or an output
MAX_SOURCE_OF_HTML = 3_000  # characters that are shown of HTML that can't be rendered
NO_MORE = "The report shows no more of this notebook."
NO_IMAGE = "Not shown: an image that is no PNG, or too large."


@dataclass(frozen=True)
class OutputView:
    """One saved output: as text, as HTML or as an image; or a note on what is not shown."""

    text: Markup | str = ""
    html: Markup | str = ""
    image: str = ""
    note: str = ""


@dataclass(frozen=True)
class CellView:
    """One cell; a code cell has a label and lines, any other has HTML or text."""

    label: str = ""
    stretches: tuple[Stretch, ...] = ()
    html: Markup | str = ""
    text: Markup | str = ""
    notes: tuple[str, ...] = ()
    outputs: tuple[OutputView, ...] = ()


def notebook_view(code: SourceCode, anchors: Mapping[int, str], room: Room) -> tuple[CellView, ...]:
    """Return a notebook's cells, its code cells numbered as messages name them.

    Args:
        code: what was handed in.
        anchors: lines of all of the code to be marked, and the names that they have on the page.
        room: what the page has left.
    """
    cells = tuple(_cells(code, anchors, room))
    return cells if len(cells) == len(code.cells) else (*cells, CellView(text=NO_MORE))


def _cells(code: SourceCode, anchors: Mapping[int, str], room: Room) -> Iterator[CellView]:
    number = 0
    for cell in code.cells:
        if not room.reserve(FRAME_BYTES):
            return
        if cell.kind is CellKind.CODE:
            number += 1
            own = {line - cell.first_line: anchor for line, anchor in anchors.items()}
            stretches, notes = code_stretches(cell.text, own, room)
            outputs = tuple(_outputs(cell, room))
            yield CellView(cell.file or f"cell {number}", stretches, notes=notes, outputs=outputs)
        else:
            yield _text_cell(cell, room)


def _text_cell(cell: NotebookCell, room: Room) -> CellView:
    text = without_reordering(cell.text)
    markdown = cell.kind is CellKind.MARKDOWN
    if markdown and (html := room.rendered(Kind.MARKDOWN, text)) is not None:
        return CellView(html=html)
    plain = room.plain(text)
    if plain is None:
        return CellView(notes=(TOO_MUCH,))
    return CellView(text=plain, notes=(PLAIN,) if markdown else ())


def _outputs(cell: NotebookCell, room: Room) -> Iterator[OutputView]:
    for output in cell.outputs:
        if not room.reserve(FRAME_BYTES):
            return
        yield _output(output, room)


def _output(output: Output, room: Room) -> OutputView:
    match output.kind:
        case OutputKind.TEXT | OutputKind.ERROR:
            return _text(output.content, room)
        case OutputKind.HTML:
            html = room.rendered(Kind.HTML, without_reordering(output.content))
            if html is None:
                return _text(output.content[:MAX_SOURCE_OF_HTML], room, PLAIN)
            return OutputView(html=html)
        case OutputKind.PNG:
            return _image(output.content, room)
        case OutputKind.LEFT_OUT:
            return OutputView(note=f"Not shown: {output.content}.")


def _text(content: str, room: Room, note: str = "") -> OutputView:
    plain = room.plain(without_reordering(content))
    return OutputView(note=TOO_MUCH) if plain is None else OutputView(text=plain, note=note)


def _image(content: str, room: Room) -> OutputView:
    """Return a PNG of a size that can be shown, with nothing in it but its pixels."""
    png = plain_png(content)
    if png is None:
        return OutputView(note=NO_IMAGE)
    if not room.take_picture(png.pixels, png.href):
        return OutputView(note=TOO_MUCH)
    return OutputView(image=png.href)
