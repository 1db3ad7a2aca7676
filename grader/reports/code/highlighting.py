"""Number and colour the lines of a student's code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from grader.reports.code.markup import Kind
from grader.reports.code.room import PLAIN, TOO_MUCH
from grader.text.characters import DIRECTION_MARKS, any_of, replaced
from grader.text.wording import plural, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.reports.code.room import Room
    from grader.results.verdicts import SourceCode

__all__ = [
    "CodeListing",
    "Stretch",
    "code_stretches",
    "coloured",
    "listing",
    "without_reordering",
]

MAX_LINES = 2_000  # a page stays light; a submission may have megabytes
MAX_CHARACTERS = 200_000  # the same, for a file that is one long line
MAX_LINE = 1_000  # characters; a lexer's time grows with the square of a line
NUMBER_BYTES = 40  # what the number of a line takes on the page
REORDERING = any_of(DIRECTION_MARKS)  # in code they make a line read other than it runs


@dataclass(frozen=True)
class Stretch:
    """Lines of code with their numbers in front; one that an error names is alone, with an anchor.

    What is not marked stays together: a template that goes through every line takes its time.
    """

    html: Markup
    anchor: str


@dataclass(frozen=True)
class CodeListing:
    """Code ready to be shown, with what to say above it, and below where it is not all of it."""

    summary: str
    stretches: tuple[Stretch, ...]
    notes: tuple[str, ...]


def listing(code: SourceCode, anchors: Mapping[int, str], room: Room) -> CodeListing:
    """Return the lines of some code, numbered as Python counts them.

    Args:
        code: what was handed in.
        anchors: lines to be marked, and the names that they have on the page.
        room: what the page has left.
    """
    text = without_reordering(code.text).removesuffix("\n")
    total = text.count("\n") + 1
    lines = [line[: MAX_LINE + 1] for line in text.split("\n")[:MAX_LINES]]
    shown = "\n".join(lines)[:MAX_CHARACTERS]
    stretches, notes = _numbered(shown, code.language, anchors, room)
    if len(lines) < total or len(shown) == MAX_CHARACTERS:
        notes = (*notes, f"The listing stops here; the file has {plural(total, 'line')}.")
    return CodeListing(f"The code that was graded, {plural(total, 'line')}", stretches, notes)


def without_reordering(text: str) -> str:
    """Return a text without control characters, in which nothing reads other than it runs."""
    return replaced(REORDERING, printable(text))


def code_stretches(
    text: str, anchors: Mapping[int, str], room: Room
) -> tuple[tuple[Stretch, ...], tuple[str, ...]]:
    """Return lines of Python from 1 on, those with an anchor marked, and what to say of them."""
    return _numbered(without_reordering(text).removesuffix("\n"), "python", anchors, room)


def coloured(text: str, language: str, room: Room) -> tuple[Markup | None, tuple[str, ...]]:
    """Return some code without numbers, and what to say of it; none where there is no room."""
    html, notes = _coloured(without_reordering(text), language, room)
    return html, notes if html is not None else (TOO_MUCH,)


def _numbered(
    shown: str, language: str, anchors: Mapping[int, str], room: Room
) -> tuple[tuple[Stretch, ...], tuple[str, ...]]:
    html, notes = _coloured(shown, language, room)
    # of a plain text, as `Markup` would make each line one, which takes longer than all the rest
    lines = str.split(html, "\n") if html is not None else []
    if html is None or not room.reserve(NUMBER_BYTES * len(lines)):
        return (), (TOO_MUCH,)
    numbered = [
        f'<span class="no">{number}</span>{line}\n' for number, line in enumerate(lines, start=1)
    ]
    return tuple(_stretches(numbered, anchors)), notes


def _coloured(shown: str, language: str, room: Room) -> tuple[Markup | None, tuple[str, ...]]:
    """Return code as HTML, line for line, and what was done to make it fit."""
    notes: list[str] = []
    lines = shown.split("\n")
    if len(max(lines, key=len)) > MAX_LINE:
        lines = [line if len(line) <= MAX_LINE else f"{line[:MAX_LINE]}..." for line in lines]
        notes.append(f"Lines of more than {MAX_LINE:,} characters are cut.")
    whole = "\n".join(lines)
    html = room.rendered(Kind.PYTHON, whole) if language == "python" else None
    if html is None:
        notes += [PLAIN] if language == "python" else []
        html = room.plain(whole)
    return html, tuple(notes)


def _stretches(lines: Sequence[str], anchors: Mapping[int, str]) -> Iterator[Stretch]:
    before = 0
    for number in sorted(each for each in anchors if 0 < each <= len(lines)):
        if before < number - 1:
            yield _stretch(lines[before : number - 1])
        yield _stretch(lines[number - 1 : number], anchors[number])
        before = number
    if before < len(lines):
        yield _stretch(lines[before:])


def _stretch(lines: Sequence[str], anchor: str = "") -> Stretch:
    return Stretch(Markup("".join(lines)), anchor)  # noqa: S704 - escaped, by Pygments or by us
