"""Progress bars for nobody: tqdm counts as ever, shows nothing, and starts no thread."""

from __future__ import annotations

import io
import sys
import types
from functools import cache, partialmethod
from threading import RLock

__all__ = ["quiet_progress_bars"]

IN_A_NOTEBOOK = {"tqdm": "tqdm", "trange": "trange", "tqdm_notebook": "tqdm", "tnrange": "trange"}


class Nowhere(io.TextIOBase):
    """A stream that forgets what is written to it."""

    def write(self, text: str) -> int:
        """Take everything."""
        return len(text)


@cache
def quiet_progress_bars() -> None:
    """Set tqdm up for a process in which nobody looks on; torch has imported it.

    Bars for notebooks, which need ipywidgets, are bars like any other. `tqdm.write` prints.
    """
    std = sys.modules.get("tqdm.std")
    if std is None:
        return
    std.tqdm.__init__ = partialmethod(std.tqdm.__init__, file=Nowhere())
    std.tqdm.monitor_interval = 0
    std.tqdm.set_lock(RLock())  # its own is a semaphore, shared by all processes
    notebook = types.ModuleType("tqdm.notebook")
    vars(notebook).update({name: getattr(std, bar) for name, bar in IN_A_NOTEBOOK.items()})
    sys.modules["tqdm.notebook"] = notebook
