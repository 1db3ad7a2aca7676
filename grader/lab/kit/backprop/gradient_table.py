"""The gradients of a backward pass as a table: what is right, and where on the way the fault is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from grader.suite import difference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["gradient_table"]

HEAD = ("gradient", "shape", "difference", "verdict")
LEGEND = "The difference is the largest error, divided by the largest right number."


def gradient_table(came: object, right: Mapping[str, torch.Tensor]) -> str:
    """Say which gradients are right, where the first fault lies, and how far off each of them is.

    What it says holds no number of either side, only the size of a difference in one digit.

    Args:
        came: what came back, under the names of `right`; it may be anything.
        right: the right gradients as the way back meets them, from the loss to the input: the
            weight's and then the bias's of each layer (`dW2`, `db2`, `dW1`, `db1`).

    Returns:
        Lines of text; nothing for what is no dict of these names.
    """
    if not isinstance(came, dict) or came.keys() != right.keys():
        return ""
    good = {name for name, value in right.items() if not difference(came[name], value)}
    rows = [_row(name, came[name], value, name in good) for name, value in right.items()]
    names = list(right)
    layers = [names[place : place + 2] for place in range(0, len(names), 2)]
    return "\n".join([_place_of_fault(layers, good), "", *_aligned([HEAD, *rows]), LEGEND])


def _place_of_fault(layers: Sequence[Sequence[str]], good: set[str]) -> str:
    """Say what is right and where on the way back the first fault lies, as far as that tells."""
    before: Sequence[str] = ()
    for layer in layers:
        bad = [name for name in layer if name not in good]
        if bad and len(bad) < len(layer):
            return f"{_all(good & {*layer})} right, so the first fault lies in {bad[0]} alone."
        if bad and before:
            weights = before[0][1:], layer[0][1:]
            return f"{_all(before)} right, so the fault lies between {' and '.join(weights)}."
        if bad:
            break
        before = layer
    if good:
        return f"{_all(sorted(good))} right, so the gradient passed back is right, too."
    return "None of them is right, so start with the first step of the backward pass."


def _all(names: Sequence[str] | set[str]) -> str:
    return f"{' and '.join(names)} {'are' if len(names) > 1 else 'is'}"


def _row(name: str, came: object, right: torch.Tensor, good: bool) -> tuple[str, str, str, str]:
    shape = str(tuple(right.shape))
    if good:
        return name, shape, "none", "right"
    if not isinstance(came, torch.Tensor):
        return name, shape, "-", "not a tensor"
    if came.shape != right.shape:
        return name, shape, "-", f"yours: shape {tuple(came.shape)}"
    if came.dtype != right.dtype:
        return name, shape, "-", f"yours: {str(came.dtype).removeprefix('torch.')}"
    if not torch.isfinite(came).all():
        return name, shape, "-", "not finite"
    return name, shape, _share(came, right), "wrong"


def _share(came: torch.Tensor, right: torch.Tensor) -> str:
    """Give the largest difference as a share of the largest right number, in one digit."""
    largest = right.abs().max().item()
    share = (came - right).abs().max().item() / largest if largest else float("inf")
    if share > 1000:
        return "over 1000"
    return f"{float(f'{share:.1g}'):g}" if share >= 0.01 else "under 0.01"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Pad every column to its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
