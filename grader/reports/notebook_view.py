"""Show a notebook as a notebook: its text, its code with line numbers, its saved outputs.

Whatever stands in it ends as text, as a few harmless tags, or as the pixels of an image.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from grader.reports.highlighting import Stretch, code_stretches, without_reordering
from grader.reports.wording import printable
from grader.saved_notebook import CellKind, OutputKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.saved_notebook import NotebookCell, Output
    from grader.verdicts import SourceCode

__all__ = ["CellView", "OutputView", "notebook_view"]

TAGS = {"b", "blockquote", "br", "caption", "code", "dd", "del", "dl", "dt", "em", "hr", "i"} | {
    *("li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th"),
    *("thead", "tr", "ul", "u", "h1", "h2", "h3", "h4", "h5", "h6"),
}
HEADING = re.compile(r"<(/?)h[1-6]>")
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_SIDE = 4_000  # pixels; a small file can hold an image that fills a browser's memory


@dataclass(frozen=True)
class OutputView:
    """One saved output: as text, as HTML or as an image; or a note on what is not shown."""

    text: str = ""
    html: Markup | str = ""
    image: str = ""
    note: str = ""


@dataclass(frozen=True)
class CellView:
    """One cell; a code cell has a label and lines, any other has HTML or text."""

    label: str
    stretches: tuple[Stretch, ...]
    html: Markup
    text: str
    outputs: tuple[OutputView, ...]


def notebook_view(code: SourceCode, anchors: Mapping[int, str]) -> tuple[CellView, ...]:
    """Return a notebook's cells, its code cells numbered as messages name them.

    Args:
        code: what was handed in.
        anchors: lines of all of the code to be marked, and the names that they have on the page.
    """
    return tuple(_cells(code, anchors))


def _cells(code: SourceCode, anchors: Mapping[int, str]) -> Iterator[CellView]:
    number = 0
    for cell in code.cells:
        outputs = tuple(map(_output, cell.outputs))
        if cell.kind is CellKind.CODE:
            number += 1
            yield CellView(f"cell {number}", _stretches(cell, anchors), Markup(), "", outputs)
        elif cell.kind is CellKind.MARKDOWN:
            yield CellView("", (), _markdown(cell.text), "", outputs)
        else:
            yield CellView("", (), Markup(), without_reordering(cell.text), outputs)


def _stretches(cell: NotebookCell, anchors: Mapping[int, str]) -> tuple[Stretch, ...]:
    own = {line - cell.first_line: anchor for line, anchor in anchors.items()}
    return code_stretches(cell.text, "python", own)


def _markdown(text: str) -> Markup:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    try:
        renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
        html = MarkdownWithMath(renderer=renderer).render(without_reordering(text))
    except Exception:  # noqa: BLE001 - a parser that stumbles over a text costs its looks alone
        return Markup("<pre>{}</pre>").format(without_reordering(text))
    return harmless(html)


def harmless(html: str) -> Markup:
    """Return HTML with nothing left in it but a few tags without attributes."""
    import nh3

    clean = nh3.clean(
        printable(html), tags=TAGS, attributes={}, clean_content_tags={"script", "style"}
    )
    reachable = clean.replace("<pre>", '<pre tabindex="0">')  # the keyboard scrolls what has focus
    return Markup(HEADING.sub(_paragraph, reachable))  # noqa: S704 - cleaned


def _paragraph(heading: re.Match[str]) -> str:
    """Make a paragraph of a heading, which would break the outline of the page."""
    return "</p>" if heading[1] else '<p class="heading">'


def _output(output: Output) -> OutputView:
    match output.kind:
        case OutputKind.TEXT | OutputKind.ERROR:
            return OutputView(text=without_reordering(output.content))
        case OutputKind.HTML:
            return OutputView(html=harmless(without_reordering(output.content)))
        case OutputKind.PNG:
            return _image(output.content)
        case OutputKind.LEFT_OUT:
            return OutputView(note=f"Not shown: {output.content}.")


def _image(content: str) -> OutputView:
    """Return a PNG that is one by its first bytes, and of a size that can be shown."""
    try:
        pixels = base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        pixels = b""
    sides = [int.from_bytes(pixels[at : at + 4]) for at in (16, 20)]
    if not pixels.startswith(PNG_SIGNATURE) or not all(0 < side <= MAX_SIDE for side in sides):
        return OutputView(note="Not shown: an image that is no PNG, or too large.")
    return OutputView(image=f"data:image/png;base64,{base64.b64encode(pixels).decode()}")
