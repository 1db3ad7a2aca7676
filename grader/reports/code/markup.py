"""Make HTML of what a submission holds: its code in colours, its markdown, its saved HTML.

Parsers of markup can be made to take hours or gigabytes. Nothing here is called but by the process
that `rendering` bounds.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from grader.reports.code.colouring import coloured_lines
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Kind", "as_html", "harmless", "prepare"]

TAGS = {"b", "blockquote", "br", "caption", "code", "dd", "del", "dl", "dt", "em", "hr", "i"} | {
    *("li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th"),
    *("thead", "tr", "ul", "u", "h1", "h2", "h3", "h4", "h5", "h6"),
}
HEADING = re.compile(r"<(/?)h[1-6]>")


class Kind(StrEnum):
    """What a piece of a submission is."""

    PYTHON = "python"
    MARKDOWN = "markdown"
    HTML = "html"


def prepare(kind: Kind) -> None:
    """Import what a kind needs, which takes longer than most pieces."""
    _NEEDS[kind]()


def as_html(kind: Kind, text: str) -> str:
    """Return a piece as HTML: of code, line for line; of anything else, a few harmless tags."""
    match kind:
        case Kind.PYTHON:
            return "\n".join(coloured_lines(text, "python"))
        case Kind.MARKDOWN:
            return harmless(_markdown()(text))
        case Kind.HTML:
            return harmless(text)


@cache
def _markdown() -> Callable[[str], str]:
    """Return what makes HTML of markdown as notebooks do, except that code stays as it is.

    A notebook would let the text choose any of Pygments' lexers, some of which may take for ever.
    """
    from mistune import HTMLRenderer
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        block_code = HTMLRenderer.block_code

    renderer = Renderer(escape=False, exclude_anchor_links=True)
    return lambda text: str(MarkdownWithMath(renderer=renderer).render(text))


def harmless(html: str) -> str:
    """Return HTML with nothing left in it but a few tags without attributes."""
    import nh3

    clean = nh3.clean(
        printable(html), tags=TAGS, attributes={}, clean_content_tags={"script", "style"}
    )
    reachable = clean.replace("<pre>", '<pre tabindex="0">')  # the keyboard scrolls what has focus
    return HEADING.sub(_paragraph, reachable)


def _paragraph(heading: re.Match[str]) -> str:
    """Make a paragraph of a heading, which would break the outline of the page."""
    return "</p>" if heading[1] else '<p class="heading">'


_NEEDS: dict[Kind, Callable[[], object]] = {
    Kind.PYTHON: lambda: as_html(Kind.PYTHON, "x = 1"),
    Kind.MARKDOWN: lambda: as_html(Kind.MARKDOWN, "text"),
    Kind.HTML: lambda: as_html(Kind.HTML, "text"),
}
