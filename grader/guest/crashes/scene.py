"""Where an exception was raised: its frames, the expression that failed, the values around it.

All of it is the student's, and may be anything. Values are looked up and never computed: no code of
theirs is run to find out what a name stands for, as far as Python allows.
"""

from __future__ import annotations

import ast
import builtins
import inspect
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType, TracebackType

    from grader.guest.loading.sources import Cell

__all__ = [
    "NO_CAUSE",
    "UNKNOWN",
    "Cause",
    "Scene",
    "Spot",
    "attribute",
    "is_module",
    "is_tensor",
    "own_names",
    "scene_of",
]

MOST_FRAMES = 200  # more are an endless recursion
MOST_TEXT = 200_000  # characters of a cell
DEPTH = 6  # of what is looked up: `self.layers[0].weight.grad`
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
TENSORS = (torch.Tensor, nn.Parameter)
MODULE, OPTIMIZED = nn.Module, inspect.CO_OPTIMIZED


class Unknown:
    """What can't be looked up."""


UNKNOWN = Unknown()


class Cause(NamedTuple):
    """What was found.

    Attributes:
        slug: the mistake, or nothing.
        detail: what to add to the exception's own text, in words; or nothing.
    """

    slug: str = ""
    detail: str = ""


NO_CAUSE = Cause()
TRACEBACK: Any = vars(BaseException)["__traceback__"]  # a class of theirs may have another


def is_tensor(value: object) -> TypeGuard[torch.Tensor]:
    """Whether it is a tensor of torch's own, and no class of the student's."""
    return type(value) in TENSORS


def is_module(value: object) -> TypeGuard[nn.Module]:
    """Whether it is a layer or a model."""
    return issubclass(type(value), MODULE)


@dataclass(frozen=True)
class Spot:
    """A place in the student's code that an exception came through.

    Attributes:
        frame: what ran there.
        node: the expression or statement that was being computed, if that is known.
        tree: all of the module or the cell.
        raised: whether a `raise` or an `assert` stands there.
    """

    frame: FrameType
    node: ast.AST | None
    tree: ast.Module
    raised: bool

    @cached_property
    def names(self) -> Mapping[str, object]:
        """The local names there."""
        found = self.frame.f_locals
        trusted = self.frame.f_code.co_flags & OPTIMIZED or type(found) is dict
        return found if trusted else {}

    @cached_property
    def around(self) -> tuple[ast.AST, ...]:
        """What the failing node stands in, from the innermost on; without the whole module."""
        return tuple(_around(self.tree, self.node)) if self.node else ()

    @property
    def body(self) -> ast.AST:
        """The function that it is in, or all of the module."""
        return next((each for each in self.around if isinstance(each, Function)), self.tree)

    def value(self, node: ast.AST | None, depth: int = DEPTH) -> Any:
        """Return what an expression stands for; UNKNOWN where that would have to be computed."""
        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                return self.named(node.id)
            case ast.Attribute() if depth:
                return attribute(self.value(node.value, depth - 1), node.attr)
            case ast.Subscript() if depth:
                return item(self.value(node.value, depth - 1), self.value(node.slice, depth - 1))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return -number
            case _:
                return UNKNOWN

    def named(self, name: str) -> object:
        """Return what a name stands for there; UNKNOWN where it has no value."""
        for names in (self.names, self.frame.f_globals, vars(builtins)):
            if name in names:
                return names[name]
        return UNKNOWN


def attribute(owner: object, name: str) -> object:
    """Return an attribute without running code of the student's."""
    if owner is UNKNOWN:
        return UNKNOWN
    if is_tensor(owner):
        unread = name == "grad" and not owner.is_leaf
        return UNKNOWN if unread else getattr(owner, name, UNKNOWN)
    own = own_names(owner)
    if name in own:
        return own[name]
    if isinstance(owner, type):
        found = inspect.getattr_static(owner, name, UNKNOWN)
        return found.__func__ if isinstance(found, staticmethod) else found
    found = inspect.getattr_static(type(owner), name, UNKNOWN)
    return MethodType(found, owner) if type(found) is FunctionType else UNKNOWN


