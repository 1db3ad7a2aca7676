"""Right numbers in a wrong form: a list for a tensor, a dimension too many, columns for rows.

Each form is tried by undoing it: what came is changed back, and only if that is the right answer is
the form named. Whatever else is not right about an answer, no form is named for it.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import torch

from grader.answers.difference import difference
from grader.answers.tolerances import F32_CLOSE
from grader.guest.crossing.kinds import OF_KINDS
from grader.guest.crossing.values import Foreign, is_int64

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.answers.tolerances import Tolerance
    from grader.guest.crossing.tensors import Array

__all__ = ["FORMS", "OF_CONTAINERS", "form_of", "uncalled"]

MOST_IN_ANY_ORDER = 12  # items: each is compared with each
OF_CONTAINERS = frozenset(
    {"another-container", "items-in-another-order", "keys-named-otherwise"}
)  # whose lists and dicts these are, whoever compares has to know
FORMS = OF_CONTAINERS | {
    "array-not-tensor",
    "dimension-missing",
    "dimension-too-many",
    "list-not-tensor",
    "number-not-tensor",
    "result-transposed",
    "tensor-not-number",
    "wrong-dtype",
}

Way = tuple[str, object]


def uncalled(value: object) -> str:
    """Return the slug of what came as it was defined, where what it makes was expected; or nothing.

    That needs no comparison: there are no numbers in it.
    """
    return OF_KINDS.get(value.type_name, "") if isinstance(value, Foreign) else ""


def form_of(answer: object, right: object, tolerance: Tolerance | None = None) -> str | None:
    """Return the slug of the form that right numbers came in.

    Args:
        answer: what came back; plain data, or a `Foreign`.
        right: what is right, as for `difference`.
        tolerance: how close is equal; by dtype when left out.

    Returns:
        nothing for an answer that is right as it is; None for one whose numbers are not, or which
        is as it should be but for more than its form. Of several forms in a list or dict, the first
        one's.
    """
    if difference(answer, right, tolerance) is None:
        return ""
    if slug := uncalled(answer):
        return slug
    inner = _of_items(answer, right, tolerance)
    if inner is not None:
        return inner
    near = (tolerance, F32_CLOSE) if _is_coarse(answer, right) else (tolerance,)
    for slug, changed in _ways(answer, right):
        if any(difference(changed, right, each) is None for each in near):
            return slug
    return None


def _of_items(answer: object, right: object, tolerance: Tolerance | None) -> str | None:
    """Return the form that the items of a list or dict came in, each in its place."""
    if isinstance(right, dict) and isinstance(answer, dict) and answer.keys() == right.keys():
        pairs = [(answer[key], right[key]) for key in right]
    elif isinstance(right, list | tuple) and isinstance(answer, list | tuple):
        pairs = list(zip(answer, right, strict=False)) if len(answer) == len(right) else []
    else:
        return None
    found: list[str] = []
    for mine, theirs in pairs:
        slug = form_of(mine, theirs, tolerance)
        if slug is None:
            return None
        found.append(slug)
    return next(filter(None, found), None)


def _is_coarse(answer: object, right: object) -> bool:
    """Whether a tensor has fewer digits than the right one, so that it can't be as near to it."""
    if not isinstance(answer, torch.Tensor) or not isinstance(right, torch.Tensor):
        return False
    return answer.is_floating_point() and answer.itemsize < right.itemsize


def _ways(answer: object, right: object) -> Iterator[Way]:
    """Give the forms that an answer may be in, and what it is without each."""
    if isinstance(right, torch.Tensor):
        yield from _to_tensor(answer, right)
    elif isinstance(right, np.ndarray):
        yield from _to_array(answer, right)
    elif isinstance(right, int | float) and not isinstance(right, bool):
        yield from _to_number(answer, right)
    elif isinstance(right, list | tuple):
        yield from _to_sequence(answer, right)
    elif isinstance(right, dict):
        yield from _to_dict(answer, right)


def _to_tensor(answer: object, right: torch.Tensor) -> Iterator[Way]:
    if isinstance(answer, torch.Tensor):
        yield from _shapes(answer, right)
        return
    made = _made_tensor(answer, right.numel())
    if made is None:
        return
    slug = "number-not-tensor"
    if isinstance(answer, list | tuple):
        slug = "list-not-tensor"
    elif isinstance(answer, np.ndarray):
        slug = "array-not-tensor"
    yield from ((slug, changed) for _, changed in _shapes(made, right))


