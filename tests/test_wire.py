"""Tests of `grader.guest.crossing.wire`."""

from __future__ import annotations

import contextlib
import math
import random
from typing import TYPE_CHECKING, Any, get_args

import fuzz_wire
import msgspec
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.guest.crossing import wire
from grader.guest.crossing.values import (
    DTYPES,
    MAX_TEXT,
    OF_A_TENSOR,
    REPLY,
    REQUEST,
    Foreign,
    ForeignError,
    Items,
    Keyed,
    Mapping,
    Raw,
    TensorData,
    Value,
    WireError,
    pack,
    pack_strictly,
    unpack,
)
from grader.guest.crossing.wire import (
    HEADER,
    MAX_CODE,
    MAX_FRAME_BYTES,
    MAX_REQUEST_BYTES,
    Parse,
    Parsed,
    Reply,
    Request,
    Returned,
    decode_reply,
    decode_request,
    frame,
    frame_length,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text()
    | st.floats(allow_nan=False)
    | st.binary()
)
keys = st.recursive(scalars, lambda inner: st.tuples(inner, inner), max_leaves=3)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(keys, inner),
    max_leaves=10,
)

numbers = st.integers(-(2**63), 2**63 - 1)
words = st.text(max_size=20)
tensors = st.builds(
    TensorData,
    st.sampled_from(sorted(DTYPES)),
    st.lists(st.integers(0, 9), max_size=3).map(tuple),
    st.binary(max_size=9),
    st.booleans(),
    st.booleans(),
)
# what stands in a frame: every kind of value, as it crosses
packed = st.recursive(
    st.none()
    | st.booleans()
    | numbers
    | st.floats(allow_nan=False)
    | words
    | tensors
    | st.builds(Raw, st.binary(max_size=9)),
    lambda inner: (
        st.builds(Items, st.sampled_from(["list", "tuple"]), st.lists(inner).map(tuple))
        | st.builds(Mapping, st.lists(st.tuples(words, inner)).map(tuple))
        | st.builds(Keyed, st.lists(st.tuples(inner, inner)).map(tuple))
        | st.builds(Foreign, words, words)
    ),
    max_leaves=8,
)
outputs = st.builds(wire.SavedOutput, words, words)
cells = st.builds(wire.SavedCell, words, words, st.lists(outputs, max_size=2).map(tuple), numbers)
names = st.lists(words, max_size=4).map(tuple)
raised = st.builds(
    *(wire.Raised, words, words, words, numbers, words, st.booleans(), words, words, names, words)
)
# what a field of a frame may hold, by its annotation
FIELDS: dict[Any, st.SearchStrategy[Any]] = {
    str: words,
    bytes: st.binary(max_size=50),
    bool: st.booleans(),
    int: numbers,
    tuple[str, ...]: names,
    tuple[int, ...]: st.lists(numbers, max_size=4).map(tuple),
    tuple[Value, ...]: st.lists(packed, max_size=3).map(tuple),
    Value: packed,
    float: st.floats(allow_nan=False),
    wire.Raised | None: st.none() | raised,
    tuple[wire.Part, ...]: st.lists(
        st.builds(wire.Part, words, st.binary(max_size=50)), max_size=2
    ).map(tuple),
    tuple[wire.SavedCell, ...]: st.lists(cells, max_size=2).map(tuple),
}
# on a busy machine a draw takes its time
fewer = settings(max_examples=30)
REQUESTS, REPLIES = get_args(Request), get_args(Reply)


