"""The plain data that crosses between judge and guest, inside of frames.

A tensor is its dtype, its shape and its bytes; what has no such form crosses as its name alone.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import msgspec
import torch

__all__ = [
    "MAX_TENSOR_BYTES",
    "MAX_TEXT",
    "Bounded",
    "Foreign",
    "Items",
    "Mapping",
    "TensorData",
    "Value",
    "WireError",
    "pack",
    "unpack",
]

MAX_TENSOR_BYTES = 8 * 2**20  # the lab's largest model is 0.5 MB in float32
MAX_ELEMENTS = 16 * 2**20  # of an empty tensor's shape too, which torch multiplies
MAX_DEPTH = 16  # no function of the lab returns anything nested deeper than a dict of tensors
MAX_VALUES = 100_000  # of one answer: each costs the judge a Python object
OF_A_TENSOR = 20  # values that one costs as much as
MAX_DIMENSIONS = 64  # torch's own limit
MAX_TEXT = 500  # characters of a sentence or a name
MAX_ENTRIES = 1_000  # of a list that a frame holds, but for the items of an answer


class WireError(Exception):
    """Bytes that are no frame, or a value that can't cross."""


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


class TensorData(msgspec.Struct, frozen=True, array_like=True, tag="tensor"):
    """A tensor as plain data.

    Attributes:
        dtype: its name in torch: `float32`.
        data: its elements, contiguous, in the machine's byte order.
        requires_grad: whether it did; of a guest's tensor that is a claim, like its numbers.
    """

    dtype: str
    shape: tuple[int, ...]
    data: bytes
    requires_grad: bool = False


class Items(msgspec.Struct, frozen=True, array_like=True, tag="items"):
    """A list or a tuple (`kind`)."""

    kind: str
    items: tuple[Value, ...]


class Mapping(msgspec.Struct, frozen=True, array_like=True, tag="mapping"):
    """A dict with string keys, as pairs."""

    pairs: tuple[tuple[str, Value], ...]


class Foreign(Bounded, frozen=True, array_like=True, tag="foreign"):
    """An object that can't cross; only what it is called does (`numpy.ndarray`)."""

    type_name: str
    detail: str = ""


Value = None | bool | int | float | str | TensorData | Items | Mapping | Foreign


def pack(value: object, depth: int = 0) -> Value:
    """Turn a Python value into what can cross; what can't becomes a Foreign."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return int(value)
    if isinstance(value, float):  # numpy.float64 is one
        return float(value)
    if isinstance(value, torch.Tensor):
        return _pack_tensor(value)
    if depth < MAX_DEPTH:
        if isinstance(value, list | tuple):
            items = tuple(pack(item, depth + 1) for item in value)
            return Items("list" if isinstance(value, list) else "tuple", items)
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return Mapping(tuple((key, pack(item, depth + 1)) for key, item in value.items()))
    return _foreign(value)


def _foreign(value: object) -> Foreign:
    kind = type(value)
    name = kind.__qualname__
    if kind.__module__ not in {"builtins", "__main__"}:
        name = f"{kind.__module__.split('.')[0]}.{name}"
    shape = getattr(value, "shape", None)
    return Foreign(name, f"shape {tuple(shape)}" if isinstance(shape, tuple) else "")


def _pack_tensor(tensor: torch.Tensor) -> TensorData | Foreign:
    dtype = str(tensor.dtype).removeprefix("torch.")
    if dtype not in DTYPES or tensor.layout != torch.strided or tensor.is_meta:
        return Foreign(f"torch.Tensor of dtype {dtype} and layout {tensor.layout}")
    if tensor.numel() * tensor.element_size() > MAX_TENSOR_BYTES:
        return Foreign("torch.Tensor", f"shape {tuple(tensor.shape)}, too large to be graded")
    plain = tensor.detach().to("cpu").resolve_conj().resolve_neg().reshape(-1)
    # a single number counts as contiguous whatever its stride, so only a copy has a stride of 1
    flat = plain.clone(memory_format=torch.contiguous_format)
    raw = flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""
    return TensorData(dtype, tuple(tensor.shape), raw, tensor.requires_grad)


DTYPES = frozenset(
    {
        "bfloat16",
        "bool",
        "float16",
        "float32",
        "float64",
        "int16",
        "int32",
        "int64",
        "int8",
        "uint8",
    }
)


def unpack(value: Value, device: str = "cpu") -> Any:
    """Turn what crossed back into Python values; tensors land on `device`.

    A Foreign stays what it is: whoever expected a value says what came instead.

    Raises:
        WireError: a tensor's bytes don't fit its shape and dtype, or there is too much of it.
    """
    return _Unpacker(device).unpack(value, 0)


class _Unpacker:
    """Rebuilds one value, unless it is too deep or made of too many."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._values = 0

    def unpack(self, value: Value, depth: int) -> Any:
        self._values += OF_A_TENSOR if isinstance(value, TensorData) else 1
        if depth > MAX_DEPTH:
            raise WireError(f"its lists and dicts are nested more than {MAX_DEPTH} deep")
        if self._values > MAX_VALUES:
            raise WireError(f"it is made of more than {MAX_VALUES} values")
        if isinstance(value, TensorData):
            return _unpack_tensor(value, self._device)
        if isinstance(value, Items):
            items = [self.unpack(item, depth + 1) for item in value.items]
            return items if value.kind == "list" else tuple(items)
        if isinstance(value, Mapping):
            return {key[:MAX_TEXT]: self.unpack(item, depth + 1) for key, item in value.pairs}
        return value[:MAX_TEXT] if isinstance(value, str) else value


def _unpack_tensor(value: TensorData, device: str) -> torch.Tensor:
    if value.dtype not in DTYPES:
        raise WireError("a tensor can't have this dtype")
    dtype: torch.dtype = getattr(torch, value.dtype)
    _check_shape(value.shape)
    elements = math.prod(value.shape)
    if elements * dtype.itemsize != len(value.data):
        raise WireError("a tensor's bytes don't fit its shape and dtype")
    if not elements:
        return torch.empty(value.shape, dtype=dtype, device=device)
    flat = torch.frombuffer(bytearray(value.data), dtype=dtype)
    tensor = flat.reshape(value.shape).to(device)
    return tensor.requires_grad_() if value.requires_grad and dtype.is_floating_point else tensor


def _check_shape(shape: tuple[int, ...]) -> None:
    """Refuse a shape that torch can't make, before anything is computed with it."""
    if len(shape) > MAX_DIMENSIONS:
        raise WireError(f"a tensor can't have more than {MAX_DIMENSIONS} dimensions")
    # an empty tensor has strides too, and torch multiplies them from the sizes beside the 0
    if min(shape, default=0) < 0 or math.prod(max(size, 1) for size in shape) > MAX_ELEMENTS:
        raise WireError("a tensor can't have this shape")
