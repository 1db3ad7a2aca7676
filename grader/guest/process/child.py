"""The child of the fork server: reads requests, writes replies, until the judge hangs up."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, NoReturn

import cloudpickle  # noqa: F401 - probes are made of it; loaded once, for every child
import torch

from grader.guest.crossing.values import WireError, pack
from grader.guest.crossing.wire import (
    HEADER,
    MAX_REQUEST_BYTES,
    Call,
    Load,
    Parse,
    Rejected,
    Reply,
    decode_request,
    frame,
    frame_length,
)
from grader.guest.submission import Guest

if TYPE_CHECKING:
    from grader.guest.process.limits import GuestLimits

__all__ = ["rehearse", "serve"]


def serve(request_fd: int, reply_fd: int, limits: GuestLimits) -> NoReturn:
    """Answer requests until the judge hangs up; the process ends without running exit handlers."""
    guest = Guest(limits)
    while header := read_exactly(request_fd, HEADER.size):
        size = frame_length(header, MAX_REQUEST_BYTES)
        request = decode_request(read_exactly(request_fd, size))
        reply = encode(guest.handle(request))
        flush_output()
        write_all(reply_fd, reply)
    os._exit(0)


def rehearse() -> None:
    """Read, load and call a module of two lines, as every child does with a submission's first.

    What that imports and sets up in the fork server, each child finds done.
    """
    guest, name = Guest(), "rehearsal"
    content = f"def {name}(x):\n    return x\n".encode()
    for request in (
        Parse(f"{name}.py", content, notebook=False),
        Load(name, f"{name}.py", content, notebook=False, device="cpu"),
        Call(name, (pack(torch.ones(1)),), seed=0),
    ):
        encode(guest.handle(decode_request(frame(request)[HEADER.size :])))


def flush_output() -> None:
    """Hand over what was printed before the reply, as far as the student's code left a way to."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def encode(reply: Reply) -> bytes:
    """Encode a reply; one that can't cross becomes a sentence that says so."""
    try:
        return frame(reply)
    except WireError as error:
        return frame(Rejected(f"the returned value is too large to be graded: {error}."))
    except Exception as error:  # noqa: BLE001 - lone surrogates: the student's value
        return frame(Rejected(f"the returned value can't be graded: {type(error).__name__}"))


def read_exactly(fd: int, size: int) -> bytes:
    """Read `size` bytes; empty when the other side has hung up."""
    pieces = bytearray()
    while len(pieces) < size:
        piece = os.read(fd, size - len(pieces))
        if not piece:
            return b""
        pieces += piece
    return bytes(pieces)


def write_all(fd: int, data: bytes) -> None:
    """Write everything, however little the judge has room for."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
