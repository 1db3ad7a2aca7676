"""The desk in a notebook: `%load_ext grader.desk` gives it `%check EXERCISE`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

__all__ = ["load_ipython_extension"]


def load_ipython_extension(shell: Any) -> None:
    """Give IPython's shell the command; IPython calls this by its name."""
    from grader.desk.kernel.random_numbers import same_random_numbers

    with same_random_numbers():
        from grader.desk.kernel.notebook import magic

    shell.register_magic_function(magic(shell), "line", "check")
