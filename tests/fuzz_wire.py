"""Fuzz what the judge does with a guest's bytes: `python -m tests.fuzz_wire --inputs 1000000`.

Frames of every type are changed at random, decoded, rebuilt and compared, as the judge does it.
Nothing may come out but an answer or a `WireError`; nothing may hang, and nothing may grow.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import torch

from grader.answers.describing import describe_value
from grader.answers.difference import difference
from grader.asking.refusals import refusal
from grader.guest.crossing.values import (
    Foreign,
    Items,
    Keyed,
    Mapping,
    Raw,
    TensorData,
    WireError,
    pack,
    unpack,
)
from grader.guest.crossing.wire import (
    HEADER,
    Absent,
    Loaded,
    Parsed,
    Raised,
    Rejected,
    Returned,
    Unreadable,
    decode_reply,
    frame,
    frame_length,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.guest.crossing.wire import Reply

__all__ = ["SEEDS", "changed", "judged"]

HANG_S = 60  # for one input; the slowest takes milliseconds
WARM_UP = 10  # the first of so many parts of a run, in which memory may grow
MOST_GROWTH_MB = 16
RIGHT = torch.linspace(-1, 1, 6).reshape(2, 3)
# bytes that mean something to msgpack: sizes, types, ends of ranges
MARKERS = bytes([0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, *range(0xC0, 0xE0), 0xFF])

SEEDS: tuple[bytes, ...] = tuple(
    frame(reply)[HEADER.size :]
    for reply in (
        Parsed("import torch\n", ("a note",)),
        Unreadable("no notebook", 3),
        Loaded(("a note",), None),
        Loaded((), Raised("ValueError", "no", "file.py:3", 3, "x = 1", mistake="sum-not-mean")),
        Returned(pack(RIGHT)),
        Returned(pack([1, 2.5, "three", None, True, (RIGHT, {"a": RIGHT.long()})]), (0, 1)),
        Returned(pack({"losses": [0.5, 0.25], "W1": RIGHT.double(), "b": torch.zeros(())})),
        Returned(Items("tuple", (Mapping((("a", 1), ("a", 2))), Foreign("numpy.ndarray")))),
        Returned(TensorData("bfloat16", (0, 3), b"")),
        Returned(pack([RIGHT.numpy(), {1: b"ab", (2, "c"): [RIGHT.long().numpy()], None: 0.5}])),
        Returned(Keyed(((1, 2), (1, 3), (Items("tuple", (1, 2)), Raw(b"abc"))))),
        Raised("ValueError", "m" * 100, "file.py:3", 3, "x = 1", False, "sum-not-mean"),
        Raised("MyError", "m", kinds=("ValueError", "Exception"), came="`f` returned None"),
        Absent("forward", "foward", "int"),
        Rejected("no module", "class-not-object"),
    )
)

# what takes the place of a part
PARTS: tuple[object, ...] = (
    *(None, True, False, 0, 1, -1, 2, 3, 2**31, 2**53, 2**63 - 1, -(2**63), 2**64 - 1),
    *(0.0, -0.0, 0.5, 1e308, float("nan"), float("inf"), "", "x", "\0", "\u202e", "x" * 100),
    *("float32", "float64", "int64", "bool", "object", "list", "tuple", "set", b"", b"1234"),
    *([], [1], [0], [6], [2, 3], [3, 2], [0, 2**62], [-1, -6], [1] * 65, [[[[]]]], bytes(24)),
    ["tensor", "float32", [2, 3], bytes(24), True],
    ["tensor", "float64", [2, 3], bytes(48)],
    ["tensor", "bool", [2, 3], b"\x02" * 6],
    ["items", "list", [1, 2]],
    ["mapping", [["a", 1], ["a", None]]],
    ["foreign", "numpy.ndarray", "shape (2,)"],
    ["tensor", "float32", [2, 3], bytes(24), False, True],
    ["tensor", "bool", [2, 3], b"\x02" * 6, False, True],
    ["keyed", [[1, None], [["items", "tuple", [1, 2]], 3], [["items", "list", []], 4]]],
    ["bytes", b"1234"],
)


def changed(body: bytes, chance: random.Random) -> bytes:
    """Change a frame's body: what it says, and in every second case its bytes as well."""
    tree = msgspec.msgpack.decode(body)
    for _ in range(chance.randint(0, 3)):
        tree = altered(tree, chance)
    data = bytearray(msgspec.msgpack.encode(tree))
    if chance.random() < 0.5:
        for _ in range(chance.randint(1, 3)):
            chance.choice(CHANGES)(data, chance)
    return bytes(data)


def altered(tree: object, chance: random.Random) -> object:
    """Replace, repeat or drop one part of what a frame says, at any depth."""
    if not isinstance(tree, list) or not tree or chance.random() < 0.1:
        return chance.choice(PARTS)
    parts = list(tree)
    place = chance.randrange(len(parts))
    way = chance.random()
    if way < 0.8:
        parts[place] = altered(parts[place], chance)
    elif way < 0.9:
        parts.insert(place, chance.choice(parts))
    else:
        del parts[place]
    return parts


