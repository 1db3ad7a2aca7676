"""Take the pixels out of a PNG that a notebook holds, and nothing else."""

from __future__ import annotations

import base64
import binascii
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PlainPng", "plain_png"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = struct.Struct(">II")
CHUNK = struct.Struct(">I4s")
CHECKSUM_BYTES = 4
PIXELS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}  # the others hold profiles, texts, frames
MAX_SIDE = 4_000  # pixels; a small file can hold an image that fills a browser's memory


@dataclass(frozen=True)
class PlainPng:
    """An image that needs no other file, and how many pixels a browser unpacks for it."""

    href: str
    pixels: int


def plain_png(content: str) -> PlainPng | None:
    """Return the image that some base64 is, without chunks that are no pixels; None if it is none.

    Only the outer structure is read, so a broken image stays one.
    """
    try:
        raw = base64.b64decode("".join(content.split()), validate=True)
        chunks = list(_chunks(raw))
        width, height = HEADER.unpack(chunks[0][1][CHUNK.size :][: HEADER.size])
    except (binascii.Error, ValueError, IndexError, struct.error):
        return None
    kinds = [kind for kind, _ in chunks]
    once = kinds[0] == b"IHDR" and kinds.count(b"IHDR") == 1
    if (
        not raw.startswith(SIGNATURE)
        or not once
        or not all(0 < s <= MAX_SIDE for s in (width, height))
    ):
        return None
    kept = SIGNATURE + b"".join(chunk for kind, chunk in chunks if kind in PIXELS)
    return PlainPng(f"data:image/png;base64,{base64.b64encode(kept).decode()}", width * height)


def _chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the chunks of a PNG: the kind, and all of its bytes."""
    start = len(SIGNATURE)
    while start < len(raw):
        length, kind = CHUNK.unpack_from(raw, start)
        end = start + CHUNK.size + length + CHECKSUM_BYTES
        if end > len(raw):
            raise ValueError("the last chunk is cut")
        yield kind, raw[start:end]
        start = end
