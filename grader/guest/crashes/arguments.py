"""Whether a function can be called with so many arguments: what its signature says."""

from __future__ import annotations

import inspect
from types import FunctionType, MethodType
from typing import TYPE_CHECKING

from grader.guest.crashes.scene import NO_CAUSE, Cause

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["call_of"]

SELF = {"self", "cls"}
MOST_PARAMETERS = 50
NAMED = {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}


def call_of(function: FunctionType | MethodType, given: int, named: Sequence[str]) -> Cause:
    """Say why a function can't be called; nothing where it can be.

    Args:
        function: one that is written in Python.
        given: how many arguments it gets by their place.
        named: the names of the others.
    """
    inner = function.__func__ if isinstance(function, MethodType) else function
    if not isinstance(inner, FunctionType) or _fits(_signature(function), given, named):
        return NO_CAUSE
    own = _signature(inner).parameters
    name = inner.__name__[:60]
    is_bound = isinstance(function, MethodType) and next(iter(own), "") not in SELF
    if is_bound and _fits(_signature(inner), given, named):
        return Cause("self-missing", f"the method is `{name}`")
    return Cause("arguments-do-not-fit", _words(name, _signature(function), given, named))


def _signature(function: Callable[..., object]) -> inspect.Signature:
    return inspect.signature(function, follow_wrapped=False)


def _fits(signature: inspect.Signature, given: int, named: Sequence[str]) -> bool:
    try:
        signature.bind(*range(given), **dict.fromkeys(named))
    except TypeError:
        return False
    return True


def _words(name: str, signature: inspect.Signature, given: int, named: Sequence[str]) -> str:
    takes = (
        ", ".join(each[:40] for each in list(signature.parameters)[:MOST_PARAMETERS]) or "nothing"
    )
    by_name = f" and {', '.join(each[:40] for each in named[:10])} by name" if named else ""
    return f"`{name}` takes {takes}; the call passes {given} by position{by_name}"
