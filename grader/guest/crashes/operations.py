"""What is wrong with an operation that failed in the student's own line: its values say."""

from __future__ import annotations

import ast
import inspect
from math import prod
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

import torch

from grader.guest.crashes.arguments import call_of
from grader.guest.crashes.scene import NO_CAUSE, UNKNOWN, Cause, attribute, is_tensor
from grader.guest.crashes.unfit import unfit_operand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.guest.crashes.scene import Scene, Spot

__all__ = ["dimension", "operands", "sizes", "wrong_type"]

NO_GRAD = torch.no_grad, torch.inference_mode
CONTEXT = "torch.utils._contextlib"  # where it lies what `@torch.no_grad()` makes of a function


def wrong_type(scene: Scene) -> Cause:
    """Return why something can't be called, entered, looped over or used so."""
    spot = scene.here
    if spot is None or type(scene.error) is not TypeError:
        return NO_CAUSE
    match spot.node:
        case ast.Call() as call:
            return _called(spot, call)
        case ast.Attribute(attr="grad"):
            return _grad_set(spot)
        case ast.AST() as node if entered := _entered(spot, node):
            is_class = any(isinstance(spot.value(each), type) for each in entered)
            return Cause("with-without-brackets" if is_class else "")
        case ast.AST() as node if gone_through := _gone_through(spot, node):
            if type(spot.value(gone_through)) in {int, float}:
                return Cause("loop-over-a-number")
            return unfit_operand(spot, [gone_through])
        case _:
            return unfit_operand(spot, operands(spot.node))


def _entered(spot: Spot, node: ast.AST) -> list[ast.expr]:
    """Return what a `with` enters, where that failed: its place differs between Pythons."""
    parent = spot.around[0] if spot.around else None
    if isinstance(node, ast.With):
        return [each.context_expr for each in node.items]
    return [parent.context_expr] if isinstance(parent, ast.withitem) else []


def _gone_through(spot: Spot, node: ast.AST) -> ast.expr | None:
    """Return what a loop goes over, likewise."""
    parent = spot.around[0] if spot.around else None
    if isinstance(node, ast.For):
        return node.iter
    is_loop = isinstance(parent, ast.For | ast.comprehension) and parent.iter is node
    return parent.iter if is_loop else None  # type: ignore[union-attr] # it is a loop


def operands(node: ast.AST | None) -> list[ast.expr]:
    """Return what an operation computes with."""
    match node:
        case ast.BinOp():
            return [node.left, node.right]
        case ast.AugAssign():
            return [node.target, node.value]
        case ast.Compare():
            return [node.left, *node.comparators]
        case ast.UnaryOp():
            return [node.operand]
        case ast.Subscript():
            return [node.value]
        case _:
            return []


def _called(spot: Spot, call: ast.Call) -> Cause:
    function = spot.value(call.func)
    if function is UNKNOWN:
        return NO_CAUSE
    if isinstance(function, FunctionType | MethodType) or _has_signature(function):
        return _of_signature(spot, call, function)
    if isinstance(function, ModuleType):
        return Cause("module-called", f"`{function.__name__[:60]}` is a module")
    if is_tensor(function) or type(function) in {int, float, str, list, tuple, dict, type(None)}:
        return _overwritten(spot, call, function)
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    owner = [call.func.value] if isinstance(call.func, ast.Attribute) else []
    return unfit_operand(spot, [*owner, *given])


def _has_signature(function: object) -> bool:
    """Whether it is a class whose objects Python code makes."""
    return isinstance(function, type) and type(attribute(function, "__init__")) is FunctionType


def _of_signature(spot: Spot, call: ast.Call, function: Any) -> Cause:
    named = [keyword.arg for keyword in call.keywords]
    if None in named or any(isinstance(each, ast.Starred) for each in call.args):
        return NO_CAUSE
    if isinstance(function, type):
        function = MethodType(function.__init__, function)  # type: ignore[misc] # a class's own, and only its signature is read
    owner = spot.value(call.func.value) if isinstance(call.func, ast.Attribute) else None
    first = next(iter(inspect.signature(function, follow_wrapped=False).parameters), "")
    if isinstance(owner, type) and isinstance(function, FunctionType) and first == "self":
        return Cause("class-used-as-object", f"`{owner.__name__[:60]}` is a class")
    return call_of(function, len(call.args), [str(each) for each in named])


