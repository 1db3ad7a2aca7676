"""Where in a solution the parts are that students write themselves."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from grader.errors import GraderError

__all__ = ["BEGIN", "END", "AuthoringError", "Region", "find_regions", "parse", "spans"]

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
# nbgrader takes any line that holds these words for a marker, so no other line may hold them.
MARKER_WORDS = re.compile(r"(BEGIN|END) SOLUTION")


class AuthoringError(GraderError):
    """A solution that no stub can be made from.

    Attributes:
        place: `file:line`, which the message begins with.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place


@dataclass(frozen=True)
class Region:
    """Lines that a student has to write.

    Attributes:
        begin: 1-based line of the opening marker.
        end: 1-based line of the closing marker.
        function: the function or method that they are part of: `f`, `Net.forward`.
        part: what of the module's top level that belongs to: `f`, `Net`.
    """

    begin: int
    end: int
    function: str
    part: str


def parse(source: str, name: str) -> ast.Module:
    """Parse a module.

    Raises:
        AuthoringError: it is not Python.
    """
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise AuthoringError(f"{name}.py:{error.lineno}", f"not Python: {error.msg}") from error


def find_regions(source: str, name: str) -> list[Region]:
    """Find the marked regions of a solution, in order.

    A function without one is given to the students as it is.

    Args:
        source: the solution's text.
        name: the exercise's, for messages: `hw3_log_softmax`.

    Raises:
        AuthoringError: the source is not Python, a marker is nested, stray or unclosed, a region is
            not part of one function or method, or the whole module has none.
    """
    tree = parse(source, name)
    pairs = spans(source.splitlines(), name)
    if not pairs:
        raise AuthoringError(f"{name}.py:1", f"nothing to write: there is no {BEGIN!r} in it")
    return [Region(begin, end, *_owner(begin, end, tree, name)) for begin, end in pairs]


def spans(lines: list[str], name: str) -> list[tuple[int, int]]:
    """Pair the markers by line number.

    Raises:
        AuthoringError: a marker is nested, stray or unclosed.
    """
    pairs: list[tuple[int, int]] = []
    begin = 0
    for number, line in enumerate(lines, start=1):
        place = f"{name}.py:{number}"
        marker = _marker(line, place)
        if marker == BEGIN and begin:
            raise AuthoringError(place, f"nested marker: the one in line {begin} is still open")
        if marker == END and not begin:
            raise AuthoringError(place, f"stray marker: there is no {BEGIN!r} before it")
        if marker == BEGIN:
            begin = number
        elif marker == END:
            pairs.append((begin, number))
            begin = 0
    if begin:
        raise AuthoringError(f"{name}.py:{begin}", f"unclosed marker: there is no {END!r} after it")
    return pairs


def _marker(line: str, place: str) -> str:
    """Return the marker that a line is, or nothing."""
    text = line.strip()
    if text in {BEGIN, END}:
        return text
    if MARKER_WORDS.search(text):
        reason = f"a marker is a line of its own, {BEGIN!r} or {END!r}; this one is {text!r}"
        raise AuthoringError(place, reason)
    return ""


def _owner(begin: int, end: int, tree: ast.Module, name: str) -> tuple[str, str]:
    """Return the function or method that all lines of a region are part of, and where that is."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    places = [("", node) for node in tree.body]
    places += [(each.name, node) for each in classes for node in each.body]
    owners = [
        (around, node)
        for around, node in places
        if isinstance(node, ast.FunctionDef) and node.lineno < begin <= (node.end_lineno or 0)
    ]
    if not owners:
        place = f"{name}.py:{begin}"
        raise AuthoringError(place, "the region is not part of a function's or a method's body")
    cut = [node.lineno for _, node in places if begin < node.lineno < end]
    if cut:
        reason = f"the region ends in line {end}, after the next statement begins in line {cut[0]}"
        raise AuthoringError(f"{name}.py:{begin}", reason)
    around, function = owners[0]
    return (f"{around}.{function.name}", around) if around else (function.name, function.name)
