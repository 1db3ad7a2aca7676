"""Repairs that change one thing: where code runs with one and fails without, that is the cause."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch

from grader.guest.probing import RejectedError, works

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["of_size", "only_64", "searching_rows"]


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


@contextmanager
def searching_rows(instead_of: int | None) -> Iterator[None]:
    """Let `argmax` and `max` look along dimension 1 where they were told another.

    Args:
        instead_of: what they were told; None where they were told nothing.
    """
    places = [(torch, "argmax"), (torch.Tensor, "argmax"), (torch, "max"), (torch.Tensor, "max")]
    kept = [(owner, name, getattr(owner, name)) for owner, name in places]

    def by_rows(search: Callable[..., Any]) -> Callable[..., Any]:
        def found(table: torch.Tensor, *given: Any, **named: Any) -> Any:
            told = given[0] if given else named.pop("dim", None)
            if told != instead_of or table.dim() != 2:
                return search(table, *given, **named, **({} if given else told_by(told)))
            return search(table, 1, *given[1:], **named)

        return found

    for owner, name, function in kept:
        setattr(owner, name, by_rows(function))
    try:
        yield
    finally:
        for owner, name, function in kept:
            setattr(owner, name, function)


def told_by(dim: Any) -> dict[str, Any]:
    """Give back the argument that was looked at."""
    return {} if dim is None else {"dim": dim}
