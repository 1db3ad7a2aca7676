"""The frames that cross between judge and guest.

A frame is four bytes of length (big endian) and that many bytes of msgpack. Every frame type is a
typed struct, encoded as an array that begins with its tag, so there are no maps whose keys could
repeat. Only data crosses from guest to judge; the judge may send code (a probe).
"""

from __future__ import annotations

import math
import struct
from typing import Any

import msgspec
import torch

__all__ = [
    "MAX_FRAME_BYTES",
    "Absent",
    "Call",
    "Foreign",
    "Items",
    "Load",
    "Loaded",
    "Mapping",
    "Parse",
    "Parsed",
    "Probe",
    "Proceed",
    "Raised",
    "Rejected",
    "Reply",
    "Request",
    "Returned",
    "SavedCell",
    "SavedOutput",
    "TensorData",
    "Unreadable",
    "Value",
    "WireError",
    "decode_reply",
    "decode_request",
    "frame",
    "frame_length",
    "pack",
    "unpack",
]

MAX_FRAME_BYTES = 16 * 2**20  # the lab's largest model is 0.5 MB in float32
MAX_DEPTH = 16  # no function of the lab returns anything nested deeper than a dict of tensors
MAX_VALUES = 100_000  # of one answer: each costs the judge a Python object
MAX_DIMENSIONS = 64  # torch's own limit
HEADER = struct.Struct(">I")


class WireError(Exception):
    """Bytes that are no frame, or a value that can't cross."""


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


class Foreign(msgspec.Struct, frozen=True, array_like=True, tag="foreign"):
    """An object that can't cross; only what it is called does (`numpy.ndarray`)."""

    type_name: str
    detail: str = ""


Value = None | bool | int | float | str | TensorData | Items | Mapping | Foreign


class Parse(msgspec.Struct, frozen=True, array_like=True, tag="parse"):
    """Read a handed-in file, run nothing."""

    file_name: str
    content: bytes
    notebook: bool


class Load(msgspec.Struct, frozen=True, array_like=True, tag="load"):
    """Run a file's code as the module of an exercise.

    Attributes:
        stepwise: whether nothing is run yet: `Proceed` then runs a notebook in parts.
    """

    exercise: str
    file_name: str
    content: bytes
    notebook: bool
    device: str
    stepwise: bool = False


class Proceed(msgspec.Struct, frozen=True, array_like=True, tag="proceed"):
    """Run a notebook on, up to and including its last cell of this id; to its end without one.

    What is asked from then on is about the names as that cell left them. To proceed once more to
    a cell that was passed goes back to its names and runs nothing. The cell that runs when `time_s`
    is up (0 for never) is stopped.
    """

    cell: str
    time_s: float = 0.0


class Call(msgspec.Struct, frozen=True, array_like=True, tag="call"):
    """Call a function of the loaded module."""

    function: str
    args: tuple[Value, ...]
    seed: int


class Probe(msgspec.Struct, frozen=True, array_like=True, tag="probe"):
    """Run a function of the suite beside the loaded module; `code` is its pickle."""

    code: bytes
    args: tuple[Value, ...]
    seed: int


Request = Parse | Load | Proceed | Call | Probe


class SavedOutput(msgspec.Struct, frozen=True, array_like=True):
    """What a notebook says that a cell put out; `mime` is `error` for an exception."""

    mime: str
    content: str


class SavedCell(msgspec.Struct, frozen=True, array_like=True):
    """A cell of a notebook as it was saved.

    Attributes:
        kind: `code`, `markdown`, or what else the notebook says.
        first_line: the line of the whole code before a code cell's own first line.
    """

    kind: str
    text: str
    outputs: tuple[SavedOutput, ...] = ()
    first_line: int = 0


class Parsed(msgspec.Struct, frozen=True, array_like=True, tag="parsed"):
    """A file as text: for a notebook, its code cells one after the other, and all of its cells."""

    text: str
    notes: tuple[str, ...] = ()
    cells: tuple[SavedCell, ...] = ()


class Unreadable(msgspec.Struct, frozen=True, array_like=True, tag="unreadable"):
    """A file that is not Python and not a notebook; `line` is 1-based, 0 where none is meant."""

    reason: str
    line: int = 0


class Loaded(msgspec.Struct, frozen=True, array_like=True, tag="loaded"):
    """The module is there.

    Attributes:
        failed: what the cell raised that a notebook was run up to.
    """

    notes: tuple[str, ...] = ()
    failed: Raised | None = None


