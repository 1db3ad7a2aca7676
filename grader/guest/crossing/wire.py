"""The frames that cross between judge and guest.

A frame is four bytes of length (big endian) and that many bytes of msgpack. Every frame type is a
typed struct, encoded as an array that begins with its tag, so there are no maps whose keys could
repeat. Only data crosses from guest to judge; the judge may send code (a probe).
"""

from __future__ import annotations

import struct
from typing import ClassVar

import msgspec

from grader.guest.crossing.values import REQUEST, Bounded, Value, WireError

__all__ = [
    "MAX_CODE",
    "MAX_FRAME_BYTES",
    "MAX_REQUEST_BYTES",
    "Absent",
    "Call",
    "Load",
    "Loaded",
    "Look",
    "Parse",
    "Parsed",
    "Part",
    "Probe",
    "Proceed",
    "Raised",
    "Rejected",
    "Reply",
    "Request",
    "Returned",
    "SavedCell",
    "SavedOutput",
    "Unreadable",
    "decode_reply",
    "decode_request",
    "frame",
    "frame_length",
]

MAX_CODE = 250_000  # characters of a file's code, a cell or a saved output; reports show fewer
MAX_FRAME_BYTES = 16 * 2**20  # of a guest's: two of the largest tensors that may cross
MAX_REQUEST_BYTES = 2 * REQUEST.tensor_bytes
HEADER = struct.Struct(">I")


class Part(msgspec.Struct, frozen=True, array_like=True):
    """One of several files that come together; its name is a path with forward slashes."""

    name: str
    content: bytes


class Parse(msgspec.Struct, frozen=True, array_like=True, tag="parse"):
    """Read a handed-in file, run nothing.

    Attributes:
        parts: the files of an exercise that has several; `content` is empty then.
    """

    file_name: str
    content: bytes
    notebook: bool
    parts: tuple[Part, ...] = ()


class Load(msgspec.Struct, frozen=True, array_like=True, tag="load"):
    """Run a file's code as the module of an exercise.

    Attributes:
        stepwise: whether nothing is run yet: `Proceed` then runs a notebook in parts.
        beside: modules that lie beside the file, as far as that is known; they are not loaded.
        switched_off: ready-made functions that can't be called while its code runs.
        instead: a sentence about what is open in their place.
        parts: the files of an exercise that has several; `content` is empty then.
        entry: which module of the parts is the exercise's.
        modules: files that it may import besides: what the course gives, and what the student has
            written for earlier exercises.
    """

    exercise: str
    file_name: str
    content: bytes
    notebook: bool
    device: str
    stepwise: bool = False
    beside: tuple[str, ...] = ()
    switched_off: tuple[str, ...] = ()
    instead: str = ""
    parts: tuple[Part, ...] = ()
    entry: str = ""
    modules: tuple[Part, ...] = ()


class Proceed(msgspec.Struct, frozen=True, array_like=True, tag="proceed"):
    """Run a notebook on, up to and including its last cell of this id; to its end without one.

    What is asked from then on is about the names as that cell left them. To proceed once more to
    a cell that was passed goes back to its names and runs nothing. The cell that runs when `time_s`
    is up (0 for never) is stopped.
    """

    cell: str
    time_s: float = 0.0


class Call(msgspec.Struct, frozen=True, array_like=True, tag="call"):
    """Call a function of the loaded module.

    Attributes:
        names: of the last of the arguments, which are passed by name.
    """

    function: str
    args: tuple[Value, ...]
    seed: int
    names: tuple[str, ...] = ()


class Look(msgspec.Struct, frozen=True, array_like=True, tag="look"):
    """Say what a name of the loaded module stands for."""

    name: str


class Probe(msgspec.Struct, frozen=True, array_like=True, tag="probe"):
    """Run a function of the suite beside the loaded module; `code` is its pickle."""

    code: bytes
    args: tuple[Value, ...]
    seed: int


Request = Parse | Load | Proceed | Call | Look | Probe