def messages(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Return messages of one type, whatever their fields may hold."""
    fields = {field.name: FIELDS[field.type] for field in msgspec.structs.fields(kind)}
    return st.builds(kind, **fields)


def body_of(message: Any) -> bytes:
    """Return a message's frame without its length, which must be right."""
    framed = frame(message)

    assert frame_length(framed[: HEADER.size]) == len(framed) - HEADER.size
    return framed[HEADER.size :]


@pytest.mark.parametrize("kind", [*REQUESTS, *REPLIES], ids=lambda kind: kind.__name__)
@fewer
@given(data=st.data())
def test_every_message_crosses_unchanged(kind: type[msgspec.Struct], data: st.DataObject) -> None:
    """In its own direction every type of frame comes out as it went in."""
    message = data.draw(messages(kind))
    decode: Callable[[bytes], object] = decode_request if kind in REQUESTS else decode_reply

    assert decode(body_of(message)) == message


@pytest.mark.parametrize("kind", [*REQUESTS, *REPLIES], ids=lambda kind: kind.__name__)
@fewer
@given(data=st.data())
def test_no_message_crosses_the_wrong_way(kind: type[msgspec.Struct], data: st.DataObject) -> None:
    """A guest can't send what the judge may, code above all, nor the judge an answer."""
    body = body_of(data.draw(messages(kind)))
    if kind in REQUESTS:
        with pytest.raises(WireError, match="not a reply"):
            decode_reply(body)
    else:
        with pytest.raises(msgspec.ValidationError, match="Invalid value"):
            decode_request(body)


@pytest.mark.parametrize("kind", REPLIES, ids=lambda kind: kind.__name__)
@fewer
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_a_changed_reply_is_refused_or_a_reply(
    kind: type[msgspec.Struct], data: st.DataObject, seed: int
) -> None:
    """Whatever a guest makes of a frame, the judge rebuilds and compares it or refuses it."""
    body = body_of(data.draw(messages(kind)))

    reply = fuzz_wire.judged(fuzz_wire.changed(body, random.Random(seed)))
    assert reply is None or isinstance(reply, Reply)


@fewer
@given(packed)
def test_a_value_that_came_is_rebuilt_or_refused(value: Any) -> None:
    """No value that a frame can hold makes the judge raise anything but a WireError."""
    with contextlib.suppress(WireError):
        unpack(value)


def test_a_thousand_fuzzed_frames_leave_no_trace() -> None:
    """The fuzzing run itself works; `python -m tests.fuzz_wire` does it a million times."""
    figures = fuzz_wire.fuzz(inputs=2000, seed=1)

    assert figures.inputs == sum(figures.accepted.values()) == 2000
    assert len(figures.accepted) == 1 + len(REPLIES)


def crossed(value: object) -> object:
    """Return a value as it is on the other side."""
    body = frame(Returned(pack(value)))[HEADER.size :]
    reply = decode_reply(body)
    assert isinstance(reply, Returned)
    return unpack(reply.value)


@given(values)
def test_plain_values_cross_unchanged(value: object) -> None:
    """Numbers, strings, bytes, lists, tuples and dicts of any key come out as they went in."""
    assert crossed(value) == value
    assert unpack(pack_strictly(value), room=REQUEST) == value


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


@pytest.mark.parametrize("name", sorted(DTYPES - {"bfloat16"}))
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 4)])
def test_arrays_cross_with_dtype_and_shape(name: str, shape: tuple[int, ...]) -> None:
    """A NumPy array comes out as one, and may be written to."""
    array = np.arange(math.prod(shape)).reshape(shape).astype(name)

    back = crossed({"x": array})["x"]  # type: ignore[index] # the dict that it was sent in

    assert type(back) is np.ndarray
    assert (back.dtype, back.shape) == (array.dtype, shape)
    assert np.array_equal(back, array)
    assert back.flags.writeable


def test_an_array_crosses_whatever_its_steps_are() -> None:
    """A view that goes backwards, column by column, is the numbers that it shows."""
    array = np.arange(12.0).reshape(3, 4).T[::-1, ::2]

    assert np.array_equal(crossed(array), array)  # type: ignore[arg-type] # an array


@pytest.mark.parametrize(
    "number", [np.float32(0.5), np.float64(0.5), np.int64(3), np.uint8(3), np.bool_(True)]
)
def test_a_number_of_numpys_crosses_as_the_number_that_it_is(number: np.generic) -> None:
    """Whoever returns the mean of an array has returned a float."""
    assert crossed(number) == number
    assert type(crossed(number)) is type(number.item())


