"""What is wrong with a model, a layer, or the optimizer that was made for it."""

from __future__ import annotations

import dis
import inspect
from difflib import get_close_matches
from itertools import islice, pairwise
from types import FunctionType, GeneratorType, MethodType
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn.modules import loss as losses
from torch.nn.modules import module as modules

from grader.guest.crashes.arguments import call_of
from grader.guest.crashes.scene import NO_CAUSE, Cause, is_module, is_tensor, own_names
from grader.guest.crashes.unfit import unfit

if TYPE_CHECKING:
    from types import FrameType

    from grader.guest.crashes.scene import Scene

__all__ = ["layer", "model", "optimizer", "without_return"]

LINEAR, CONV = nn.Linear.forward.__code__, nn.Conv2d._conv_forward.__code__  # noqa: SLF001 - a place
CALL = nn.Module._call_impl.__code__  # noqa: SLF001 - same
UNWRITTEN = modules._forward_unimplemented.__code__  # noqa: SLF001 - same
ADD_MODULE = nn.Module.add_module.__code__
SET_ATTRIBUTE = nn.Module.__setattr__.__code__
REGISTER = nn.Module.register_parameter.__code__
OPTIMIZER = torch.optim.Optimizer.__init__.__code__
LOSS = losses._Loss  # noqa: SLF001 - what all criterions are
MOST_STEPS = 10_000  # of a function's
KEPT_BY_ALL = "_modules"  # once `Module.__init__` has run


def model(scene: Scene) -> Cause:
    """Return what a model's class lacks, or what was put into it."""
    for frame in scene.frames:
        owner = frame.f_locals.get("self") if frame.f_code.co_flags & inspect.CO_OPTIMIZED else None
        if is_module(owner) and type(scene.error) is AttributeError and _is_raw(owner):
            return Cause("super-init-missing")
        if is_module(owner) and _is_made_of_tensors(frame):
            is_loss = issubclass(type(owner), LOSS)
            return Cause("criterion-class-called" if is_loss else "layer-class-called")
    match scene.code:
        case code if code is UNWRITTEN:
            return _without_forward(scene.values.get("self"))
        case code if code is ADD_MODULE:
            return _no_layer(scene.values.get("module"))
        case code if code in {SET_ATTRIBUTE, REGISTER} and type(scene.error) is TypeError:
            is_plain = type(scene.values.get("value", scene.values.get("param"))) is torch.Tensor
            return Cause("tensor-assigned-to-parameter" if is_plain else "")
        case code if code is CALL and type(scene.error) is TypeError:
            return _forward_called(scene)
        case _:
            return NO_CAUSE


def without_return(frame: FrameType) -> bool:
    """Whether among the values of a frame is a model whose `forward` returns nothing, whatever."""
    held = frame.f_locals.values() if frame.f_code.co_flags & inspect.CO_OPTIMIZED else ()
    forwards = (vars(type(each)).get("forward") for each in held if is_module(each))
    return any(type(each) is FunctionType and _returns_nothing(each) for each in forwards)


def _returns_nothing(function: FunctionType) -> bool:
    if function.__code__.co_flags & inspect.CO_GENERATOR:
        return False
    steps = list(islice(dis.get_instructions(function), MOST_STEPS))
    given = [
        before if step.opname == "RETURN_VALUE" else step
        for before, step in pairwise(steps)
        if step.opname in {"RETURN_VALUE", "RETURN_CONST"}
    ]
    return len(steps) < MOST_STEPS and all(
        each.opname in {"LOAD_CONST", "RETURN_CONST"} and each.argval is None for each in given
    )


def _is_raw(owner: object) -> bool:
    """Whether `Module.__init__` has not run for a model."""
    return KEPT_BY_ALL not in own_names(owner)