def _shapes(answer: torch.Tensor, right: torch.Tensor) -> Iterator[tuple[str, torch.Tensor]]:
    """Give a tensor in the shape and dtype of the right one, as far as it has the same numbers."""
    plain = _cast(answer.detach(), right.dtype)
    if plain is None or not right.numel() or plain.numel() != right.numel():
        return
    if plain.shape == right.shape:
        yield "wrong-dtype", plain
    if plain.dim() == 2 and plain.T.shape == right.shape:
        yield "result-transposed", plain.T
    if plain.dim() != right.dim():
        more = plain.dim() > right.dim()
        yield "dimension-too-many" if more else "dimension-missing", plain.reshape(right.shape)


def _cast(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor | None:
    """Return a tensor in another dtype; None where that would change its numbers."""
    if tensor.is_floating_point() and not torch.isfinite(tensor).all():
        return None
    cast = tensor.to(dtype)
    keeps = dtype.is_floating_point or torch.equal(cast.to(tensor.dtype), tensor)
    return cast if keeps else None


def _made_tensor(value: object, most: int) -> torch.Tensor | None:
    """Make a tensor of numbers, of an array, or of a list of any of these; None where none fits.

    Args:
        value: what came.
        most: how many numbers it may have.
    """
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value.copy()) if value.size <= most else None
    if isinstance(value, int) and not is_int64(value):
        return None
    if isinstance(value, bool | int | float):
        return torch.tensor(value, dtype=torch.float64 if isinstance(value, float) else None)
    if isinstance(value, torch.Tensor):
        return value.detach() if value.numel() <= most else None
    if not isinstance(value, list | tuple) or not 0 < len(value) <= most:
        return None
    made = [_made_tensor(item, most) for item in value]
    items = [
        each.double() if each.is_floating_point() else each for each in made if each is not None
    ]
    alike = len(items) == len(value) and len({each.shape for each in items}) == 1
    return torch.stack(items) if alike else None


def _to_array(answer: object, right: Array) -> Iterator[Way]:
    made = _made_tensor(answer, right.size)
    if made is None:
        return
    for slug, changed in _shapes(made, torch.from_numpy(right.copy())):
        yield slug if isinstance(answer, np.ndarray) else "another-container", changed.numpy()


def _to_number(answer: object, right: float) -> Iterator[Way]:
    made = _made_tensor(answer, 1)
    if made is None or made.numel() != 1 or not torch.isfinite(made).all():
        return
    slug = "another-container"
    if isinstance(answer, torch.Tensor | np.ndarray):
        slug = "tensor-not-number"
    elif isinstance(answer, int | float):
        slug = "wrong-dtype"
    number = made.item()
    yield slug, int(number) if isinstance(right, int) and number == int(number) else number


def _to_sequence(answer: object, right: Sequence[object]) -> Iterator[Way]:
    if isinstance(answer, torch.Tensor | np.ndarray) and answer.ndim:
        if len(answer) == len(right):
            yield "another-container", answer.tolist()
            yield "another-container", list(answer)
    elif isinstance(answer, dict) and len(answer) == len(right):
        yield "another-container", list(answer.values())
    elif isinstance(answer, list | tuple) and len(answer) == len(right):
        yield from (("items-in-another-order", each) for each in _orders(list(answer), right))


def _to_dict(answer: object, right: dict[object, object]) -> Iterator[Way]:
    if isinstance(answer, list | tuple) and len(answer) == len(right):
        yield "another-container", dict(zip(right, answer, strict=True))
    if not isinstance(answer, dict) or len(answer) != len(right):
        return
    slug = "items-in-another-order" if answer.keys() == right.keys() else "keys-named-otherwise"
    values = list(answer.values())
    for each in chain([values], _orders(values, list(right.values()))):
        yield slug, dict(zip(right, each, strict=True))


def _orders(items: list[object], right: Sequence[object]) -> Iterator[list[object]]:
    """Give items in the order of the right ones, if each of them is one, and they are measured."""
    if not all(isinstance(each, float | torch.Tensor | np.ndarray) for each in right):
        return  # a few truths or counts are soon in another order by chance
    yield items[::-1]
    if len(items) > MOST_IN_ANY_ORDER:
        return
    left, found = list(items), []
    for theirs in right:
        place = next((at for at, mine in enumerate(left) if not difference(mine, theirs)), None)
        if place is None:
            return
        found.append(left.pop(place))
    yield found
