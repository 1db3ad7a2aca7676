"""What a drawing is made of; positions are in the units of its own box, y downwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Box", "Dot", "Drawing", "Figure", "Image", "Key", "Label", "Line", "Shape", "line"]


@dataclass(frozen=True)
class Line:
    """A line through points, as the `d` of an SVG path."""

    d: str
    css: str
    kind: str = "line"


@dataclass(frozen=True)
class Dot:
    """A filled circle, or a ring, as its class says."""

    x: float
    y: float
    r: float
    css: str
    kind: str = "dot"


@dataclass(frozen=True)
class Box:
    """A rectangle; `strength` is how much of its colour shows, from 0 to 1."""

    x: float
    y: float
    width: float
    height: float
    css: str
    strength: float = 1.0
    kind: str = "box"


@dataclass(frozen=True)
class Label:
    """A short text; `anchor` says which part of it stands at x: start, middle or end."""

    x: float
    y: float
    text: str
    css: str = ""
    anchor: str = "start"
    kind: str = "label"


@dataclass(frozen=True)
class Image:
    """A square picture of pixels."""

    x: float
    y: float
    size: float
    href: str
    kind: str = "image"


Shape = Line | Dot | Box | Label | Image


@dataclass(frozen=True)
class Drawing:
    """One SVG: what it is, what can be seen in it, and its shapes."""

    title: str
    description: str
    width: float
    height: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Key:
    """One entry of a legend: the class of a line or a box, and what it stands for."""

    css: str
    words: str


@dataclass(frozen=True)
class Figure:
    """Drawings that belong together, with what they say in a sentence."""

    css: str
    caption: str
    drawings: tuple[Drawing, ...]
    key: tuple[Key, ...] = ()


def line(points: Iterable[tuple[float, float]], css: str) -> Line:
    """Return a line through some points."""
    return Line("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), css)
