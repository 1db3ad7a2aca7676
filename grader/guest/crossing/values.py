"""The plain data that crosses between judge and guest, inside of frames.

A tensor is its dtype, its shape and its bytes. In an answer, what has no such form crosses as its
name alone; in a question it is refused, for the suite that asks is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
import numpy as np
import torch

from grader.guest.crossing.kinds import kind_and_name
from grader.guest.crossing.tensors import (
    DTYPES,
    ForeignError,
    TensorData,
    WireError,
    pack_array,
    pack_tensor,
    unpack_tensor,
)

__all__ = [
    "DTYPES",
    "MAX_TEXT",
    "OF_A_TENSOR",
    "REPLY",
    "REQUEST",
    "Bounded",
    "Foreign",
    "ForeignError",
    "Items",
    "Keyed",
    "Mapping",
    "Raw",
    "Room",
    "TensorData",
    "Value",
    "WireError",
    "is_int64",
    "pack",
    "pack_strictly",
    "unpack",
]

NUMPY_NUMBERS = (np.bool_, np.integer, np.floating)
PLAIN_KEYS = (str, bytes, bool, int, float, *NUMPY_NUMBERS)

OF_A_TENSOR = 20  # values that one costs as much as to rebuild
MAX_DEPTH = 16  # a dict of lists of tensors has three
MAX_TEXT = 500  # characters of a sentence or a name
MAX_ENTRIES = 1_000  # of a list that a frame holds, but for the items of an answer


@dataclass(frozen=True)
class Room:
    """How much may cross in one direction, as one answer or as one argument.

    Attributes:
        tensor_bytes: of a tensor, an array or a bytes object.
        values: that it is made of; each costs the other side a Python object.
        text: characters of a text.
        odd_keys: keys of dicts that are no texts; a guest could choose them so that each of them
            is compared with all the others.
    """

    tensor_bytes: int
    values: int
    text: int
    odd_keys: int


# what a guest may answer costs the judge; what the judge asks is the suite's own
REPLY = Room(tensor_bytes=8 * 2**20, values=100_000, text=10_000, odd_keys=3_000)
REQUEST = Room(2**26, values=2_000_000, text=2**26, odd_keys=2_000_000)


class Bounded(msgspec.Struct, frozen=True, array_like=True):
    """What a guest says: no text and no list in it is longer than the judge wants to read.

    They are cut when a frame is decoded, before anything else meets them. What our own part of the
    guest says is cut when it says it, so that it is the same on both sides.

    Attributes:
        longest: characters of the texts that may be longer than MAX_TEXT, by field.
    """

    longest: ClassVar[dict[str, int]] = {}

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            short = _shortened(value, self.longest.get(name, MAX_TEXT))
            if short is not value:
                msgspec.structs.force_setattr(self, name, short)


def _shortened(value: object, longest: int) -> object:
    if isinstance(value, tuple):
        if len(value) > MAX_ENTRIES or any(isinstance(each, str) for each in value[:MAX_ENTRIES]):
            return tuple(_shortened(each, longest) for each in value[:MAX_ENTRIES])
        return value
    return value[:longest] if isinstance(value, str) else value


class Items(msgspec.Struct, frozen=True, array_like=True, tag="items"):
    """A list or a tuple (`kind`)."""

    kind: str
    items: tuple[Value, ...]


class Mapping(msgspec.Struct, frozen=True, array_like=True, tag="mapping"):
    """A dict with string keys, as pairs."""

    pairs: tuple[tuple[str, Value], ...]


class Keyed(msgspec.Struct, frozen=True, array_like=True, tag="keyed"):
    """A dict with keys of any plain kind: numbers, texts, bytes, None, tuples of them."""

    pairs: tuple[tuple[Value, Value], ...]


class Raw(msgspec.Struct, frozen=True, array_like=True, tag="bytes"):
    """A bytes object."""

    data: bytes


class Foreign(Bounded, frozen=True, array_like=True, tag="foreign"):
    """An object that can't cross; only what it is called does (`torch.Linear`).

    Attributes:
        type_name: of what type it is; of a class, a function and a method, that it is one.
        detail: its shape, or the name of the class, function or method.
    """

    type_name: str
    detail: str = ""


Value = None | bool | int | float | str | TensorData | Items | Mapping | Keyed | Raw | Foreign


def pack(value: object, room: Room = REPLY) -> Value:
    """Turn a Python value into what can cross; what can't becomes a Foreign."""
    return _Packer(room, strict=False).pack(value, 0)


def pack_strictly(value: object) -> Value:
    """Turn a value of the judge's into what can cross.

    Raises:
        ForeignError: something in it can't; the message says what.
    """
    return _Packer(REQUEST, strict=True).pack(value, 0)