def _overwritten(spot: Spot, call: ast.Call, value: object) -> Cause:
    """Say that what is called is a value, and whether it has taken the place of a function."""
    kind = "None" if value is None else f"of type {type(value).__name__}"
    if not isinstance(call.func, ast.Name):
        return Cause("value-called-as-a-function", f"what is called here is {kind}")
    name = call.func.id
    words = f"at this point `{name[:60]}` is {kind}"
    by_itself = any(
        isinstance(each, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in each.targets)
        and any(
            isinstance(inner, ast.Call)
            and isinstance(inner.func, ast.Name)
            and inner.func.id == name
            for inner in ast.walk(each.value)
        )
        for each in ast.walk(spot.tree)
    )
    return Cause("function-overwritten" if by_itself else "value-called-as-a-function", words)


def _grad_set(spot: Spot) -> Cause:
    """Say what `.grad` was set to, if that is a number."""
    assigned = spot.around[0] if spot.around else None
    value = spot.value(assigned.value) if isinstance(assigned, ast.Assign) else UNKNOWN
    is_target = isinstance(assigned, ast.Assign) and spot.node in assigned.targets
    return Cause("grad-set-to-a-number" if is_target and type(value) in {int, float} else "")


def sizes(scene: Scene) -> Cause:
    """Return why tensors can't be computed with: their sizes, how many numbers they have."""
    spot = scene.here
    if spot is None or type(scene.error) not in {RuntimeError, ValueError}:
        return NO_CAUSE
    match spot.node:
        case ast.AugAssign(target=target) if _is_watched_leaf(scene, spot, target):
            return Cause("update-outside-no-grad")
        case ast.Call(func=ast.Attribute()) as call:
            return _of_method(scene, spot, call)
        case ast.Call(func=ast.Name(id="float" | "int" | "bool"), args=[inner]):
            return _many(spot.value(inner), "item-of-many-numbers")
        case ast.BinOp() | ast.AugAssign() as node:
            return _of_pair(spot, node)
        case node if _is_asked_for_truth(spot, node):
            return Cause("truth-of-many-numbers")
        case _:
            return NO_CAUSE


def _is_asked_for_truth(spot: Spot, node: ast.AST | None) -> bool:
    parent = spot.around[0] if spot.around else None
    is_test = isinstance(parent, ast.If | ast.While | ast.IfExp) and parent.test is node
    is_part = isinstance(parent, ast.BoolOp) or (
        isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not)
    )
    return isinstance(node, ast.Name | ast.Compare) and (is_test or is_part)


def _is_watched_leaf(scene: Scene, spot: Spot, node: ast.AST) -> bool:
    """Whether a leaf that autograd watches is changed where autograd is on."""
    value = spot.value(node)
    watched = is_tensor(value) and value.is_leaf and value.requires_grad
    modules = [frame.f_globals.get("__name__") for frame in scene.frames]
    return watched and CONTEXT not in modules and not any(map(_is_off, scene.spots))


def _is_off(spot: Spot) -> bool:
    """Whether a block around a place may switch autograd off."""
    entered = (each for block in spot.around if isinstance(block, ast.With) for each in block.items)
    return any(
        isinstance(each.context_expr, ast.Call) and spot.value(each.context_expr.func) in NO_GRAD
        for each in entered
    )


def _of_method(scene: Scene, spot: Spot, call: ast.Call) -> Cause:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    owner: Any = spot.value(call.func.value) if isinstance(call.func, ast.Attribute) else UNKNOWN
    given = [spot.value(each) for each in call.args]
    tensors = [each for each in (owner, *given) if is_tensor(each)]
    if name in {"item", "__float__"} and not call.args:
        return _many(owner, "item-of-many-numbers")
    if name in {"view", "reshape"} and is_tensor(owner):
        return _reshaped(owner, given)
    if name == "numpy" and is_tensor(owner) and owner.requires_grad:
        return Cause("numpy-of-a-watched-tensor")
    if name[-1:] == "_" and isinstance(call.func, ast.Attribute):
        leaf = _is_watched_leaf(scene, spot, call.func.value)
        return Cause("update-outside-no-grad" if leaf else "")
    if name in {"matmul", "mm"} and len(tensors) == 2:
        return _multiplied(*tensors)
    return NO_CAUSE


