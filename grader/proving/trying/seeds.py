"""Other data for a suite's tests: every generator that it seeds gets another seed in every run."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["other_seeds"]

APART = 100_003  # between the seeds of two runs: no suite counts that far


@contextmanager
def other_seeds(run: int, course: Path, *, float32: bool = False) -> Iterator[None]:
    """Let suites draw other data meanwhile: other numbers, weights and batches.

    Args:
        run: the number of the run; in run 0 they draw what they always draw.
        course: the folder whose modules keep something that they have drawn before.
        float32: whether data that a suite draws in float64 are drawn in float32.
    """

    class Shifted(torch.Generator):
        def manual_seed(self, seed: int) -> Any:
            return super().manual_seed(seed + APART * run)

    drawing: dict[str, object] = {"Generator": Shifted}
    if float32:
        drawing |= {name: _in_float32(getattr(torch, name)) for name in ("randn", "tensor")}
    before = {name: getattr(torch, name) for name in drawing}
    _forget(course)
    vars(torch).update(drawing)
    try:
        yield
    finally:
        vars(torch).update(before)
        _forget(course)


def _in_float32(make: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    """Return a function that makes what another makes, in float32 where that is asked for more."""

    def made(*args: Any, **options: Any) -> torch.Tensor:
        if options.get("dtype") is torch.float64:
            options["dtype"] = torch.float32
        return make(*args, **options)

    return made


def _forget(course: Path) -> None:
    """Empty what a course's modules keep."""
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file and Path(file).is_relative_to(course):
            for value in list(vars(module).values()):
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()