class _Packer:
    """Packs one value."""

    def __init__(self, room: Room, *, strict: bool) -> None:
        self._room = room
        self._strict = strict
        self._values = 0

    def pack(self, value: object, depth: int) -> Value:
        self._values += 1
        try:
            return self._packed(value, depth)
        except ForeignError as error:
            if self._strict:
                raise
            return Foreign(error.type_name, error.detail)

    def _packed(self, value: object, depth: int) -> Value:
        if isinstance(value, torch.Tensor):  # most of what crosses, so before all others
            return pack_tensor(value, self._room.tensor_bytes)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, int) and is_int64(value):
            return int(value)
        if isinstance(value, float):
            return float(value)
        if isinstance(value, NUMPY_NUMBERS):  # it crosses as the number that it is
            return self._packed(value.item(), depth)
        if depth < MAX_DEPTH and isinstance(value, list | tuple | dict):
            return self._collection(value, depth + 1)
        return self._block(value)

    def _block(self, value: object) -> TensorData | Raw:
        if type(value) is np.ndarray:
            return pack_array(value, self._room.tensor_bytes)
        if not isinstance(value, bytes):
            raise _foreign(value)
        if len(value) > self._room.tensor_bytes:
            raise ForeignError("bytes", f"{len(value)} of them, too large to be graded")
        return Raw(bytes(value))

    def _text(self, value: str) -> str:
        if self._strict and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise ForeignError("str", "with half of a character") from None
        return value if type(value) is str else str(value)

    def _collection(self, value: list[Any] | tuple[Any, ...] | dict[Any, Any], depth: int) -> Value:
        if self._strict and self._values + len(value) > self._room.values:
            raise ForeignError(type(value).__name__, f"of more than {self._room.values} values")
        if isinstance(value, dict):
            return self._dict(value, depth)
        items = tuple(self.pack(item, depth) for item in value)
        return Items("list" if isinstance(value, list) else "tuple", items)

    def _dict(self, value: dict[Any, Any], depth: int) -> Mapping | Keyed:
        if all(isinstance(key, str) for key in value):
            return Mapping(tuple((key, self.pack(item, depth)) for key, item in value.items()))
        if not all(map(_is_plain_key, value)):
            raise ForeignError("dict", "with keys that can't be sent")
        return Keyed(
            tuple((self.pack(key, depth), self.pack(item, depth)) for key, item in value.items())
        )


def _is_plain_key(key: object) -> bool:
    if isinstance(key, tuple):
        return all(map(_is_plain_key, key))
    return key is None or isinstance(key, PLAIN_KEYS)


def _foreign(value: object) -> ForeignError:
    kind, name = kind_and_name(value)
    if type(value) is int:
        return ForeignError(kind, "of more than 64 bits")
    shape = getattr(value, "shape", None)
    return ForeignError(kind, f"shape {tuple(shape)}" if isinstance(shape, tuple) else name)


def unpack(value: Value, device: str = "cpu", room: Room = REPLY) -> Any:
    """Turn what crossed back into Python values; tensors land on `device`.

    A Foreign stays what it is: whoever expected a value says what came instead.

    Raises:
        WireError: a tensor's bytes don't fit its shape and dtype, or there is too much of it.
    """
    return _Unpacker(device, room).unpack(value, 0)


class _Unpacker:
    """Rebuilds one value, unless it is too deep or made of too many."""

    def __init__(self, device: str, room: Room) -> None:
        self._device = device
        self._room = room
        self._values = self._odd_keys = 0

    def unpack(self, value: Value, depth: int) -> Any:
        self._values += OF_A_TENSOR if isinstance(value, TensorData) else 1
        if depth > MAX_DEPTH:
            raise WireError(f"its lists and dicts are nested more than {MAX_DEPTH} deep")
        if self._values > self._room.values:
            raise WireError(f"it is made of more than {self._room.values} values")
        match value:
            case TensorData():
                return unpack_tensor(value, self._device, self._room.tensor_bytes)
            case Items():
                items = [self.unpack(item, depth + 1) for item in value.items]
                return items if value.kind == "list" else tuple(items)
            case Mapping():
                return {self._text(key): self.unpack(item, depth + 1) for key, item in value.pairs}
            case Keyed():
                return dict(self._pair(key, item, depth + 1) for key, item in value.pairs)
            case Raw():
                return value.data
            case str():
                return self._text(value)
        return value

    def _text(self, text: str) -> str:
        if len(text) > self._room.text:
            raise WireError(f"a text in it has more than {self._room.text} characters")
        return text

    def _pair(self, key: Value, item: Value, depth: int) -> tuple[Any, Any]:
        plain = self.unpack(key, depth)
        self._odd_keys += not isinstance(plain, str)
        if not _is_plain_key(plain):
            raise WireError("a dict can't have this key")
        if self._odd_keys > self._room.odd_keys:
            raise WireError(f"its dicts have more than {self._room.odd_keys} such keys")
        return plain, self.unpack(item, depth)


def is_int64(value: int) -> bool:
    """Whether a whole number crosses, and a tensor can hold it."""
    return -(2**63) <= value < 2**63
