"""Handed-in files as code: what is Python in a module or a notebook.

Bytes go in, cells of source come out. Nothing is run here. Line numbers count over the text that
the report shows, so that a line of an error can be found in it.
"""

from __future__ import annotations

import ast
import io
import json
import tokenize
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.guest.loading.ipython_lines import plain_python
from grader.guest.loading.redefined import hidden_by_stubs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "Cell",
    "Source",
    "UnreadableSourceError",
    "all_cells",
    "read_files",
    "read_source",
    "source_of",
    "text_of",
]

MAX_CELLS = 2_000
WIDEST = 52  # characters of a line that is no Python: they fit into a narrow terminal
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class UnreadableSourceError(Exception):
    """A file that is not Python and not a notebook.

    Attributes:
        line: 1-based, 0 where none is meant.
        cell: what could not be read of several files.
        pointed: the line that is no Python, and below it a caret; else nothing.
    """

    def __init__(
        self, reason: str, line: int = 0, cell: Cell | None = None, pointed: str = ""
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.cell = cell
        self.pointed = pointed


@dataclass(frozen=True)
class Cell:
    """A piece of source that runs as a whole: a module, one of several, or a notebook's cell.

    Attributes:
        label: how a message names it: the file, or `file, cell 3`.
        first_line: the line of `Source.text` before the cell's own first line.
        grade_id: nbgrader's name for the cell, empty where it has none.
        code_name: what its code was compiled as, where somebody else did that; the label otherwise.
        broken: why a file of several is no Python; that matters once it is imported.
    """

    label: str
    text: str
    first_line: int = 0
    grade_id: str = ""
    code_name: str = ""
    broken: UnreadableSourceError | None = None


@dataclass(frozen=True)
class Source:
    """A handed-in file as text, or several.

    Attributes:
        notebook: whether its cells fail on their own, one not stopping the next.
        notes: what was set aside, and what a stub hides, as sentences.
        absent: the names that a line that was set aside would have made, and which line that is.
    """

    text: str
    cells: tuple[Cell, ...]
    notebook: bool
    notes: tuple[str, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)


def read_source(file_name: str, content: bytes, *, notebook: bool) -> Source:
    """Read a module or a notebook.

    Raises:
        UnreadableSourceError: it is neither.
    """
    if notebook:
        return _read_notebook(file_name, content)
    return _read_module(file_name, content)


def _read_module(file_name: str, content: bytes) -> Source:
    plain = plain_python(_decode(content), file_name, cell=False)
    _parse(plain.text)
    notes = (*plain.notes, *hidden_by_stubs([plain.text], notebook=False))
    cells = (Cell(file_name, plain.text),)
    return Source(plain.text, cells, notebook=False, notes=notes, absent=plain.absent)


def read_files(files: Iterable[tuple[str, bytes]]) -> Source:
    """Read several modules as one text, each of them a cell.

    Args:
        files: name and content of each.
    """
    text = ""
    cells: list[Cell] = []
    notes: list[str] = []
    absent: dict[str, str] = {}
    for name, content in files:
        text += f"\n# {name}\n" if text else f"# {name}\n"
        cell = Cell(name, "", first_line=text.count("\n"))
        try:
            read = _read_module(name, content)
        except UnreadableSourceError as error:
            broken = UnreadableSourceError(error.reason, error.line, cell, error.pointed)
            shown = _unix_newlines(content.decode("utf-8", "replace").replace("\0", "\ufffd"))
            cell = replace(cell, text=shown, broken=broken)
        else:
            cell = replace(cell, text=read.text)
            notes += [note if note.startswith(name) else f"{name}: {note}" for note in read.notes]
            absent |= read.absent
        cells.append(cell)
        text += f"{cell.text.rstrip()}\n"
    return Source(text, tuple(cells), notebook=False, notes=tuple(notes), absent=absent)


def _decode(content: bytes) -> str:
    if content.startswith(UTF16_MARKS):
        raise UnreadableSourceError("the file is saved as UTF-16; save it as UTF-8")
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise UnreadableSourceError("the file has NUL bytes in it, so it is not a text file", line)
    try:
        return _unix_newlines(content.decode(_encoding(content)))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        reason = f"the file is not UTF-8 (byte 0x{content[error.start]:02x}); save it as UTF-8"
        raise UnreadableSourceError(reason, line) from error
    except (SyntaxError, LookupError, UnicodeError) as error:
        reason = "the file is not what its coding line says; save it as UTF-8"
        raise UnreadableSourceError(reason, 1) from error


def _encoding(content: bytes) -> str:
    """Return what a file's coding line says, UTF-8 where it has none."""
    if not any(b"coding" in line for line in content.split(b"\n", 2)[:2]):
        return "utf-8-sig"
    return tokenize.detect_encoding(io.BytesIO(content).readline)[0]


def _unix_newlines(text: str) -> str:
    return io.IncrementalNewlineDecoder(None, translate=True).decode(text, final=True)


def _parse(text: str) -> None:
    try:
        ast.parse(text)
    except SyntaxError as error:
        reason, line = f"{type(error).__name__}: {error.msg}", error.lineno or 0
        pointed = _pointed(text, line, error.offset or 0)
        raise UnreadableSourceError(reason, line, pointed=pointed) from error
    except (ValueError, RecursionError, MemoryError) as error:
        reason = f"Python can't parse the file ({type(error).__name__})"
        raise UnreadableSourceError(reason) from error


def _pointed(text: str, number: int, column: int) -> str:
    """Return a line of a text, and below it a caret; of a long one what is around the column.

    Args:
        text: of a file.
        number: the line's, 1-based.
        column: 1-based; 0 where none is meant.
    """
    lines = text.split("\n")
    if not (0 < number <= len(lines) and column > 0 and lines[number - 1].strip()):
        return ""
    line = lines[number - 1].expandtabs(1).rstrip()
    indent = len(line) - len(line.lstrip())
    start = max(min(column - 1 - WIDEST // 2, len(line) - WIDEST), indent)
    at = min(max(column - 1, start), len(line)) - start
    return f"{line[start : start + WIDEST]}\n{' ' * at}^"


def _read_notebook(file_name: str, content: bytes) -> Source:
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableSourceError(f"the file is not a notebook: {error}"[:200]) from error
    pieces: list[str] = []
    cells: list[Cell] = []
    notes: list[str] = []
    absent: dict[str, str] = {}
    line = 0
    for number, raw in enumerate(_code_cells(document), start=1):
        label = f"{file_name}, cell {number}"
        plain = plain_python(source_of(raw), label, cell=True)
        notes += plain.notes
        absent |= plain.absent
        pieces.append(f"# cell {number}\n{plain.text.rstrip()}\n")
        cells.append(Cell(label, plain.text, first_line=line + 1, grade_id=_grade_id(raw)))
        line += pieces[-1].count("\n") + 1
    notes += hidden_by_stubs([cell.text for cell in cells], notebook=True)
    return Source("\n".join(pieces), tuple(cells), True, tuple(notes), absent)


def all_cells(document: object) -> list[dict[str, object]]:
    """Return a notebook's cells, of format 4 or of format 3 (worksheets).

    Raises:
        UnreadableSourceError: it is no notebook.
    """
    if not isinstance(document, dict):
        raise UnreadableSourceError("the file is not a notebook: it holds no cells")
    cells = document.get("cells")
    sheets = document.get("worksheets")
    if cells is None and isinstance(sheets, list):
        lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        cells = [cell for each in lists if isinstance(each, list) for cell in each]
    if not isinstance(cells, list):
        raise UnreadableSourceError("the file is not a notebook: it holds no cells")
    return [cell for cell in cells if isinstance(cell, dict)]


def _code_cells(document: object) -> list[dict[str, object]]:
    code = [cell for cell in all_cells(document) if cell.get("cell_type") == "code"]
    if len(code) > MAX_CELLS:
        raise UnreadableSourceError(
            f"the notebook has {len(code)} code cells; the limit is {MAX_CELLS}"
        )
    return code


def source_of(cell: dict[str, object]) -> str:
    """Return what is written in a cell."""
    return text_of(cell.get("source", cell.get("input", "")))


def text_of(value: object, between: str = "") -> str:
    """Return a text that a notebook has as a string or as a list of them."""
    if isinstance(value, list):
        value = between.join(part for part in value if isinstance(part, str))
    if not isinstance(value, str):
        return ""
    # JSON can hold halves of surrogate pairs, which no text can
    encodable = value.replace("\0", "").encode("utf-8", "replace").decode()
    return _unix_newlines(encodable)


def _grade_id(cell: dict[str, object]) -> str:
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return grade_id if isinstance(grade_id, str) else ""
