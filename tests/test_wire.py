"""Tests of `grader.guest.wire`."""

from __future__ import annotations

import math

import msgspec
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.guest.wire import (
    DTYPES,
    HEADER,
    MAX_FRAME_BYTES,
    Foreign,
    Rejected,
    Reply,
    Returned,
    TensorData,
    WireError,
    decode_reply,
    frame,
    frame_length,
    pack,
    unpack,
)

scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.floats()
values = st.recursive(
    scalars.filter(lambda value: not (isinstance(value, float) and math.isnan(value))),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def crossed(value: object) -> object:
    """Return a value as it is on the other side."""
    body = frame(Returned(pack(value)))[HEADER.size :]
    reply = decode_reply(body)
    assert isinstance(reply, Returned)
    return unpack(reply.value)


@given(values)
def test_plain_values_cross_unchanged(value: object) -> None:
    """Numbers, strings, lists, tuples and dicts come out as they went in."""
    assert crossed(value) == value


@pytest.mark.parametrize("name", sorted(DTYPES))
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 4)])
def test_tensors_cross_with_dtype_and_shape(name: str, shape: tuple[int, ...]) -> None:
    """Every dtype crosses in every shape, also without elements."""
    tensor = torch.arange(math.prod(shape)).reshape(shape).to(getattr(torch, name))

    back = crossed(tensor)

    assert isinstance(back, torch.Tensor)
    assert back.dtype == tensor.dtype
    assert torch.equal(back, tensor)


def test_a_view_that_is_not_contiguous_crosses() -> None:
    """Strides and conjugation bits stay behind."""
    tensor = torch.arange(12.0).reshape(3, 4).t()[:, ::2]

    back = crossed(tensor)

    assert isinstance(back, torch.Tensor)
    assert torch.equal(tensor, back)


def test_a_single_number_cut_out_of_a_column_crosses() -> None:
    """One number is contiguous with any stride, also with one that its bytes can't be read by."""
    tensor = torch.arange(5).reshape(1, 5)[:, 3]

    back = crossed(tensor)

    assert isinstance(back, torch.Tensor)
    assert torch.equal(tensor, back)


def test_what_can_not_cross_is_named() -> None:
    """An object becomes its type's name, a NumPy array with its shape."""
    assert Foreign("numpy.ndarray", "shape (2,)") == pack(torch.ones(2).numpy())
    assert Foreign("torch.Linear") == pack(torch.nn.Linear(1, 1))


def test_a_tensor_too_large_to_be_graded_stays_behind() -> None:
    """A huge result costs the judge nothing."""
    huge = pack(torch.empty(1).expand(2**40))

    assert isinstance(huge, Foreign)


def test_a_list_that_holds_itself_ends() -> None:
    """Depth is bounded."""
    endless: list[object] = []
    endless.append(endless)

    frame(Returned(pack(endless)))


@given(st.binary(max_size=300))
def test_random_bytes_are_refused_or_a_reply(body: bytes) -> None:
    """No bytes raise anything but a WireError."""
    try:
        reply = decode_reply(body)
    except WireError:
        return
    assert isinstance(reply, Reply)


@pytest.mark.parametrize(
    "value",
    [
        TensorData("float32", (2,), b"1234"),
        TensorData("float32", (-1, -1), b"1234"),
        TensorData("object", (1,), b"12345678"),
        TensorData("float32", (2**40, 2**40), b""),
        TensorData("float32", (1,) * 65, b"1234"),
    ],
)
def test_a_tensor_that_lies_about_itself_is_refused(value: TensorData) -> None:
    """Bytes, shape and dtype must fit each other."""
    with pytest.raises(WireError, match="tensor"):
        unpack(value)


def test_a_frame_over_the_limit_is_refused_before_it_is_read() -> None:
    """The length alone is enough."""
    with pytest.raises(WireError, match="over the limit"):
        frame_length(HEADER.pack(MAX_FRAME_BYTES + 1))


def test_a_frame_over_the_limit_is_not_sent() -> None:
    """A sender finds out at once."""
    with pytest.raises(WireError, match="over the limit"):
        frame(Rejected("x" * (MAX_FRAME_BYTES + 1)))


def test_a_deeply_nested_frame_is_refused() -> None:
    """A reply of a hundred thousand nested arrays costs no stack."""
    with pytest.raises(WireError):
        decode_reply(b"\x91" * 100_000 + b"\xc0")


def test_a_request_is_no_reply() -> None:
    """The two directions have their own frames."""
    body = msgspec.msgpack.encode(["probe", b"code", [], 1])

    with pytest.raises(WireError, match="not a reply"):
        decode_reply(body)
