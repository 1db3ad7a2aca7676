"""Load something into a guest of this process, and ask it; what fails says what was replied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab_notebooks import notebook

from grader.guest.crossing.wire import Call, Load, Loaded, Returned

if TYPE_CHECKING:
    from grader.guest.submission import Guest

__all__ = ["answer", "load_cells", "noted"]


def noted(guest: Guest, request: Load) -> tuple[str, ...]:
    """Load something and return what is noted."""
    reply = guest.handle(request)
    assert isinstance(reply, Loaded), reply
    return reply.notes


def load_cells(guest: Guest, *cells: str) -> tuple[str, ...]:
    """Load a notebook and return what is noted."""
    content = notebook(*(("", cell) for cell in cells))
    return noted(guest, Load("ex_loaded", "ex.ipynb", content, True, "cpu"))


def answer(guest: Guest) -> object:
    """Call the loaded function `f`."""
    reply = guest.handle(Call("f", (), 0))
    assert isinstance(reply, Returned), reply
    return reply.value