class SavedOutput(Bounded, frozen=True, array_like=True):
    """What a notebook says that a cell put out; `mime` is `error` for an exception."""

    mime: str
    content: str

    longest: ClassVar[dict[str, int]] = {"content": MAX_CODE}


class SavedCell(Bounded, frozen=True, array_like=True):
    """A cell of a notebook as it was saved.

    Attributes:
        kind: `code`, `markdown`, or what else the notebook says.
        first_line: the line of the whole code before a code cell's own first line.
        file: the file that it is, of several that were handed in.
    """

    kind: str
    text: str
    outputs: tuple[SavedOutput, ...] = ()
    first_line: int = 0
    file: str = ""

    longest: ClassVar[dict[str, int]] = {"text": MAX_CODE}


class Parsed(Bounded, frozen=True, array_like=True, tag="parsed"):
    """A file as text: for a notebook, its code cells one after the other, and all of its cells."""

    text: str
    notes: tuple[str, ...] = ()
    cells: tuple[SavedCell, ...] = ()

    longest: ClassVar[dict[str, int]] = {"text": MAX_CODE}


class Unreadable(Bounded, frozen=True, array_like=True, tag="unreadable"):
    """A file that is not Python and not a notebook; `line` is 1-based, 0 where none is meant."""

    reason: str
    line: int = 0


class Loaded(Bounded, frozen=True, array_like=True, tag="loaded"):
    """The module is there.

    Attributes:
        failed: what the cell raised that a notebook was run up to.
        unwritten: whether nothing of that cell can have run: it is empty, or does not compile.
    """

    notes: tuple[str, ...] = ()
    failed: Raised | None = None
    unwritten: bool = False


class Returned(Bounded, frozen=True, array_like=True, tag="returned"):
    """What a call gave.

    Attributes:
        changed: positions of the tensor arguments that are no longer what was passed in.
        printed: whether the code printed something meanwhile.
    """

    value: Value
    changed: tuple[int, ...] = ()
    printed: bool = False


class Raised(Bounded, frozen=True, array_like=True, tag="raised"):
    """An exception came out of the student's code.

    Attributes:
        where: the last place in the student's own code, as `file:line` or `file, cell 3, line 2`.
        line: its line in the text that `Parsed` gave, 1-based; 0 where no frame is the student's.
        code: the text of that line.
        not_started: whether this is the stub's own NotImplementedError.
        limit: what it used too much of, in words (`2 GB of memory`), where a limit raised it.
        mistake: slug of the mistake that a probe recognised behind it, or empty.
        kinds: names of its type's base classes, the nearest first.
        came: what the student's function gave that a probe could not go on with, in words.
    """

    type_name: str
    message: str
    where: str = ""
    line: int = 0
    code: str = ""
    not_started: bool = False
    limit: str = ""
    mistake: str = ""
    kinds: tuple[str, ...] = ()
    came: str = ""

    longest: ClassVar[dict[str, int]] = {"type_name": 100, "message": 400, "code": 200}


class Absent(Bounded, frozen=True, array_like=True, tag="absent"):
    """The module has no such function.

    Attributes:
        similar: a name in it that looks like it.
        kind: what the name stands for, where that can't be called: `int`.
    """

    function: str
    similar: str = ""
    kind: str = ""


class Rejected(Bounded, frozen=True, array_like=True, tag="rejected"):
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
        WireError: it is larger than what may cross in its direction.
    """
    body = _encoder.encode(message)
    most = MAX_REQUEST_BYTES if isinstance(message, Request) else MAX_FRAME_BYTES
    return HEADER.pack(_fitting(len(body), most)) + body


def frame_length(header: bytes, most: int = MAX_FRAME_BYTES) -> int:
    """Return how long the frame behind a four-byte header is.

    Raises:
        WireError: it would be over the limit.
    """
    (length,) = HEADER.unpack(header)
    return _fitting(length, most)


def _fitting(length: int, most: int) -> int:
    if length > most:
        raise WireError(f"a frame of {length} bytes is over the limit of {most}")
    return length


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
        raise WireError("not a reply") from error  # what msgspec says may quote all of it
    return reply