def flip(data: bytearray, chance: random.Random) -> None:
    """Flip one bit."""
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def mark(data: bytearray, chance: random.Random) -> None:
    """Overwrite one byte with one that means something."""
    if data:
        data[chance.randrange(len(data))] = chance.choice(MARKERS)


def insert(data: bytearray, chance: random.Random) -> None:
    """Put bytes in between."""
    place = chance.randint(0, len(data))
    data[place:place] = bytes(chance.choices(MARKERS, k=chance.randint(1, 8)))


def cut(data: bytearray, chance: random.Random) -> None:
    """Take bytes out."""
    start = chance.randint(0, len(data))
    del data[start : start + chance.randint(1, 8)]


def copy(data: bytearray, chance: random.Random) -> None:
    """Repeat a piece somewhere else."""
    start, place = chance.randint(0, len(data)), chance.randint(0, len(data))
    data[place:place] = data[start : start + chance.randint(1, 40)]


def splice(data: bytearray, chance: random.Random) -> None:
    """Go on as another frame does."""
    other = chance.choice(SEEDS)
    data[chance.randint(0, len(data)) :] = other[chance.randint(0, len(other)) :]


def resize(data: bytearray, chance: random.Random) -> None:
    """Write a large size somewhere."""
    place = chance.randint(0, len(data))
    kind = chance.choice([b"\xdd", b"\xdf", b"\xdb", b"\xc6", b"\xcf", b"\xd3", b"\xcb"])
    data[place : place + 5] = kind + chance.randbytes(chance.choice([1, 2, 4, 8]))


CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(flip, mark, insert, cut, copy, splice, resize),
)


def judged(body: bytes) -> Reply | None:
    """Do with a body what the judge does with a guest's; None where it is refused."""
    with contextlib.suppress(WireError):
        frame_length(body[: HEADER.size].ljust(HEADER.size, b"\0"))
    try:
        reply = decode_reply(body)
        if isinstance(reply, Returned):
            value = unpack(reply.value)
            describe_value(value)
            difference(value, RIGHT)
            difference(value, [0.5, {"a": RIGHT}])
            difference(value, [RIGHT.numpy(), {1: b"ab", (2, "c"): 3}])
        else:
            str(refusal(reply, "`call()`"))
    except WireError:
        return None
    return reply


@dataclass
class Figures:
    """What a run has seen."""

    inputs: int = 0
    accepted: dict[str, int] = field(default_factory=dict)
    slowest_s: float = 0.0
    slowest: bytes = b""
    resident_mb: list[float] = field(default_factory=list)

    def note(self, body: bytes, reply: Reply | None, taken_s: float) -> None:
        """Count one input."""
        self.inputs += 1
        kind = type(reply).__name__ if reply is not None else "refused"
        self.accepted[kind] = self.accepted.get(kind, 0) + 1
        if taken_s > self.slowest_s:
            self.slowest_s, self.slowest = taken_s, body

    @property
    def growth_mb(self) -> float:
        """How much the memory has grown once everything had been used."""
        return self.resident_mb[-1] - self.resident_mb[0]


def resident_mb() -> float:
    """Return this process's resident memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


def fuzz(inputs: int, seed: int) -> Figures:
    """Give the judge's decoder a number of changed frames.

    Raises:
        Exception: whatever an input has provoked; the input is printed.
    """
    chance = random.Random(seed)
    figures = Figures()
    for number in range(inputs):
        body = changed(chance.choice(SEEDS), chance)
        faulthandler.dump_traceback_later(HANG_S, exit=True)
        start = time.perf_counter()
        try:
            reply = judged(body)
        except BaseException:
            print(f"input {number} of seed {seed}: {body!r}")
            raise
        figures.note(body, reply, time.perf_counter() - start)
        if number >= inputs // WARM_UP and number % max(inputs // 100, 1) == 0:
            figures.resident_mb.append(resident_mb())
    faulthandler.cancel_dump_traceback_later()
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures; exit 1 where the memory grew."""
    parser = argparse.ArgumentParser(description="Fuzz what the judge does with a guest's bytes.")
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    start = time.monotonic()
    figures = fuzz(options.inputs, options.seed)
    taken = time.monotonic() - start
    print(f"{figures.inputs:,} inputs in {taken:.0f} s, no crash, no hang")
    print(msgspec.json.format(msgspec.json.encode(figures.accepted)).decode())
    print(f"slowest {1000 * figures.slowest_s:.1f} ms ({figures.slowest[:60]!r})")
    print(f"memory {figures.growth_mb:+.1f} MB after the first {options.inputs // WARM_UP:,}")
    sys.exit(figures.growth_mb > MOST_GROWTH_MB)


if __name__ == "__main__":
    main()
