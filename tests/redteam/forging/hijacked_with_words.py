"""Take the guest's place, and send long, false and steering words.

A safe grader cuts them, takes what steers out of them, and believes none.

Expected: crashed or unreadable, 0 points
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


ODD = "\x1b[2J\u202e\0<b>"
serve([
    msgspec.msgpack.encode(["raised", "E" * 10_000, "m" * 1_000_000]),
    msgspec.msgpack.encode(["raised", "7" * 2_000_000, "7" * 2_000_000]),
    msgspec.msgpack.encode(["raised", "E", "m", "w" * 100_000, 2**63, "c" * 100_000]),
    msgspec.msgpack.encode(["raised", ODD, ODD, ODD, -(2**63), ODD, False, True, ODD]),
    msgspec.msgpack.encode(["rejected", "no", "<b>none</b>"]),
    msgspec.msgpack.encode(["absent", "f" * 10_000, "g" * 10_000]),
    msgspec.msgpack.encode(["parsed", "text", []]),
    msgspec.msgpack.encode(["loaded", ["note" * 1000] * 1000]),
    msgspec.msgpack.encode(["unreadable", ODD * 1000, 2**40]),
])
