"""A notebook as it was handed in, for the report: its cells, and the outputs saved with them.

Saved outputs are shown and never believed: whoever saves a notebook can write anything there.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

__all__ = ["CellKind", "NotebookCell", "Output", "OutputKind"]


class CellKind(StrEnum):
    """What a cell is."""

    CODE = "code"
    MARKDOWN = "markdown"
    RAW = "raw"


class OutputKind(StrEnum):
    """What an output is; an image's content is base64."""

    TEXT = "text/plain"
    HTML = "text/html"
    PNG = "image/png"
    ERROR = "error"
    LEFT_OUT = "left out"


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """One saved output; of one that was left out, the content says why."""

    kind: OutputKind
    content: str


class NotebookCell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell.

    Attributes:
        first_line: the line of the whole code before a code cell's own first line.
        file: its name, where it is one of several files and no cell.
    """

    kind: CellKind
    text: str
    outputs: tuple[Output, ...] = ()
    first_line: int = 0
    file: str = ""
