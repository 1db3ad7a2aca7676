"""Names and attributes that are not there: what is near, what was meant."""

from __future__ import annotations

import ast
import builtins
from difflib import get_close_matches
from itertools import islice
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from grader.guest.crashes.scene import NO_CAUSE, UNKNOWN, Cause, is_module, is_tensor, own_names
from grader.guest.crashes.unfit import PAIRS, unfit, unfit_operand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.guest.crashes.scene import Scene, Spot

__all__ = ["missing_attribute", "missing_name"]

MOST_NAMES, LONGEST = 5_000, 60  # that are compared; torch has 1,500
MODULES = {"nn", "F", "np", "torch", "optim", "plt", "pd", "math", "random", "functional"}
NUMBERS = {int, float, complex}
OF_TORCH = (nn.Module, torch.optim.Optimizer, DataLoader, Dataset)
PLAIN_ERRORS = {NameError, UnboundLocalError}
PLAIN = (*NUMBERS, list, dict, str, np.ndarray)


def missing_name(scene: Scene) -> Cause:
    """Return why a name has no value."""
    spot, error = scene.here, scene.error
    if spot is None or not isinstance(error, NameError) or type(error) not in PLAIN_ERRORS:
        return NO_CAUSE
    name = spot.node.id if isinstance(spot.node, ast.Name) else ""
    if not name or len(name) > LONGEST:
        return NO_CAUSE
    if type(error) is UnboundLocalError:
        outer = {**vars(builtins), **spot.frame.f_globals}.get(name, UNKNOWN)
        shadows = outer is not UNKNOWN and callable(outer)
        return Cause("function-shadowed-by-a-variable" if shadows else "read-before-it-is-set")
    if name in MODULES:
        return Cause("module-not-imported", f"there is no import of `{name}` above")
    near = _near(name, [*spot.names, *spot.frame.f_globals, *vars(builtins)])
    return Cause("variable-misspelt", f"did you mean `{near}`?") if near else NO_CAUSE


def missing_attribute(scene: Scene) -> Cause:
    """Return why something has no such attribute."""
    spot, error = scene.spot, scene.error
    if spot is None or spot.raised or not isinstance(error, AttributeError):
        return NO_CAUSE
    name, owner = error.name, error.obj
    if type(name) is not str or len(name) > LONGEST or not _is_looked_up(spot, name):
        return NO_CAUSE
    return _of_backward(owner, name) or _of_operand(spot, owner) or _misspelt(owner, name)


def _is_looked_up(spot: Spot, name: str) -> bool:
    """Whether what failed is the student's own look at an attribute of that name."""
    return isinstance(spot.node, ast.Attribute) and spot.node.attr == name


def _of_backward(owner: object, name: str) -> Cause | None:
    if name == "backward" and type(owner) in NUMBERS:
        return Cause("item-before-backward")
    if name in {"backward", "item"} and is_module(owner):
        return Cause("backward-of-a-module", f"it is a {type(owner).__name__[:LONGEST]}")
    if name == "item" and type(owner) in NUMBERS:
        return Cause("item-of-a-number")
    return None


def _of_operand(spot: Spot, owner: object) -> Cause | None:
    """Say what it means that something stands before the dot."""
    node = spot.node.value if isinstance(spot.node, ast.Attribute) else None
    if node is None or is_module(owner) or isinstance(owner, type):
        return None
    if type(owner) is bool:  # `pair == labels` compares nothing
        pairs = any(type(spot.value(each)) in PAIRS for each in ast.walk(node))
        return Cause("max-gives-a-pair") if pairs else None
    if owner is None and isinstance(node, ast.Attribute) and node.attr == "grad":
        return _without_gradient(spot.value(node.value))
    named = unfit_operand(spot, [node])
    cause = named if named.slug else unfit(owner)
    return cause if cause.slug else None


def _without_gradient(tensor: object) -> Cause:
    """Say why a tensor's `.grad` is None."""
    if is_tensor(tensor) and not tensor.is_leaf:
        return Cause("gradient-of-a-result")
    if is_tensor(tensor) and not tensor.requires_grad:
        return Cause("gradient-of-an-unwatched-tensor")
    return Cause("gradient-before-backward")


def _misspelt(owner: object, name: str) -> Cause:
    if type(owner) in PLAIN and hasattr(torch.Tensor, name):
        return Cause("not-a-tensor", f"it is of type {type(owner).__name__}")
    own = [*own_names(owner), *dir(owner if isinstance(owner, ModuleType | type) else type(owner))]
    first, _, rest = name.partition("_")
    if first in own and rest == "grad":
        return Cause("attribute-misspelt", f"did you mean `{first}.{rest}`?")
    near = _near(name, own)
    return Cause("attribute-misspelt", f"did you mean `{near}`?") if near else NO_CAUSE


def _near(name: str, known: Iterable[object]) -> str:
    """Return the name that is most like one, if any is; none that begins with `_`."""
    fit = (each for each in islice(known, MOST_NAMES) if isinstance(each, str))
    names = dict.fromkeys(each for each in fit if len(each) <= LONGEST and each[:1] != "_")
    by_case = {each.lower(): each for each in names}
    if found := by_case.get(name.lower()):
        return found
    return next(iter(get_close_matches(name, names, n=1, cutoff=0.75)), "")
