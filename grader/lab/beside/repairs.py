"""Repairs that change one thing: where code runs with one and fails without, that is the cause."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import torch

from grader.guest.probing import RejectedError, watched, works

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "of_size",
    "only_64",
    "only_one_fails",
    "searching_rows",
    "sums_differentiated",
    "watched_from_the_first",
]


def of_size(
    size: int, images: torch.Tensor, labels: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Make a batch of the images and labels of another, which come again and again."""
    places = torch.arange(size) % len(labels)
    return images[places], labels[places]


def only_64(run: Callable[[int], object]) -> None:
    """Run with batches of 64, as `run` makes them, if those of 65 fail.

    Raises:
        RejectedError: they go through as well, so the code was not made for 64.
    """
    if works(lambda: run(65)):
        raise RejectedError("Batches of 65 go through, too.")
    run(64)


def only_one_fails(run: Callable[[int], object], size: int) -> None:
    """Run with batches of a size and with batches of two, if those of a single image fail.

    Raises:
        RejectedError: they go through.
    """
    if works(lambda: run(1)):
        raise RejectedError("Batches of a single image go through.")
    run(size)
    run(2)


@contextmanager
def sums_differentiated() -> Iterator[None]:
    """Let autograd go back from the sum of a tensor where it is started from many numbers."""

    def from_sum(differentiate: Callable[..., Any]) -> Callable[..., Any]:
        def found(output: Any, *given: Any, **named: Any) -> Any:
            one = isinstance(output, torch.Tensor) and output.numel() > 1
            return differentiate(output.sum() if one else output, *given, **named)

        return found

    places = [(torch.Tensor, "backward"), (torch.autograd, "backward"), (torch.autograd, "grad")]
    with ExitStack() as stack:
        for owner, name in places:
            changed = from_sum(getattr(owner, name))
            stack.enter_context(mock.patch.object(owner, name, changed))
        yield


@contextmanager
def searching_rows(instead_of: int | None) -> Iterator[None]:
    """Let a search for the largest number go along the rows of a table.

    Args:
        instead_of: the dimension that it was told; None where `argmax` was told none.
    """

    def by_rows(search: Callable[..., Any]) -> Callable[..., Any]:
        def found(table: torch.Tensor, dim: Any = None, *given: Any, **named: Any) -> Any:
            told = named.pop("axis", dim)
            if table.dim() == 2 and not isinstance(told, torch.Tensor) and told == instead_of:
                return search(table, 1, *given, **named)
            return search(table, *(() if told is None else (told, *given)), **named)

        return found

    names = ("argmax",) if instead_of is None else ("argmax", "max")
    with ExitStack() as stack:
        for owner in (torch, torch.Tensor):
            for name in names:
                search = by_rows(getattr(owner, name))
                stack.enter_context(mock.patch.object(owner, name, search))
        yield


def watched_from_the_first() -> Callable[[torch.Tensor], torch.Tensor]:
    """Return what lets autograd watch every position.

    It raises a ValueError where the first one is watched already, and only later ones are not.
    """
    asked = 0

    def prepare(x: torch.Tensor) -> torch.Tensor:
        nonlocal asked
        asked += 1
        if asked == 1 and x.requires_grad:
            raise ValueError("the first position is watched")
        return watched(x)

    return prepare
