"""The pages that a long list of students is cut into, and the links to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from grader.files.output_folder import LISTS
from grader.results.page_names import list_name
from grader.text.wording import share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["STEPS", "SheetLink", "cut", "links_of", "links_on", "list_href", "tenth"]

STEPS = 10  # the spread of scores is counted in tenths of the maximum
Item = TypeVar("Item")


@dataclass(frozen=True)
class SheetLink:
    """A link to one page of a list: whom it begins and ends with."""

    href: str
    first: str
    last: str
    here: bool = False


def cut(items: Sequence[Item], rows: int) -> list[Sequence[Item]]:
    """Return what stands on each page, of so many rows at most; a list of nobody has none."""
    return [items[start : start + rows] for start in range(0, len(items), rows)]


def links_of(name: str, ends: Iterable[tuple[str, str]], folder: str = "") -> tuple[SheetLink, ...]:
    """Return links to all pages of a list; `ends` says whom each begins and ends with."""
    return tuple(
        SheetLink(folder + quote(list_name(name, number)), first, last)
        for number, (first, last) in enumerate(ends, start=1)
    )


def links_on(links: Sequence[SheetLink], page: int) -> tuple[SheetLink, ...]:
    """Return the links as they stand on one of the pages, counted from 0; a single one has none."""
    here = (replace(link, here=place == page) for place, link in enumerate(links))
    return tuple(here) if len(links) > 1 else ()


def list_href(name: str) -> str:
    """Return where the page of the class, or of a book, finds the list of a name."""
    return f"{LISTS}/{quote(list_name(name))}"


def tenth(points: float, of: float) -> int:
    """Return the tenth that points are in, from 0; full marks belong to the last."""
    return min(int(STEPS * share(points, of)), STEPS - 1)
