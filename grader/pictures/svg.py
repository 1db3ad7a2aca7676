"""Write figures down as SVG, for a report's page and below a notebook's cell."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from grader.pictures.shapes import Box, Dot, Image, Line
from grader.text.wording import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.pictures.shapes import Drawing, Figure, Key, Shape

__all__ = ["STYLE", "bare", "in_a_notebook", "markup"]

# The colours are variables of what stands around a figure.
STYLE = """\
/* pictures: yours is solid and in the accent, the reference is pale, wide or dashed */
.picture { padding: 0.9rem 0 0.4rem; }
.picture svg { display: block; width: 100%; max-width: 27rem; height: auto; overflow: visible; }
.picture text { fill: var(--ink); font: 12px var(--text); }
.picture .tick { fill: var(--quiet); font-size: 11px; }
.picture .name { font: 600 12px var(--text); fill: var(--ink); }
.picture .middle { text-anchor: middle; }
.picture .end { text-anchor: end; }
.picture .good { fill: var(--good); font-weight: 600; }
.picture .bad { fill: var(--bad); font-weight: 600; }
.picture path { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.picture path.grid { stroke: var(--line); stroke-width: 1; }
.picture path.hill { stroke: var(--quiet); stroke-width: 1.25; }
.picture path.right { stroke: var(--quiet); stroke-dasharray: 1 5; stroke-width: 2.5; }
.picture path.came { stroke: var(--accent); }
.picture path.own { stroke: var(--own); }
.picture path.thin { stroke-width: 1.25; }
.picture path.right.thin { stroke-dasharray: 1 4; }
.picture circle.came { fill: var(--accent); }
.picture circle.own { fill: var(--own); }
.picture circle.right { fill: var(--ground); stroke: var(--quiet); stroke-width: 1.5; }
.picture circle.parting { fill: none; stroke: var(--bad); stroke-width: 2; }
.picture rect.right { fill: var(--track); stroke: var(--quiet); stroke-width: 0.75; }
.picture rect.came { fill: var(--accent); }
.picture rect.faint { opacity: 0.55; }
.picture rect.ink { fill: var(--ink); }
.picture rect.track { fill: var(--track); opacity: 0.6; }
.picture rect.paper { fill: var(--raised); stroke: var(--line); }
.picture rect.diagonal { stroke: var(--quiet); }
.picture rect.frame { fill: none; stroke: var(--bad); stroke-width: 2; }
.picture figcaption { margin-top: 0.6rem; font-size: 0.9375rem; }
.digits .drawings {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 1.25rem 1rem;
}
.digits svg { max-width: 11rem; }
.picture.row svg { max-width: 48rem; }
.key {
  display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin-bottom: 0.3rem;
  color: var(--quiet); font-size: 0.8125rem;
}
.swatch {
  display: inline-block; width: 1.4rem; margin-right: 0.45rem;
  vertical-align: 0.25em; border-top: 2px solid var(--accent);
}
.swatch.right { border-top: 3px dotted var(--quiet); }
.swatch.own { border-color: var(--own); }
.one { --own: #3987e5; }
.two { --own: #d9622b; }
.three { --own: #2e9d4f; }
.four { --own: #9a5fd0; }
.gradients .swatch, .digits .swatch {
  width: 0.7rem; height: 0.7rem; border: 0; background: var(--accent); vertical-align: -0.05em;
}
.gradients .swatch.right { border: 1px solid var(--quiet); background: var(--track); }
"""

# for a notebook, what can be read on white and on black; a digit is dark, so its paper is light
SHADES = (
    "--ink:currentColor;--quiet:#8a8a8a;--line:#8a8a8a66;--track:#8a8a8a55;--ground:transparent;"
    "--raised:#eee;--accent:#3987e5;--good:#2e9d4f;--bad:#e0524d;--text:system-ui,sans-serif;"
    "figure{margin:0}"
)


def markup(figure: Figure, name: str) -> str:
    """Write a figure down as HTML.

    Args:
        figure: what is drawn.
        name: of this figure alone on its page.
    """
    drawings = "".join(
        _drawing(each, f"{name}-{number}") for number, each in enumerate(figure.drawings, 1)
    )
    keys = "".join(map(_key, figure.key))
    key = f'<span class="key" aria-hidden="true">{keys}</span>' if keys else ""
    return (
        f'<figure class="picture {figure.css}"><div class="drawings">{drawings}</div>'
        f"<figcaption>{key}{_text(figure.caption)}</figcaption></figure>"
    )


def bare(drawing: Drawing) -> str:
    """Write a drawing down alone, for eyes only: what it shows stands beside it in words."""
    shapes = "".join(map(_shape, drawing.shapes))
    box = f'viewBox="0 0 {drawing.width} {drawing.height}"'
    return f'<svg {box} aria-hidden="true">{shapes}</svg>'


def _text(words: str) -> str:
    return escape(printable(words))


def in_a_notebook(figures: Iterable[Figure], name: str) -> str:
    """Write figures down for a page of which nobody knows whether it is light or dark."""
    written = "".join(markup(each, f"{name}-{n}") for n, each in enumerate(figures))
    if not written:
        return ""
    return f'<div class="shown"><style>.shown{{{SHADES}{STYLE}}}</style>{written}</div>'


def _drawing(it: Drawing, name: str) -> str:
    shapes = "".join(map(_shape, it.shapes))
    return (
        f'<svg viewBox="0 0 {it.width} {it.height}" role="img" '
        f'aria-labelledby="{name}-title {name}-text">'
        f'<title id="{name}-title">{_text(it.title)}</title>'
        f'<desc id="{name}-text">{_text(it.description)}</desc>{shapes}</svg>'
    )


def _key(it: Key) -> str:
    return f'<span><span class="swatch {it.css}"></span>{_text(it.words)}</span>'


def _shape(it: Shape) -> str:
    match it:
        case Line():
            return f'<path d="{it.d}" class="{it.css}"/>'
        case Dot():
            return f'<circle cx="{it.x}" cy="{it.y}" r="{it.r}" class="{it.css}"/>'
        case Box():
            faint = f' opacity="{it.strength}"' if it.strength < 1 else ""
            place = f'x="{it.x}" y="{it.y}" width="{it.width}" height="{it.height}"'
            return f'<rect {place} class="{it.css}"{faint}/>'
        case Image():
            place = f'x="{it.x}" y="{it.y}" width="{it.size}" height="{it.size}"'
            return f'<image {place} href="{it.href}"/>'
    words = f'x="{it.x}" y="{it.y}" class="{it.css} {it.anchor}"'
    return f"<text {words}>{_text(it.text)}</text>"
