"""A notebook as it was saved, cell by cell, for the report; what it claims is no evidence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from grader.guest.crossing.wire import SavedCell, SavedOutput
from grader.guest.loading.sources import all_cells, source_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.guest.loading.sources import Source

__all__ = ["saved_cells", "saved_files"]

MAX_CELLS = 1_000
MAX_CHARACTERS = 2_000_000  # of all cells and outputs, so that they fit into one frame
MIMES = ("image/png", "text/html", "text/plain")  # the best first; other kinds are not shown
FORMAT_3 = {"png": "image/png", "html": "text/html", "text": "text/plain"}


def saved_cells(content: bytes, source: Source) -> tuple[SavedCell, ...]:
    """Return the cells of a notebook that could be read as code.

    Args:
        content: the file.
        source: what `read_source` made of it.
    """
    document = json.loads(content.decode("utf-8-sig"))
    code = iter(source.cells)
    cells: list[SavedCell] = []
    left = MAX_CHARACTERS
    for raw in all_cells(document)[:MAX_CELLS]:
        kind = raw.get("cell_type")
        read = next(code, None) if kind == "code" else None
        text = read.text if read else source_of(raw)
        outputs = tuple(_outputs(raw))
        left -= len(text) + sum(len(output.content) for output in outputs)
        if left < 0:
            break
        first_line = read.first_line if read else 0
        cells.append(SavedCell(kind if isinstance(kind, str) else "", text, outputs, first_line))
    return tuple(cells)


def saved_files(source: Source) -> tuple[SavedCell, ...]:
    """Return several modules that were read as one text, each as a cell."""
    return tuple(
        SavedCell("code", cell.text, first_line=cell.first_line, file=cell.label)
        for cell in source.cells
    )


def _outputs(cell: dict[str, object]) -> Iterator[SavedOutput]:
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        if isinstance(output, dict):
            yield from _output(output)


def _output(output: dict[str, object]) -> Sequence[SavedOutput]:
    kind = output.get("output_type")
    if kind == "stream":
        return [SavedOutput("text/plain", text_of(output.get("text")))]
    if kind in {"error", "pyerr"}:
        said = text_of([output.get("ename"), output.get("evalue")], between=": ")
        return [SavedOutput("error", text_of(output.get("traceback"), between="\n") or said)]
    data = output.get("data")
    if not isinstance(data, dict):
        data = {mime: output.get(key) for key, mime in FORMAT_3.items()}
    best = next((mime for mime in MIMES if data.get(mime)), "")
    return [SavedOutput(best, text_of(data[best]))] if best else []
