"""What a submission imports is never ours: two names mean something only to a course's own code."""

from __future__ import annotations

import builtins
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from types import ModuleType

__all__ = ["OURS", "first_part", "is_ours", "kept_apart"]

OURS = frozenset({"beside", "kit"})  # what a course's suites and probes are made of


@contextmanager
def kept_apart(modules: Collection[str]) -> Iterator[None]:
    """Let some modules import nothing of these names meanwhile, whoever has loaded it before.

    A file that is called so and lies beside the student's is not handed in with it. This is no
    wall: nothing in there is secret where a submission can get at it.

    Args:
        modules: the first part of the student's modules' names.
    """
    importing = builtins.__import__

    def importing_others(
        name: str,
        globals: Mapping[str, Any] | None = None,  # noqa: A002 - as it is called
        locals: Mapping[str, Any] | None = None,  # noqa: A002 - same
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        if not level and is_ours(name) and first_part((globals or {}).get("__name__")) in modules:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return importing(name, globals, locals, fromlist, level)

    builtins.__import__ = importing_others
    try:
        yield
    finally:
        builtins.__import__ = importing


def is_ours(name: str) -> bool:
    """Whether a module is a course's own, by its name."""
    return first_part(name) in OURS


def first_part(name: object) -> str:
    """Return the first part of a dotted name; nothing for what is none."""
    return name.partition(".")[0] if isinstance(name, str) else ""