def _many(value: Any, slug: str) -> Cause:
    """Say that one number is asked of many; where nobody knows of how many, it must be that."""
    many = value is UNKNOWN or (is_tensor(value) and value.numel() != 1)
    return Cause(slug if many else "")


def _reshaped(owner: Any, given: list[Any]) -> Cause:
    wanted = given[0] if len(given) == 1 and type(given[0]) is tuple else given
    if not all(type(each) is int for each in wanted):
        return NO_CAUSE
    known = prod(each for each in wanted if each >= 0)
    fits = known and (owner.numel() % known == 0 if -1 in wanted else owner.numel() == known)
    words = f"a tensor of shape {tuple(owner.shape)} has {owner.numel()} numbers"
    return NO_CAUSE if fits else Cause("view-of-another-size", words)


def _of_pair(spot: Spot, node: ast.BinOp | ast.AugAssign) -> Cause:
    left, right = map(spot.value, operands(node))
    if not (is_tensor(left) and is_tensor(right)):
        return NO_CAUSE
    return _multiplied(left, right) if isinstance(node.op, ast.MatMult) else _broadcast(left, right)


def _multiplied(left: Any, right: Any) -> Cause:
    inner = right.shape[-2 if right.dim() > 1 else -1] if right.dim() and left.dim() else None
    if left.dtype != right.dtype:
        return Cause("dtypes-differ", f"one is {left.dtype}, the other {right.dtype}")
    if inner is None or left.shape[-1] == inner:
        return NO_CAUSE
    return Cause("sizes-do-not-fit", f"{tuple(left.shape)} @ {tuple(right.shape)}")


def _broadcast(left: Any, right: Any) -> Cause:
    pairs: Iterator[tuple[int, int]] = zip(left.shape[::-1], right.shape[::-1], strict=False)
    fit = all(1 in pair or pair[0] == pair[1] for pair in pairs)
    words = f"the shapes are {tuple(left.shape)} and {tuple(right.shape)}"
    return NO_CAUSE if fit else Cause("sizes-do-not-fit", words)


def dimension(scene: Scene) -> Cause:
    """Return which dimension was asked for that a tensor does not have."""
    if type(scene.error) is not IndexError or not scene.frames:
        return NO_CAUSE
    if scene.here is None:
        given, dim = scene.values.get("input"), scene.values.get("dim")
        return _beyond(given, dim) if _is_functional(scene) else NO_CAUSE
    return _asked_for(scene.here)


def _is_functional(scene: Scene) -> bool:
    return scene.frames[-1].f_globals.get("__name__") == "torch.nn.functional"


def _asked_for(spot: Spot) -> Cause:
    match spot.node:
        case ast.Call(func=func, args=args, keywords=keywords):
            owner = spot.value(func.value) if isinstance(func, ast.Attribute) else UNKNOWN
            given = [owner, *map(spot.value, args)]
            dims = [spot.value(each.value) for each in keywords if each.arg in {"dim", "axis"}]
            tensors = [each for each in given if is_tensor(each)]
            dims += [each for each in given if type(each) is int]
            return _beyond(*tensors[:1], *dims[:1]) if tensors and dims else NO_CAUSE
        case ast.Subscript(value=owner, slice=place):
            return _item_of(spot.value(owner), spot.value(place), place)
        case _:
            return NO_CAUSE


def _item_of(owner: Any, place: Any, node: ast.AST) -> Cause:
    if type(owner) is torch.Size and type(place) is int and not -len(owner) <= place < len(owner):
        return Cause("dimension-out-of-range", f"the shape is {tuple(owner)}")
    if not is_tensor(owner):
        return NO_CAUSE
    asked = len(node.elts) if isinstance(node, ast.Tuple) else 1
    words = f"the tensor has the shape {tuple(owner.shape)}"
    return Cause("more-indices-than-dimensions", words) if asked > owner.dim() else NO_CAUSE


def _beyond(given: Any, dim: Any) -> Cause:
    if not is_tensor(given) or type(dim) is not int or -given.dim() <= dim < max(given.dim(), 1):
        return NO_CAUSE
    words = f"a tensor of shape {tuple(given.shape)} has no dimension {dim}"
    return Cause("dimension-out-of-range", words)
