"""What code may switch for all of torch, in whose process others compute as well."""

from __future__ import annotations

from typing import NamedTuple

import torch

__all__ = ["AS_IMPORTED", "Switches", "switches", "throw"]


class Switches(NamedTuple):
    """The positions of torch's switches.

    Attributes:
        device: where new tensors are made; None for the CPU.
    """

    dtype: torch.dtype
    grad_enabled: bool
    device: torch.device | None


AS_IMPORTED = Switches(torch.float32, grad_enabled=True, device=None)


def switches() -> Switches:
    """Return the positions now."""
    device = torch.get_default_device()
    on_cpu = device.type == "cpu"  # to name it would make every new tensor slower
    return Switches(torch.get_default_dtype(), torch.is_grad_enabled(), None if on_cpu else device)


def throw(positions: Switches) -> None:
    """Bring the switches into some positions."""
    torch.set_default_dtype(positions.dtype)
    torch.set_grad_enabled(positions.grad_enabled)
    torch.set_default_device(positions.device)
