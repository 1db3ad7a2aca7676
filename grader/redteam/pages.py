"""Look whether what a student wrote became part of a report's markup, formulas or script."""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NoReturn

from grader.redteam.findings import CLAIM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["unsafe_in"]

RUNS = ("javascript:", "vbscript:", "data:text")
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def unsafe_in(output: Path) -> list[str]:
    """Say what a browser, a spreadsheet or a program would take for something else than text."""
    found = [f"{page.name}: {what}" for page in output.rglob("*.html") for what in _markup(page)]
    with (output / "grades.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row if CLAIM in cell]
    found += [f"grades.csv: {cell!r}" for cell in cells if cell.startswith(BEGINS_A_FORMULA)]
    try:
        text = (output / "results.json").read_text(encoding="utf-8")
        json.loads(text, parse_constant=_no_number)
    except ValueError as error:
        found.append(f"results.json: {error}")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _markup(page: Path) -> Iterator[str]:
    reader = _Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    yield from reader.found


class _Reader(HTMLParser):
    """Finds the claim of an attack where it would be run or rendered."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag that has the claim in its name or in what its attributes run."""
        self._inside = tag
        if CLAIM.lower() in tag:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            runs = name.startswith("on") or (value or "").strip().lower().startswith(RUNS)
            if runs and CLAIM in (value or ""):
                self.found.append(f"<{tag} {name}>")

    def handle_endtag(self, tag: str) -> None:
        """Leave a tag."""
        del tag
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Look at a script or a style sheet."""
        if self._inside in {"script", "style"} and CLAIM in data:
            self.found.append(f"<{self._inside}>")
