"""An exercise's card: its module's docstring, and how a notebook shows that.

A picture is a file `pictures/EXERCISE.svg` of the course. The module has it as text: the indented
lines of a section `In a picture`.
"""

from __future__ import annotations

import ast
import re
from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from grader.authoring.regions import AuthoringError
from grader.courses.declared.formulas import FILE
from grader.courses.declared.strict import meant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.courses import Course, Exercise

__all__ = ["card", "picture_of", "refuse_pictures_of_no_exercise"]

INDENTED = "    "
LINK = re.compile(r"    (?P<name>\S+) +(?P<address>https://\S+)")
PICTURED = "In a picture"  # the section that has it as text
SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 20_000  # every notebook that is handed in has it, too


def card(tree: ast.Module, name: str, formulas: Mapping[str, str], picture: str = "") -> str:
    """Return a module's docstring as markdown: names with addresses as links, formulas as LaTeX.

    Args:
        tree: the module.
        name: the exercise's, for messages.
        formulas: plain lines of the card, with single blanks, and what they are in LaTeX.
        picture: as `picture_of` makes it; the text in its place is folded.

    Raises:
        AuthoringError: there is no docstring, a formula is no line of it, or there is a picture and
            no section that has it as text.
    """
    docstring = ast.get_docstring(tree)
    if docstring is None:
        raise AuthoringError(f"{name}.py:1", "there is no docstring, and so no card")
    title, _, text = docstring.partition("\n")
    lines = text.split("\n")
    _require_lines(formulas, lines, name)
    shown = [_in_markdown(line, formulas) for line in lines]
    if picture:
        place = _drawn_as_text(lines, name)
        shown[place] = [picture, "", *_folded(lines[place]), ""]
    return "\n".join([f"# {title.rstrip('.')}", *shown])


def picture_of(exercise: Exercise) -> str:
    """Return an exercise's picture for a cell of text; nothing where it has none.

    Notebooks take no SVG itself there, and some no address of one in markdown: an image in HTML is
    what Jupyter and VS Code show.

    Raises:
        AuthoringError: it is no SVG, has no title, or is too large.
    """
    file = exercise.picture
    if not file.is_file():
        return ""
    content = file.read_bytes()
    words = " ".join(_title(content, f"pictures/{file.name}").split())
    return f'<img alt="{escape(words)}" src="data:image/svg+xml;base64,{_encoded(content)}">'


def refuse_pictures_of_no_exercise(course: Course) -> None:
    """Refuse a picture that no notebook would have, as after a typo.

    Raises:
        AuthoringError: it is called by no exercise, or by one that has no notebook.
    """
    known = {each.picture for each in course.exercises if not each.files}
    for file in sorted((course.folder / "pictures").glob("*")):
        if file not in known:
            reason = "no exercise of this name has a notebook; expected NAME.svg"
            raise AuthoringError(f"pictures/{file.name}", reason)


def _encoded(content: bytes) -> str:
    return b64encode(content).decode("ascii")


def _title(content: bytes, place: str) -> str:
    """Return what an SVG says of itself."""
    if len(content) > MOST_BYTES:
        reason = f"expected {MOST_BYTES:,} bytes at most; it has {len(content):,}"
        raise AuthoringError(place, reason)
    try:
        root = ET.fromstring(content)  # noqa: S314 - the author's own file
    except ET.ParseError as error:
        raise AuthoringError(place, f"this is no SVG: {error}") from error
    if root.tag != f"{SVG}svg":
        raise AuthoringError(place, f"this is no SVG: it begins with {root.tag!r}")
    title = root.findtext(f"{SVG}title", "")
    if not title.strip():
        reason = "there is no <title>: a sentence for those who do not see the picture"
        raise AuthoringError(place, reason)
    return title


def _drawn_as_text(lines: list[str], name: str) -> slice:
    """Return which lines of a docstring are the picture as text."""
    heading = [PICTURED, "-" * len(PICTURED)]
    start = next((n + 2 for n in range(len(lines)) if lines[n : n + 2] == heading), len(lines))
    while start < len(lines) and not lines[start].strip():
        start += 1
    stop = start
    while stop < len(lines) and (lines[stop].startswith(INDENTED) or not lines[stop].strip()):
        stop += 1
    if stop == start:
        reason = f"the docstring has no section {PICTURED!r} with the picture as indented text"
        raise AuthoringError(f"{name}.py:1", reason)
    return slice(start, stop)


def _folded(drawn: list[str]) -> list[str]:
    """Return a picture as text so that a notebook shows it when it is asked for."""
    text = "\n".join(drawn).rstrip().split("\n")
    return ["<details><summary>The same as text</summary>", "", *text, "", "</details>"]


def _require_lines(formulas: Mapping[str, str], lines: list[str], name: str) -> None:
    known = [" ".join(line.split()) for line in lines if line.startswith(INDENTED)]
    for plain in formulas:
        if plain not in known:
            words = f"the docstring of {name} has no line {plain!r}; {meant(plain, known)}"
            raise AuthoringError(FILE, words)


def _in_markdown(line: str, formulas: Mapping[str, str]) -> str:
    """Return a line of a docstring as markdown has it."""
    if found := LINK.fullmatch(line):
        return f"- [{found['name']}]({found['address']})"  # code in a link is not seen as a link
    plain = " ".join(line.split())
    if line.startswith(INDENTED) and plain in formulas:
        return f"$${formulas[plain]}$$"
    return line