class Returned(msgspec.Struct, frozen=True, array_like=True, tag="returned"):
    """What a call gave.

    Attributes:
        changed: positions of the tensor arguments that are no longer what was passed in.
    """

    value: Value
    changed: tuple[int, ...] = ()


class Raised(msgspec.Struct, frozen=True, array_like=True, tag="raised"):
    """An exception came out of the student's code.

    Attributes:
        where: the last place in the student's own code, as `file:line` or `file, cell 3, line 2`.
        line: its line in the text that `Parsed` gave, 1-based; 0 where no frame is the student's.
        code: the text of that line.
        not_started: whether this is the stub's own NotImplementedError.
        limit: what it used too much of, in words (`2 GB of memory`), where a limit raised it.
        mistake: slug of the mistake that a probe recognised behind it, or empty.
    """

    type_name: str
    message: str
    where: str = ""
    line: int = 0
    code: str = ""
    not_started: bool = False
    limit: str = ""
    mistake: str = ""


class Absent(msgspec.Struct, frozen=True, array_like=True, tag="absent"):
    """The module has no such function; `similar` is a name in it that looks like it."""

    function: str
    similar: str = ""


class Rejected(msgspec.Struct, frozen=True, array_like=True, tag="rejected"):
    """A probe found the student's object unfit; `message` is a sentence for the student."""

    message: str
    mistake: str = ""


Reply = Parsed | Unreadable | Loaded | Returned | Raised | Absent | Rejected

_encoder = msgspec.msgpack.Encoder()
_request_decoder = msgspec.msgpack.Decoder(Request)
_reply_decoder = msgspec.msgpack.Decoder(Reply)


def frame(message: Request | Reply) -> bytes:
    """Encode a message with its length in front.

    Raises:
        WireError: it is larger than MAX_FRAME_BYTES.
    """
    body = _encoder.encode(message)
    if len(body) > MAX_FRAME_BYTES:
        raise WireError(f"a frame of {len(body)} bytes is over the limit of {MAX_FRAME_BYTES}")
    return HEADER.pack(len(body)) + body


def frame_length(header: bytes) -> int:
    """Return how long the frame behind a four-byte header is.

    Raises:
        WireError: it would be over the limit.
    """
    (length,) = HEADER.unpack(header)
    if length > MAX_FRAME_BYTES:
        raise WireError(f"a frame of {length} bytes is over the limit of {MAX_FRAME_BYTES}")
    return int(length)


def decode_request(body: bytes) -> Request:
    """Decode what the judge sent."""
    request: Request = _request_decoder.decode(body)
    return request


def decode_reply(body: bytes) -> Reply:
    """Decode what a guest sent: hostile until proven otherwise.

    Raises:
        WireError: it is not a reply.
    """
    try:
        reply: Reply = _reply_decoder.decode(body)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise WireError(f"not a reply: {error}") from error
    return reply


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
    if tensor.numel() * tensor.element_size() > MAX_FRAME_BYTES // 2:
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
        self._values += 1
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
            return {key: self.unpack(item, depth + 1) for key, item in value.pairs}
        return value


def _unpack_tensor(value: TensorData, device: str) -> torch.Tensor:
    if value.dtype not in DTYPES:
        raise WireError(f"a tensor can't have dtype {value.dtype[:20]!r}")
    dtype: torch.dtype = getattr(torch, value.dtype)
    _check_shape(value.shape)
    elements = math.prod(value.shape)
    if elements * dtype.itemsize != len(value.data):
        raise WireError(f"{len(value.data)} bytes are no {value.dtype} tensor of {value.shape}")
    if not elements:
        return torch.empty(value.shape, dtype=dtype, device=device)
    flat = torch.frombuffer(bytearray(value.data), dtype=dtype)
    tensor = flat.reshape(value.shape).to(device)
    return tensor.requires_grad_() if value.requires_grad and dtype.is_floating_point else tensor


def _check_shape(shape: tuple[int, ...]) -> None:
    """Refuse a shape that torch can't make, before anything is computed with it."""
    if len(shape) > MAX_DIMENSIONS:
        raise WireError(f"a tensor can't have {len(shape)} dimensions")
    # an empty tensor has strides too, and torch multiplies them from the sizes beside the 0
    if min(shape, default=0) < 0 or math.prod(max(size, 1) for size in shape) > MAX_FRAME_BYTES:
        raise WireError(f"a tensor can't have shape {shape}")
