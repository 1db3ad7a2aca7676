"""An exercise's card: its module's docstring, and how a notebook shows that."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from grader.authoring.regions import AuthoringError
from grader.courses.declared.formulas import FILE
from grader.courses.declared.strict import meant

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["card"]

INDENTED = "    "
LINK = re.compile(r"    (?P<name>\S+) +(?P<address>https://\S+)")


def card(tree: ast.Module, name: str, formulas: Mapping[str, str]) -> str:
    """Return a module's docstring as markdown: names with addresses as links, formulas as LaTeX.

    Args:
        tree: the module.
        name: the exercise's, for messages.
        formulas: plain lines of the card, with single blanks, and what they are in LaTeX.

    Raises:
        AuthoringError: there is no docstring, or a formula is no line of it.
    """
    docstring = ast.get_docstring(tree)
    if docstring is None:
        raise AuthoringError(f"{name}.py:1", "there is no docstring, and so no card")
    title, _, text = docstring.partition("\n")
    lines = text.split("\n")
    _require_lines(formulas, lines, name)
    return "\n".join([f"# {title.rstrip('.')}", *(_in_markdown(line, formulas) for line in lines)])


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
