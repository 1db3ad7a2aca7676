"""Data loaders without workers: these need shared memory and sockets, which all programs share."""

from __future__ import annotations

import functools
import inspect

from torch.utils.data import DataLoader

__all__ = ["load_without_workers"]

OF_WORKERS = {"num_workers": 0, "prefetch_factor": None, "persistent_workers": False, "timeout": 0}


def load_without_workers() -> None:
    """Have every loader load in its own process, whatever number of workers it is asked for."""
    begin = DataLoader.__init__
    signature = inspect.signature(begin)

    @functools.wraps(begin)
    def begin_alone(*args: object, **kwargs: object) -> None:
        bound = signature.bind(*args, **kwargs)  # a TypeError as from the loader itself
        asked = bound.arguments.get("num_workers")
        if isinstance(asked, int) and asked > 0:
            bound.arguments.pop("multiprocessing_context", None)
            bound.arguments.update(OF_WORKERS)
        begin(*bound.args, **bound.kwargs)

    DataLoader.__init__ = begin_alone  # type: ignore[method-assign] # for all submissions