def test_what_can_not_cross_is_named() -> None:
    """An object becomes its type's name, an array of objects with its shape."""
    objects = np.array([object(), object()])

    assert Foreign("numpy.ndarray", "shape (2,), dtype object") == pack(objects)
    assert Foreign("numpy.MaskedArray", "shape (2,)") == pack(np.ma.zeros(2))
    assert Foreign("torch.Linear") == pack(torch.nn.Linear(1, 1))
    assert Foreign("int", "of more than 64 bits") == pack(2**63)
    assert Foreign("dict", "with keys that can't be sent") == pack({frozenset(): 1})


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (torch.nn.Linear(1, 1), "torch.Linear"),
        ([1, {"a": object()}], "object"),
        (2**63, "int (of more than 64 bits)"),
        ("\ud800", "str (with half of a character)"),
        (torch.empty(1).expand(2**40), "torch.Tensor (shape (1099511627776,), too large"),
        (np.broadcast_to(np.float32(0), 2**40), "numpy.ndarray (shape (1099511627776,), too"),
        (range(REQUEST.values), "range"),
        ([None] * REQUEST.values, "list (of more than 2000000 values)"),
        ({(1, object()): 1}, "dict (with keys that can't be sent)"),
    ],
    ids=range(9),
)
def test_what_a_suite_can_not_send_is_refused(value: object, words: str) -> None:
    """A question crosses whole or not at all: what is missing would be the student's fault."""
    with pytest.raises(ForeignError) as refused:
        pack_strictly(value)

    assert str(refused.value).startswith(words)


def test_a_suite_may_ask_more_than_a_guest_may_answer() -> None:
    """A list of 200,000, a text of 20,000 characters and an array of 12 MB reach the guest."""
    long: list[object] = [*range(200_000), "a" * 20_000, dict.fromkeys(range(6000), b"")]
    array = np.zeros(3 * 2**20, "float32")

    assert unpack(pack_strictly(long), room=REQUEST) == long
    assert np.array_equal(unpack(pack_strictly(array), room=REQUEST), array)
    assert isinstance(pack(array), Foreign)
    for part in (long[:-2], long[-2], long[-1]):
        with pytest.raises(WireError, match=r"more than \d+ (values|characters|such keys)"):
            unpack(pack(part))


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
        TensorData("bfloat16", (2,), b"1234", array=True),
        TensorData("object", (1,), b"12345678", array=True),
        TensorData("float32", (0, 2**40, 2**40), b"", array=True),
        TensorData("float32", (2,), b"1234", array=True),
    ],
)
def test_a_tensor_that_lies_about_itself_is_refused(value: TensorData) -> None:
    """Bytes, shape and dtype must fit each other."""
    with pytest.raises(WireError, match="tensor"):
        unpack(value)


@pytest.mark.parametrize(
    "key",
    [
        Items("list", ()),
        Items("tuple", (Items("list", ()),)),
        Mapping(()),
        TensorData("float32", (), b"1234"),
        Foreign("x"),
    ],
)
def test_a_key_that_is_none_is_refused(key: Value) -> None:
    """A guest's dict has plain keys."""
    with pytest.raises(WireError, match="this key"):
        unpack(Keyed(((key, 1),)))


def test_keys_that_all_meet_are_few() -> None:
    """Pairs of numbers can be chosen so that each is compared with all the others."""
    keys = tuple((Items("tuple", (number, 0)), None) for number in range(REPLY.odd_keys))

    assert len(unpack(Items("list", (Keyed(keys),)))[0]) == REPLY.odd_keys
    with pytest.raises(WireError, match="such keys"):
        unpack(Items("list", (Keyed(keys), Keyed(keys[:1]))))


def test_a_frame_over_the_limit_is_refused_before_it_is_read() -> None:
    """The length alone is enough."""
    with pytest.raises(WireError, match="over the limit"):
        frame_length(HEADER.pack(MAX_FRAME_BYTES + 1))


def test_a_frame_over_the_limit_is_not_sent() -> None:
    """A sender finds out at once."""
    content = b"x" * (MAX_FRAME_BYTES + 1)

    with pytest.raises(WireError, match="over the limit"):
        frame(Returned(Raw(content)))
    with pytest.raises(WireError, match="over the limit"):
        frame_length(HEADER.pack(MAX_REQUEST_BYTES + 1), MAX_REQUEST_BYTES)
    frame(Parse("ex.py", content, notebook=False))  # the judge's own may be larger