def _is_made_of_tensors(frame: FrameType) -> bool:
    """Whether a layer of torch's is being made, and a tensor stands where its settings do."""
    is_made = frame.f_code.co_name == "__init__" and "torch" in frame.f_code.co_filename
    module = frame.f_globals.get("__name__", "")
    if not is_made or not str(module).startswith("torch.nn.modules"):
        return False
    given = {name: value for name, value in frame.f_locals.items() if name != "weight"}
    return any(map(is_tensor, given.values()))


def _without_forward(owner: object) -> Cause:
    own = [name for each in type(owner).__mro__ if each is not nn.Module for name in vars(each)]
    near = get_close_matches("forward", [name for name in own if name not in dir(nn.Module)], n=1)
    if near:
        return Cause("forward-misspelt", f"the class has a method `{near[0][:60]}`")
    return Cause("forward-missing")


def _no_layer(given: object) -> Cause:
    if isinstance(given, type) and issubclass(given, nn.Module):
        return Cause("layer-class-not-object", f"`{given.__name__[:60]}` is a class")
    return Cause("layers-as-a-list") if type(given) in {list, tuple} else NO_CAUSE


def _forward_called(scene: Scene) -> Cause:
    """Say what is wrong with a call of a model, whose `forward` could not be entered."""
    values = scene.values
    forward, given, named = values.get("forward_call"), values.get("args"), values.get("kwargs")
    if type(forward) is not MethodType or type(given) is not tuple or type(named) is not dict:
        return NO_CAUSE
    return call_of(forward, len(given), list(named))


def layer(scene: Scene) -> Cause:
    """Return why a layer can't work with what it was given."""
    values = scene.values if scene.frames else {}
    owner, given = values.get("self"), values.get("input")
    if scene.code not in {LINEAR, CONV} or not is_module(owner):
        return NO_CAUSE
    if not is_tensor(given):
        return unfit(given)
    return _of_size(owner, given) if scene.code is LINEAR else _of_channels(owner, given)


def _of_size(owner: Any, given: Any) -> Cause:
    wanted, shape = owner.in_features, tuple(given.shape)
    words = f"Linear({wanted}, {owner.out_features}) got a tensor of shape {shape}"
    if given.dtype != owner.weight.dtype:
        return _of_dtype(owner, given)
    if shape and shape[-1] == wanted:
        return NO_CAUSE
    rows = {given[0].numel()} if given.dim() > 2 and len(given) else set()
    if given.dim() == 2 and given.numel() == wanted:
        rows.add(wanted)
    if wanted in rows:
        return Cause("images-not-flattened", words)
    return Cause("layer-gets-another-size", words)


def _of_channels(owner: Any, given: Any) -> Cause:
    if given.dtype != owner.weight.dtype:
        return _of_dtype(owner, given)
    name, shape = type(owner).__name__[:60], tuple(given.shape)
    words = f"{name}({owner.in_channels}, {owner.out_channels}) got a tensor of shape {shape}"
    fits = given.dim() in {3, 4} and shape[-3] == owner.in_channels
    return NO_CAUSE if fits else Cause("layer-gets-another-size", words)


def _of_dtype(owner: Any, given: Any) -> Cause:
    return Cause(
        "input-of-another-dtype",
        f"the layer's weights are {owner.weight.dtype}, its input is {given.dtype}",
    )


def optimizer(scene: Scene) -> Cause:
    """Return what an optimizer was given in the place of parameters."""
    values = scene.values if scene.frames else {}
    given = values.get("params")
    if not issubclass(type(values.get("self")), torch.optim.Optimizer):
        return NO_CAUSE
    if scene.code is OPTIMIZER:
        if type(given) in {MethodType, FunctionType}:
            return Cause("function-not-called", "`parameters` is a method")
        if is_module(given):
            return Cause("model-instead-of-parameters")
        return Cause("optimizer-without-parameters" if values.get("param_groups") == [] else "")
    turned = type(given) in {int, float} and type(values.get("lr")) in {GeneratorType, list}
    return Cause("optimizer-arguments-swapped" if turned else "")
