"""By what a wrong answer without a name is known again: a digest of what was computed.

Two students who compute the same have the same one, however their code is written and in whatever
order it adds numbers up. It is made of the kind of every part, of the floating point numbers' size,
and of four projections of them on fixed directions, both rounded to a tenth of a percent: so much
more than the noise of float32 that it rarely crosses a border. Everything else is taken as it is.

No value can be read from it. What was asked and what is right, which no student has, are part of
what is hashed, by scrypt (RFC 7914), so that trying answers out takes a hundredth of a second each.
"""

from __future__ import annotations

import hashlib
import json
import math
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Part = tuple[str, Any]  # its kind, and what it holds

__all__ = ["fingerprint"]

STEP = 1e-3  # what sizes and projections are rounded to
FINE = 1e-5  # the same for right answers, which no two students compute
DIRECTIONS = 4
MOST_NUMBERS = 1_000_000  # of all answers together; of more, the first ones count
MOST_PARTS, MOST_ALONE = 10_000, 200
COST, DIGITS = 2**11, 16  # of scrypt; of the fingerprint, in hexadecimal


def fingerprint(
    answers: Sequence[object], rights: Sequence[object], asked: Sequence[object] = ()
) -> str:
    """Return what answers are known by; empty where they tell nothing of how they were computed.

    That is where nothing came, no number is finite, all are 0, or the same came for several inputs.

    Args:
        answers: what the calls of a test returned: plain data, or a `Foreign`.
        rights: what is right, in the same order.
        asked: the arguments of the calls: plain data. A suite may hand on what the submission has
            computed, so they are rounded as answers are.
    """
    parts = [list(_parts(answer)) for answer in answers]
    expected = [list(_parts(right)) for right in rights]
    if not _tells(answers, parts, expected):
        return ""
    given = _written([*islice(_parts(list(asked)), MOST_PARTS)], STEP)
    secret = _written([*chain(*expected)], FINE) + given
    seen = _written([*chain(*parts)], STEP)
    return hashlib.scrypt(seen, salt=secret, n=COST, r=8, p=1, dklen=DIGITS // 2).hex()


def _tells(
    answers: Sequence[object], parts: Sequence[list[Part]], expected: Sequence[list[Part]]
) -> bool:
    """Whether answers say how they were computed."""
    if any(answer is None for answer in answers) or sum(map(len, parts)) > MOST_PARTS:
        return False
    every = np.concatenate([np.zeros(0), *map(_numbers, parts)])
    if every.size and not np.any(every[np.isfinite(every)]):
        return False
    return len(parts) == 1 or not _all_alike(parts) or _all_alike(expected)


def _all_alike(parts: Sequence[list[Part]]) -> bool:
    """Whether all answers are one and the same."""
    first, *others = (_written(each, STEP) for each in parts)
    return all(each == first for each in others)


def _parts(value: object) -> Iterator[Part]:
    """Give the parts of a value in their order, each with its kind."""
    if isinstance(value, dict):
        keys = sorted(value, key=_as_text)
        yield "dict", tuple(keys)
        for key in keys:
            yield from _parts(value[key])
    elif isinstance(value, list | tuple):
        yield "sequence", len(value)
        for item in value:
            yield from _parts(item)
    elif isinstance(value, torch.Tensor):
        yield f"tensor {value.dtype} {tuple(value.shape)}", value.detach().cpu().reshape(-1)
    elif isinstance(value, np.ndarray):
        yield f"array {value.dtype} {value.shape}", value.reshape(-1)
    else:
        yield type(value).__name__, value


def _numbers(parts: Sequence[Part]) -> Any:
    """Return the floating point numbers of some parts, in one row of float64."""
    rows = [_row(part) for _, part in parts if _is_real(part)]
    return np.concatenate([np.zeros(0), *rows])[:MOST_NUMBERS]


def _row(part: Any) -> Any:
    part = part if isinstance(part, float) else part[:MOST_NUMBERS]
    wide = part.double() if isinstance(part, torch.Tensor) else part  # NumPy has no bfloat16
    return np.asarray(wide, dtype=np.float64).reshape(-1)


def _is_real(part: object) -> bool:
    if isinstance(part, torch.Tensor):
        return part.dtype.is_floating_point
    if isinstance(part, np.ndarray):
        return bool(part.dtype.kind == "f")
    return isinstance(part, float)


def _written(parts: Sequence[Part], step: float) -> bytes:
    """Write parts out for hashing: real numbers by what is left of them, all else as it is."""
    kinds = [kind for kind, _ in parts]
    exact = [_exactly(part) for _, part in parts if not _is_real(part)]
    rows = [_summary(_numbers(each), step) for each in _by_scale(parts)]
    return json.dumps([kinds, exact, rows]).encode()


def _by_scale(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Give the parts that have a scale in common: each tensor by itself, all plain numbers.

    A small bias is not lost beside large weights.
    """
    real = [each for each in parts if _is_real(each[1])]
    yield [each for each in real if isinstance(each[1], float)]
    alone = [each for each in real if not isinstance(each[1], float)]
    yield from ([each] for each in alone[:MOST_ALONE])


def _exactly(part: object) -> str:
    """Return what is known of a part that holds no real numbers."""
    if isinstance(part, torch.Tensor):
        content = part.contiguous().numpy().tobytes()
    elif isinstance(part, np.ndarray):
        content = part.tobytes()
    else:
        content = _as_text(part).encode("utf-8", "backslashreplace")
    return hashlib.sha256(content).hexdigest()


def _as_text(value: object) -> str:
    """Return a plain value as text; a number with thousands of digits has none in Python."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_as_text, value))})"
    return hex(value) if isinstance(value, int) else repr(value)


def _summary(numbers: Any, step: float) -> list[int]:
    """Return the size of some numbers, and how they lie to fixed directions, in whole steps."""
    odd = [int(np.isnan(numbers).sum()), int(np.isinf(numbers).sum())]
    finite = np.where(np.isfinite(numbers), numbers, 0.0)
    largest = float(np.abs(finite).max(initial=0.0))
    if not largest:
        return [*odd, len(numbers)]
    scaled = finite / largest
    size = float(np.linalg.norm(scaled))
    lying = [float(direction @ scaled) / size for direction in _directions(len(scaled))]
    return [*odd, *(round(each / step) for each in (math.log(largest) + math.log(size), *lying))]


def _directions(length: int) -> Any:
    """Return vectors of numbers around 0, the same ones in every version of NumPy.

    With +1 and -1 alone, a fault would have the same projections in one place of 16 as in another.
    """
    drawn = hashlib.shake_128(b"directions").digest(2 * DIRECTIONS * length)
    even = np.frombuffer(drawn, dtype="<u2") / 2**15 - 1
    return (even * 3**0.5).reshape(length, DIRECTIONS).T
