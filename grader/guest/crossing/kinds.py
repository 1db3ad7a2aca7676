"""What kind of thing a value is, where nothing else of it crosses."""

from __future__ import annotations

import inspect
from types import ModuleType

__all__ = ["OF_KINDS", "kind_and_name", "kind_in_words", "unusable", "with_article"]

CLASS, FUNCTION, METHOD = "class", "function", "method"
OF_KINDS = {
    CLASS: "class-not-object",
    FUNCTION: "function-not-called",
    METHOD: "function-not-called",
}  # the mistake of what came as it was defined, where what it makes was expected
VOWELS = frozenset("aeiou")
OF_NOTHING = (type(None), type, ModuleType)  # what a function of C code belongs to


def kind_and_name(value: object) -> tuple[str, str]:
    """Return what a value is called: a class, function or method by its kind and its own name.

    Any other is of the type that is named, with nothing more.
    """
    if isinstance(value, type):
        return CLASS, value.__name__
    if inspect.isroutine(value):
        of_an_object = not isinstance(getattr(value, "__self__", None), OF_NOTHING)
        return METHOD if of_an_object else FUNCTION, str(getattr(value, "__name__", ""))
    kind = type(value)
    if kind.__module__ in {"builtins", "__main__"}:
        return kind.__qualname__, ""
    return f"{kind.__module__.split('.')[0]}.{kind.__qualname__}", ""


def kind_in_words(value: object) -> str:
    """Say what a value is: `None`, `a list`, `a torch.Tensor`, `the class Net`."""
    kind, name = kind_and_name(value)
    if value is None:
        return "None"
    if kind in OF_KINDS:
        return f"the {kind} {name}".rstrip()
    return with_article(kind)


def with_article(noun: str) -> str:
    """Put `a` or `an` before the name of a type."""
    return f"{'an' if noun[:1].lower() in VOWELS else 'a'} {noun}"


def unusable(value: object) -> str:
    """Return the mistake of a function that returned None, a class or a function; or nothing."""
    return "nothing-returned" if value is None else OF_KINDS.get(kind_and_name(value)[0], "")
