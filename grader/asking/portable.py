"""What a probe may refer to: Python, packages and the guest's own files are all that is there."""

from __future__ import annotations

import io
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloudpickle
from _pytest.assertion import rewrite

from grader.errors import InfrastructureError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["portable"]

GUEST = "grader.guest"
HERE, THERE = "kit", "beside"  # what a course shares, without and with its submissions
INSTALLED = frozenset({"site-packages", "dist-packages"})  # also a user's, and Debian's own


def portable(function: Callable[..., object]) -> bytes:
    """Return a function of a suite as bytes that a guest can load without the suite's file.

    What the function's own module defines goes along, and what that refers to of it.

    Raises:
        InfrastructureError: it refers to something that a guest does not have, or that has no such
            form; the message names it.
    """
    name = f"The probe `{function.__qualname__}`"
    cloudpickle.register_pickle_by_value(sys.modules[function.__module__])
    try:
        code = bytes(cloudpickle.dumps(function))
    except Exception as error:
        raise InfrastructureError(f"{name} can't be sent to a submission: {error}") from error
    reader = _Reader(io.BytesIO(code))
    reader.load()
    absent = sorted({each for each in reader.found if not _is_there(each)})
    if any(each.startswith(f"{rewrite.__package__}.") for each in reader.found):
        raise InfrastructureError(f"{name} has an assert; what it returns is judged, in the suite")
    if absent:
        raise InfrastructureError(
            f"{name} refers to {', '.join(absent)}, and nothing of that is beside a submission. "
            f"A probe may use Python, torch, {GUEST}.probing, what its own file defines, and what "
            f"the course has in {THERE}/."
        )
    return code


class _Reader(pickle.Unpickler):
    """Loads what was just made, and notes which names of other modules it asks for."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream)
        self.found: list[str] = []

    def find_class(self, module_name: str, global_name: str) -> Any:
        found = super().find_class(module_name, global_name)
        if found is cloudpickle.cloudpickle.subimport:  # a whole module
            return self._module
        self.found.append(f"{module_name}.{global_name}")
        return found

    def _module(self, name: str) -> Any:
        self.found.append(name)
        return cloudpickle.cloudpickle.subimport(name)


def _is_there(name: str) -> bool:
    """Whether a guest has what stands under a dotted name."""
    root = name.partition(".")[0]
    if root in {HERE, THERE}:
        return root == THERE
    if root == "grader":
        return f"{name}.".startswith(f"{GUEST}.")
    module = sys.modules.get(root)
    if module is None or module.__name__ in sys.stdlib_module_names:
        return True
    places = [getattr(module, "__file__", None) or "", *getattr(module, "__path__", ())]
    return any(INSTALLED.intersection(Path(place).parts) for place in places)
