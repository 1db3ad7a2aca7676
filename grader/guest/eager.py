"""Everything runs eagerly, and torch's compiler stays out: to import it takes as long as torch.

The first step of an optimizer imports it, only to say where a compiled step would have to break;
torchvision does, to ask whether it can be had; `torch.use_deterministic_algorithms`, to tell it.
`torch.func.grad` switches it off. None of them needs it where nothing is compiled, and to compile
takes longer than a call may:
`torch.compile` gives back what it is given.
"""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from types import FunctionType, ModuleType
from typing import Any

import torch

__all__ = ["import_torchvision", "run_eagerly"]

COMPILER = "torch._dynamo"
Step = Callable[..., object]


@functools.cache
def run_eagerly() -> None:
    """Let optimizers step without the compiler, and have nothing compiled, in this process.

    Where a release of torch is built otherwise, its optimizers are left as they are.
    """
    for kind in list(vars(torch.optim).values()):
        if isinstance(kind, type) and issubclass(kind, torch.optim.Optimizer):
            _without_breaks(kind)
    if COMPILER not in sys.modules:
        vars(torch)["_dynamo"] = _Unasked(COMPILER)  # what `torch.func` looks into
    torch.use_deterministic_algorithms = functools.wraps(torch.use_deterministic_algorithms)(
        _deterministic
    )
    torch.compile = functools.wraps(torch.compile)(_given_back)  # type: ignore[assignment] # overloads


@functools.cache
def import_torchvision() -> None:
    """Import torchvision, with the answer that nothing can be compiled at hand."""
    asked = ModuleType(f"{COMPILER}.utils")
    vars(asked)["is_compile_supported"] = lambda device: False  # noqa: ARG005 - its signature
    modules = {COMPILER: ModuleType(COMPILER), asked.__name__: asked}
    if COMPILER in sys.modules:
        return
    sys.modules |= modules
    try:
        with suppress(ImportError):  # a release that asks more finds the compiler itself later
            import torchvision  # noqa: F401 - for those who import it next
    finally:
        for name in modules:
            del sys.modules[name]


class _Unasked:
    """A module of the compiler that is imported when more is asked than to switch it off."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def compiled_autograd(self) -> object:
        """The part that `torch.func` switches off around a backward pass."""
        return _Unasked(f"{self._name}.compiled_autograd")

    def _disable(self) -> AbstractContextManager[None]:
        return nullcontext()

    def __getattr__(self, name: str) -> object:
        return getattr(importlib.import_module(self._name), name)


def _without_breaks(kind: type[torch.optim.Optimizer]) -> None:
    for name, method in list(vars(kind).items()):
        inner = getattr(method, "__wrapped__", None)
        if not isinstance(method, FunctionType) or not isinstance(inner, FunctionType):
            continue
        if name == "step" and "_dynamo" in method.__code__.co_names:
            setattr(kind, name, _eager(inner))
        elif "__dynamo_disable" in method.__code__.co_consts:
            vars(inner)["__dynamo_disable"] = inner  # where torch keeps it after the first call


def _eager(step: Step) -> Step:
    """Return a step that switches autograd as torch's own does."""

    @functools.wraps(step)
    def stepped(self: torch.optim.Optimizer, *arguments: Any, **keywords: Any) -> object:
        with torch.set_grad_enabled(self.defaults["differentiable"]):
            return step(self, *arguments, **keywords)

    return stepped


def _deterministic(mode: bool, *, warn_only: bool = False) -> None:
    """Switch eager operations alone."""
    torch._C._set_deterministic_algorithms(mode, warn_only=warn_only)  # noqa: SLF001 - as torch does


def _given_back(model: object = None, **settings: object) -> object:
    """Return what was to be compiled; without it, a decorator that does."""
    del settings
    return model if model is not None else lambda given: given
