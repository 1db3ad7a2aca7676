"""The blocks of code and the commands on the project's pages for people."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["blocks_of", "commands_in"]

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks_of(page: str) -> list[tuple[str, str]]:
    """Return the language and the text of each block of code of a page."""
    return BLOCK.findall((ROOT / page).read_text("utf-8"))


def commands_in(page: str) -> list[str]:
    """Return the lines of a page's blocks that call the grader, without comments."""
    return [
        line.partition("#")[0].strip()
        for _, text in blocks_of(page)
        for line in text.splitlines()
        if line.startswith("grader ")
    ]
