"""What a machine that grades does not have: a keyboard, a GPU, a compiler."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import torch

from grader.guest.crashes.scene import Cause
from grader.guest.questions import NobodyAnswersError

if TYPE_CHECKING:
    from grader.guest.crashes.scene import Scene

__all__ = ["machine"]

LAZY_INIT = torch.cuda._lazy_init.__code__  # noqa: SLF001 - a place, and nothing is called
DEVICES = ("cuda", "mps", "xpu")
COMPILERS = ("torch._inductor", "torch._dynamo")
FAILED = (RuntimeError, AssertionError, NotImplementedError)


def machine(scene: Scene) -> Cause:
    """Return what code asked of a machine that has it not."""
    if isinstance(scene.error, NobodyAnswersError):
        return Cause("input-asked")
    if scene.code is LAZY_INIT:
        return Cause("gpu-not-there")
    if (
        str(type(scene.error).__module__).startswith(COMPILERS)
        and type(scene.error).__name__ != "Unsupported"
    ):
        return Cause("compiler-not-there")
    asks = isinstance(scene.error, FAILED) and any(map(_is_absent, _devices(scene)))
    return Cause("gpu-not-there" if asks else "")


def _devices(scene: Scene) -> list[str]:
    """Return the devices that the failing call names."""
    given = []
    if scene.frames and scene.here is None and "device" in scene.values:
        given.append(scene.values["device"])
    if scene.here and isinstance(node := scene.node, ast.Call):
        every = [*node.args, *(keyword.value for keyword in node.keywords)]
        given += [scene.here.value(each) for each in every]
    return [str(each) for each in given if type(each) in {str, torch.device}]


def _is_absent(device: str) -> bool:
    kind = device[:20].partition(":")[0]
    if kind not in DEVICES:
        return False
    return not (torch.backends.mps.is_available() if kind == "mps" else torch.cuda.is_available())
