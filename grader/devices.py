"""The device that a run computes on."""

from __future__ import annotations

from pathlib import Path

from grader.errors import UsageError

__all__ = ["resolve_device"]

DRIVER = Path("/dev/nvidiactl")


def resolve_device(wanted: str) -> str:
    """Return `cpu` or `cuda` for `auto`, `cpu` or `cuda`.

    torch is asked only where a GPU's driver is loaded, since importing it takes seconds.

    Raises:
        UsageError: CUDA was asked for, and is not there.
    """
    if wanted == "cpu":
        return "cpu"
    there = DRIVER.exists() and _torch_sees_a_gpu()
    if wanted == "cuda" and not there:
        raise UsageError("torch finds no GPU on this machine; pass --device cpu or --device auto")
    return "cuda" if there else "cpu"


def _torch_sees_a_gpu() -> bool:
    import torch

    return torch.cuda.is_available()