def test_a_deeply_nested_frame_is_refused() -> None:
    """A reply of a hundred thousand nested arrays costs no stack."""
    with pytest.raises(WireError):
        decode_reply(b"\x91" * 100_000 + b"\xc0")


def test_a_request_is_no_reply() -> None:
    """The two directions have their own frames."""
    body = msgspec.msgpack.encode(["probe", b"code", [], 1])

    with pytest.raises(WireError, match="not a reply"):
        decode_reply(body)


DEEP = 6  # enough for a dict in a list in an answer


PLAIN = {
    msgspec.inspect.IntType: 1,
    msgspec.inspect.BoolType: False,
    msgspec.inspect.BytesType: b"",
}


def bodies(info: msgspec.inspect.Type, text: str, depth: int = 0) -> list[object]:
    """Return what fits a type, in all its kinds, with a text wherever there may be one."""
    match info:
        case msgspec.inspect.StrType():
            return [text]
        case msgspec.inspect.UnionType():
            return [body for each in info.types for body in bodies(each, text, depth)]
        case msgspec.inspect.VarTupleType():
            inner = bodies(info.item_type, text, depth + 1) if depth < DEEP else []
            return [[body] for body in inner] or [[]]
        case msgspec.inspect.TupleType():
            return [list(each) for each in columns(info.item_types, text, depth)]
        case msgspec.inspect.StructType():
            fields = [field.type for field in info.fields]
            tag = [info.tag] if info.tag else []
            return [[*tag, *each] for each in columns(fields, text, depth)]
    return [PLAIN.get(type(info))]


def columns(types: Sequence[msgspec.inspect.Type], text: str, depth: int) -> list[list[object]]:
    """Return rows in which each kind of each column occurs."""
    kinds = [bodies(each, text, depth + 1) for each in types]
    return [
        [kind[min(row, len(kind) - 1)] for kind in kinds] for row in range(max(map(len, kinds)))
    ]


def texts_in(value: object) -> list[str]:
    """Return every text in what the judge has decoded and rebuilt."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Returned):
        with contextlib.suppress(WireError):
            return texts_in(unpack(value.value))
        return []
    if isinstance(value, msgspec.Struct):
        return [text for each in msgspec.structs.astuple(value) for text in texts_in(each)]
    if isinstance(value, dict):
        return texts_in([*value, *value.values()])
    if isinstance(value, list | tuple):
        return [text for each in value for text in texts_in(each)]
    return []


def test_no_text_of_a_guest_is_long() -> None:
    """Every text of every kind of frame is cut as it is decoded, before anything reads it."""
    long = "7[ \\" * 250_000
    replies = [
        msgspec.msgpack.encode(body) for body in bodies(msgspec.inspect.type_info(Reply), long)
    ]
    read = [decode_reply(body) for body in replies]
    sentences = [each for each in read if not isinstance(each, Parsed)]

    assert {type(each) for each in read} == set(get_args(Reply))
    assert sum(body.count(long.encode()) for body in replies) > len(get_args(Reply))
    assert max(len(text) for text in texts_in(sentences)) == MAX_TEXT
    assert max(len(text) for text in texts_in(read)) == MAX_CODE


def test_no_list_of_a_guest_is_long() -> None:
    """A million notes are a thousand."""
    reply = decode_reply(msgspec.msgpack.encode(["loaded", ["note"] * 1_000_000]))

    assert len(texts_in(reply)) == 1_000


def test_tensors_are_fewer_than_other_values() -> None:
    """To rebuild one takes as long as to rebuild many numbers."""
    one = pack(torch.zeros(1))
    items = Items("list", (one,) * (REPLY.values // OF_A_TENSOR - 1))

    assert len(unpack(items)) == len(items.items)
    with pytest.raises(WireError, match="made of more than"):
        unpack(Items("list", (*items.items, one, one)))