def own_names(owner: object) -> dict[str, object]:
    """Return what an object itself holds by names; of a model its parts, too."""
    try:
        own = object.__getattribute__(owner, "__dict__")
    except AttributeError:
        return {}
    if type(own) is not dict:
        return {}
    if isinstance(owner, ModuleType) or not is_module(owner):
        return own
    parts = (own.get(kind) for kind in ("_parameters", "_buffers", "_modules"))
    return {
        **own,
        **{name: part for held in parts if type(held) is dict for name, part in held.items()},
    }


def item(owner: object, key: object) -> object:
    """Return an item of Python's own containers."""
    if type(owner) in {list, tuple, dict} and type(key) in {int, str}:
        try:
            return owner[key]  # type: ignore[index] # one of the three
        except (LookupError, TypeError):
            return UNKNOWN
    return UNKNOWN


@dataclass(frozen=True)
class Scene:
    """All that is known of an exception.

    Attributes:
        error: the exception.
        frames: those that it came through, the innermost last.
        spots: those of them that are the student's, likewise.
    """

    error: BaseException
    frames: tuple[FrameType, ...]
    spots: tuple[Spot, ...]

    @property
    def code(self) -> CodeType | None:
        """What ran innermost."""
        return self.frames[-1].f_code if self.frames else None

    @property
    def values(self) -> Mapping[str, Any]:
        """The local names of the innermost frame, where that is none of the student's."""
        frame = self.frames[-1]
        return frame.f_locals if frame.f_code.co_flags & OPTIMIZED else {}

    @property
    def spot(self) -> Spot | None:
        """Where in the student's code it came from last."""
        return self.spots[-1] if self.spots else None

    @property
    def here(self) -> Spot | None:
        """The same, where no frame of anybody else's lies further in and nothing raised it."""
        spot = self.spot
        inner = spot is not None and spot.frame is self.frames[-1] and not spot.raised
        return spot if inner else None

    @property
    def node(self) -> ast.AST | None:
        """The student's expression that failed by itself."""
        return self.here.node if self.here else None


def scene_of(error: BaseException, cells: Mapping[str, Cell]) -> Scene:
    """Return where an exception was raised.

    Args:
        error: the exception.
        cells: the student's code, by what it was compiled as.
    """
    steps = list(islice(_steps(error), MOST_FRAMES))
    spots = [
        _spot(step, cell.text)
        for step in steps
        if (cell := cells.get(step.tb_frame.f_code.co_filename)) and len(cell.text) <= MOST_TEXT
    ]
    return Scene(error, tuple(step.tb_frame for step in steps), tuple(spots))


def _steps(error: BaseException) -> Iterator[TracebackType]:
    step = TRACEBACK.__get__(error)
    while step is not None:
        yield step
        step = step.tb_next


def _spot(step: TracebackType, text: str) -> Spot:
    tree, nodes = _parsed(text)
    code = step.tb_frame.f_code
    place = next(islice(code.co_positions(), step.tb_lasti // 2, None), None)
    found = nodes.get(place) if place else None
    raised = isinstance(found, ast.Raise | ast.Assert) or _is_raising(tree, step.tb_lineno, found)
    return Spot(step.tb_frame, found, tree, raised)


def _is_raising(tree: ast.Module, line: int, found: ast.AST | None) -> bool:
    """Whether a `raise` begins in a line of whose expressions none is known to have failed."""
    return found is None and any(
        isinstance(each, ast.Raise) and each.lineno == line for each in ast.walk(tree)
    )


@lru_cache(maxsize=8)
def _parsed(text: str) -> tuple[ast.Module, dict[tuple[int | None, ...], ast.AST]]:
    """Return a cell's tree, and what stands where; of several nodes in one place the innermost."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], []), {}
    nodes: dict[tuple[int | None, ...], ast.AST] = {
        (each.lineno, each.end_lineno, each.col_offset, each.end_col_offset): each
        for each in ast.walk(tree)
        if isinstance(each, ast.expr | ast.stmt)
    }
    return tree, nodes


def _around(tree: ast.AST, node: ast.AST) -> list[ast.AST]:
    """Return what a node stands in, the innermost first."""
    parents = {child: each for each in ast.walk(tree) for child in ast.iter_child_nodes(each)}
    found = []
    while (node := parents.get(node, tree)) is not tree:
        found.append(node)
    return found
