"""Tensors and NumPy arrays as they cross between judge and guest: dtype, shape and bytes."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import torch

__all__ = [
    "DTYPES",
    "Array",
    "ForeignError",
    "TensorData",
    "WireError",
    "pack_array",
    "pack_tensor",
    "unpack_tensor",
]

Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]

MAX_ELEMENTS = 16 * 2**20  # of an empty tensor's shape too, which torch multiplies
MAX_DIMENSIONS = 64  # torch's and NumPy's own limit
TO_TORCH = {
    name: getattr(torch, name)
    for name in (
        *("bfloat16", "bool", "float16", "float32", "float64"),
        *("int8", "int16", "int32", "int64", "uint8"),
    )
}
DTYPES = frozenset(TO_TORCH)
TOO_LARGE = "too large to be graded"
ARRAY_DTYPES = DTYPES - {"bfloat16"}  # which NumPy does not have


class WireError(Exception):
    """Bytes that are no frame, or a value that can't cross."""


class ForeignError(WireError):
    """A value that can't cross: what it is called, and more about it."""

    def __init__(self, type_name: str, detail: str = "") -> None:
        super().__init__(f"{type_name} ({detail})" if detail else type_name)
        self.type_name = type_name
        self.detail = detail


class TensorData(msgspec.Struct, frozen=True, array_like=True, tag="tensor"):
    """A tensor or an array as plain data.

    Attributes:
        dtype: its name in torch and NumPy: `float32`.
        data: its elements, contiguous, in the machine's byte order.
        requires_grad: whether it did; of a guest's tensor that is a claim, like its numbers.
        array: whether it is a NumPy array.
    """

    dtype: str
    shape: tuple[int, ...]
    data: bytes
    requires_grad: bool = False
    array: bool = False


def pack_tensor(tensor: torch.Tensor, most_bytes: int) -> TensorData:
    """Turn a tensor into plain data.

    Raises:
        ForeignError: it is of a kind that can't cross, or larger than `most_bytes`.
    """
    dtype = str(tensor.dtype).removeprefix("torch.")
    if dtype not in DTYPES or tensor.layout != torch.strided or tensor.is_meta:
        raise ForeignError(f"torch.Tensor of dtype {dtype} and layout {tensor.layout}")
    if tensor.numel() * tensor.element_size() > most_bytes:
        raise ForeignError("torch.Tensor", f"shape {tuple(tensor.shape)}, {TOO_LARGE}")
    plain = tensor.detach().to("cpu").resolve_conj().resolve_neg().reshape(-1)
    # a single number counts as contiguous whatever its stride, so only a copy has a stride of 1
    flat = plain.clone(memory_format=torch.contiguous_format)
    raw = flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b""
    return TensorData(dtype, tuple(tensor.shape), raw, tensor.requires_grad)


def pack_array(array: Array, most_bytes: int) -> TensorData:
    """Turn a NumPy array into plain data.

    Raises:
        ForeignError: it is of a kind that can't cross, or larger than `most_bytes`.
    """
    dtype, shape = str(array.dtype), tuple(map(int, array.shape))
    if dtype not in ARRAY_DTYPES:  # numbers whose bytes are swapped have names of their own: `>f8`
        raise ForeignError("numpy.ndarray", f"shape {shape}, dtype {dtype}")
    if array.nbytes > most_bytes:
        raise ForeignError("numpy.ndarray", f"shape {shape}, {TOO_LARGE}")
    return TensorData(dtype, shape, array.tobytes(), array=True)


def unpack_tensor(
    value: TensorData, device: str, most_elements: int = MAX_ELEMENTS
) -> torch.Tensor | Array:
    """Make a tensor on `device`, or an array, of what crossed.

    Raises:
        WireError: dtype, shape and bytes do not fit each other, or torch has no such shape.
    """
    if value.dtype not in (ARRAY_DTYPES if value.array else DTYPES):
        raise WireError("a tensor can't have this dtype")
    dtype: torch.dtype = TO_TORCH[value.dtype]
    _check_shape(value.shape, most_elements)
    elements = math.prod(value.shape)
    if elements * dtype.itemsize != len(value.data):
        raise WireError("a tensor's bytes don't fit its shape and dtype")
    if value.array:
        return np.frombuffer(bytearray(value.data), dtype=value.dtype).reshape(value.shape)
    if not elements:
        return torch.empty(value.shape, dtype=dtype, device=device)
    flat = torch.frombuffer(bytearray(value.data), dtype=dtype)
    tensor = flat.reshape(value.shape).to(device)
    return tensor.requires_grad_() if value.requires_grad and dtype.is_floating_point else tensor


def _check_shape(shape: tuple[int, ...], most_elements: int) -> None:
    """Refuse a shape that torch can't make, before anything is computed with it."""
    if len(shape) > MAX_DIMENSIONS:
        raise WireError(f"a tensor can't have more than {MAX_DIMENSIONS} dimensions")
    # an empty tensor has strides too, and torch multiplies them from the sizes beside the 0
    if min(shape, default=0) < 0 or math.prod(max(size, 1) for size in shape) > most_elements:
        raise WireError("a tensor can't have this shape")
