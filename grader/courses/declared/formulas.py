r"""`formulas.toml`: how the formulas of cards are typeset in notebooks; modules keep them as text.

    [[hw1]]
    plain = "p_i = exp(z_i) / sum of exp(z_j)"
    latex = '''p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}'''

`plain` is an indented line of the card; how many blanks are between its words does not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from grader.courses.declared.strict import StrictFile, meant, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["FILE", "read_formulas"]

FILE = "formulas.toml"
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]


class _Formula(msgspec.Struct, forbid_unknown_fields=True):
    plain: Line
    latex: Line


EXPECTED = {
    "plain": "a docstring's line",
    "latex": "the same formula in LaTeX, without dollars",
}


def read_formulas(folder: Path, exercises: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the formulas of a course: by exercise, each plain line with its LaTeX.

    Args:
        folder: the course's; it need not have any.
        exercises: the names of its exercises.

    Raises:
        UsageError: the file can't be read, or is about an exercise that there is not; the message
            names file and line.
    """
    try:
        text = read_text(folder / FILE)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return _FormulaFile(folder / FILE, text).read(list(exercises))


class _FormulaFile(StrictFile):
    """A `formulas.toml` while it is read."""

    def read(self, exercises: list[str]) -> dict[str, dict[str, str]]:
        """Return what it holds."""
        return {name: self._of(name, each, exercises) for name, each in self.parse().items()}

    def _of(self, name: str, entries: object, exercises: list[str]) -> dict[str, str]:
        if name not in exercises:
            raise self.error((name,), f"there is no exercise {name!r}; {meant(name, exercises)}")
        if not isinstance(entries, list):
            raise self.error((name,), f"write a table `[[{name}]]` for each formula")
        for number, entry in enumerate(entries):
            self.check(entry, _Formula, (name, number), EXPECTED, "the formula")
        return {" ".join(each["plain"].split()): each["latex"].strip() for each in entries}
