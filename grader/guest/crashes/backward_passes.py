"""What keeps a backward pass from going through."""

from __future__ import annotations

import ast
from itertools import islice
from typing import TYPE_CHECKING, Any

import torch
from torch.autograd import graph

from grader.guest.crashes.scene import NO_CAUSE, Cause, is_module, is_tensor, own_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.guest.crashes.scene import Scene, Spot

__all__ = ["backward_pass"]

BACKWARD, GRAD = torch.autograd.backward.__code__, torch.autograd.grad.__code__
MAKE_GRADS = torch.autograd._make_grads.__code__  # noqa: SLF001 - a place, and nothing is called
ENGINE = graph._engine_run_backward.__code__  # noqa: SLF001 - same
MOST_NODES = 2_000  # of a graph
MOST_STEPS = 50  # from one name to what it was made from; nobody's loss has more
OFF = torch.no_grad, torch.inference_mode
DETACHED, NUMBER = "detached-before-backward", "number-made-a-tensor-again"
ARGMAX = "argmax-in-the-loss"
CUTS = {"detach": DETACHED, "item": NUMBER, "tolist": NUMBER, "numpy": NUMBER}
CUTS |= {"argmax": ARGMAX, "argmin": ARGMAX}


def backward_pass(scene: Scene) -> Cause:
    """Return why autograd refused a backward pass."""
    if scene.code is MAKE_GRADS:
        out = scene.values.get("out")
        many = is_tensor(out) and out.numel() != 1
        return Cause("backward-of-many-numbers") if many else NO_CAUSE
    if type(scene.error) is not RuntimeError or scene.code not in {ENGINE, BACKWARD, GRAD}:
        return NO_CAUSE
    frame = next((each for each in scene.frames[::-1] if each.f_code in {BACKWARD, GRAD}), None)
    if frame is None:
        return NO_CAUSE
    values = frame.f_locals
    starts = _tensors(values.get("tensors", values.get("outputs")))
    if any(not each.requires_grad for each in starts):
        return Cause(_cut(scene.spot) or "loss-without-graph")
    return _damage(starts, kept=values.get("retain_graph") is True)


def _tensors(value: Any) -> list[torch.Tensor]:
    several = value if type(value) in {tuple, list} else (value,)
    return [each for each in islice(several, 100) if is_tensor(each)]


def _damage(starts: list[torch.Tensor], *, kept: bool) -> Cause:
    """Look in a graph for what was dropped after an earlier pass, or changed since."""
    changed = False
    for node in _nodes(starts):
        state = _state(node)
        if state == "dropped":
            return Cause("one-prediction-for-all")
        changed = changed or state == "changed"
    if not changed:
        return NO_CAUSE
    return Cause("graph-kept-over-a-step" if kept else "changed-in-place-before-backward")


def _nodes(starts: list[torch.Tensor]) -> Iterator[Any]:
    """Go through a graph, from its end on."""
    waiting = [each.grad_fn for each in starts]
    seen: set[object] = set()
    while waiting and len(seen) < MOST_NODES:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        yield node
        waiting += [following for following, _ in node.next_functions]


def _state(node: Any) -> str:
    """Say what became of what a node has kept: it can't be read where something did."""
    for name in dir(node):
        if name.startswith("_raw_saved_"):
            try:
                getattr(node, name.removeprefix("_raw"))
            except RuntimeError:
                return "changed" if _is_there(getattr(node, name)) else "dropped"
    return ""


def _is_there(kept: Any) -> bool:
    """Whether a tensor is still kept: what was dropped takes no hooks."""
    try:
        kept.register_hooks(lambda tensor: tensor, lambda tensor: tensor)
    except RuntimeError:
        return False
    return True


def _cut(spot: Spot | None) -> str:
    """Say what cut the graph on the way to where a backward pass began, if only one thing can."""
    call = spot.node if spot else None
    if spot is None or not isinstance(call, ast.Call):
        return ""
    start = call.func.value if isinstance(call.func, ast.Attribute) else None
    if start is None or spot.value(start) is torch.autograd:
        start = call.args[0] if call.args else None
    if start is None:
        return ""
    found = set(_cuts(spot, start, call.lineno))
    return found.pop() if len(found) == 1 else ""


def _cuts(spot: Spot, start: ast.AST, line: int) -> Iterator[str]:
    """Name what cuts the graph in an expression, and in what its names were made from before."""
    waiting: list[tuple[ast.AST, int]] = [(start, line)]
    seen: set[ast.AST] = set()
    while waiting and len(seen) < MOST_STEPS:
        node, before = waiting.pop()
        yield from filter(None, (_cut_at(spot, each) for each in ast.walk(node)))
        for name in _names_in(node):
            made = _made(spot, name, before)
            if made is not None and made not in seen:
                seen.add(made)
                if _is_off(spot, made) and _has_graph(spot, made.value):
                    yield "prediction-under-no-grad"
                waiting.append((made.value, made.lineno))


def _cut_at(spot: Spot, node: ast.AST) -> str:
    """Name what a node cuts, if there was a graph up to it."""
    match node:
        case ast.Call(func=ast.Name(id="float"), args=inner):
            cut = NUMBER
        case ast.Call(func=ast.Attribute(value=owner, attr=name), args=args) if name in CUTS:
            cut, inner = CUTS[name], args if spot.value(owner) is torch else [owner]
        case ast.Attribute(value=owner, attr="data"):
            cut, inner = DETACHED, [owner]
        case _:
            return ""
    return cut if any(_has_graph(spot, each) for each in inner) else ""


def _names_in(node: ast.AST) -> Iterator[str]:
    return (each.id for each in ast.walk(node) if isinstance(each, ast.Name))


def _has_graph(spot: Spot, node: ast.AST) -> bool:
    """Whether an expression is computed from what autograd watches."""
    return any(_is_watched(spot.named(name)) for name in _names_in(node))


def _is_watched(value: Any) -> bool:
    if is_tensor(value):
        return bool(value.requires_grad)
    if not is_module(value):
        return False
    parts = own_names(value).values()
    return any(map(_is_watched, islice(parts, 1000)))


def _made(spot: Spot, name: str, line: int) -> ast.Assign | None:
    """Return where a name got its value last, above a line of the same function or in it."""
    found = [
        each
        for each in ast.walk(spot.body)
        if isinstance(each, ast.Assign)
        and each.lineno < line
        and any(isinstance(target, ast.Name) and target.id == name for target in each.targets)
    ]
    return max(found, key=lambda each: each.lineno, default=None)


def _is_off(spot: Spot, node: ast.AST) -> bool:
    """Whether a statement stands in a block that switches autograd off."""
    return any(
        isinstance(block, ast.With)
        and any(each is node for each in ast.walk(block))
        and any(
            isinstance(each.context_expr, ast.Call) and spot.value(each.context_expr.func) in OFF
            for each in block.items
        )
        for block in ast.walk(spot.body)
    )
