"""Take the guest's place, and send values of odd types, depths and sizes.

A safe grader decodes only what the wire allows, and counts it.

Expected: crashed, 0 points
"""

import os
import struct
import sys

import msgspec

from grader.guest.process import child
from grader.guest.crossing import wire

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
REQUESTS, REPLIES = frame.f_locals["request_fd"], frame.f_locals["reply_fd"]


def give(body):
    """Send a frame."""
    child.write_all(REPLIES, struct.pack(">I", len(body)) + body)


def serve(bodies):
    """Answer every question with the next body; never come back to the guest."""
    give(msgspec.msgpack.encode(["loaded", []]))
    place = 0
    while header := child.read_exactly(REQUESTS, 4):
        child.read_exactly(REQUESTS, wire.frame_length(header))
        give(bodies[place % len(bodies)])
        place += 1
    os._exit(0)


def returned(value):
    """Encode an answer that the wire's own types may not allow."""
    return msgspec.msgpack.encode(["returned", value, []])



def nested(depth):
    """Return a list in a list, and so on."""
    value = None
    for _ in range(depth):
        value = ["items", "list", [value]]
    return value


serve([
    returned(nested(200)),
    returned(float("nan")),
    returned(float("-inf")),
    returned(["items", "set", [1, 1]]),
    returned(["mapping", [["a", 1], ["a", 2]]]),
    returned(["foreign", "T" * 100_000, "d" * 100_000]),
    msgspec.msgpack.encode(["returned", None, [99, -1, 2**63]]),
    msgspec.msgpack.encode({"type": "returned", "value": 1}),
    msgspec.msgpack.encode(msgspec.msgpack.Ext(5, b"code")),
    msgspec.msgpack.encode(["probe", b"code", [], 1]),
    b"",
])
