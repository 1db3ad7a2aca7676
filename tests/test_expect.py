"""Tests of `grader.expecting.expect` and `grader.answers.difference`."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from the_lab import LAB

from grader.answers.difference import difference
from grader.answers.tolerances import LOOSE, Tolerance
from grader.asking.student import Answer, Conversation
from grader.courses.mistakes import known_mistakes
from grader.errors import WrongAnswer
from grader.expecting.expect import expect, expect_each
from grader.guest.crossing.values import Foreign

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.guest.crossing.wire import Reply, Request

NAN, INFINITY = float("nan"), float("inf")
SUM, HALF = "sum-not-mean", "half-of-x"  # two slugs of the table


class Unasked:
    """A channel for answers that are there already."""

    def ask(self, request: Request) -> Reply:
        """Fail: nothing here asks."""
        raise AssertionError(request)


def answer(value: object, *, reveals: bool = False, changed: tuple[str, ...] = ()) -> Answer:
    """Return an answer of some student's with this value."""
    student = Conversation(Unasked(), reveals=reveals, seed=0)
    return Answer("`f((2, 3) float32)`", value, changed, student)


def refused(value: object, right: object, **options: object) -> WrongAnswer:
    """Return what is raised where a value is not right."""
    given = answer(value, reveals=bool(options.pop("reveals", False)))
    with pytest.raises(WrongAnswer) as wrong:
        expect(given).equals(right, **options)  # type: ignore[arg-type] # mistakes and tolerance
    assert not given.student.verified
    return wrong.value


def accepts(value: object, right: object, tolerance: Tolerance | None = None) -> bool:
    """Whether a value passes for the right one, which must then have counted."""
    given = answer(value)
    try:
        expect(given).equals(right, tolerance=tolerance)
    except WrongAnswer:
        return False
    assert given.student.verified == 1
    return True


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([1.0], "f((2, 3) float32)` returned a list of 1 item: expected a tensor of shape (2, 3)"),
        (Foreign("numpy.ndarray", "shape (2, 3)"), "numpy.ndarray (shape (2, 3)): expected a ten"),
        (None, "returned None: expected a tensor"),
        (torch.full((3, 2), NAN).int(), "returned a (3, 2) int32 tensor: expected shape (2, 3)"),
        (torch.zeros(2, 3).double(), "returned a (2, 3) float64 tensor: expected dtype float32"),
        (torch.tensor([[NAN, 0, 0], [9, 9, 9]]), "it holds NaN or infinity"),
        (torch.tensor([[1.0, 1, 1], [1, 9, 9]]), "2 of 6 numbers are wrong, the first at [1, 1]"),
        (torch.tensor([[1.0, 1, 1], [1, 9, 9]]), "the first at [1, 1]"),
    ],
)
def test_the_first_thing_that_is_wrong_is_named(value: object, words: str) -> None:
    """Type comes before shape, shape before dtype, then finiteness, then values."""
    assert words in str(refused(value, torch.ones(2, 3)))


@pytest.mark.parametrize("nothing", [NAN, INFINITY, -INFINITY])
@pytest.mark.parametrize("other", [1.0, NAN, INFINITY])
def test_nan_and_infinity_equal_nothing(nothing: float, other: float) -> None:
    """Not even themselves, and whichever of the two they are."""
    for make in (float, torch.tensor, lambda value: [value]):
        assert not accepts(make(nothing), make(other))
        assert not accepts(make(other), make(nothing))


def test_an_empty_tensor_equals_only_itself() -> None:
    """No elements to differ in is no match of another shape or dtype."""
    empty = torch.empty(0, 3)

    assert accepts(torch.empty(0, 3), empty)
    for other in (torch.empty(0), torch.empty(3, 0), torch.empty(0, 3).long(), torch.zeros(1, 3)):
        assert not accepts(other, empty)
        assert not accepts(empty, other)


shapes = st.lists(st.integers(0, 3), max_size=3).map(tuple)


@given(shapes, shapes)
def test_nothing_is_broadcast(mine: tuple[int, ...], theirs: tuple[int, ...]) -> None:
    """Tensors of one value are equal exactly where their shapes are."""
    assert accepts(torch.ones(mine), torch.ones(theirs)) == (mine == theirs)


@pytest.mark.parametrize("value", [True, "1.0", None, [1.0], torch.tensor(1.0), Foreign("x")])
def test_only_a_number_is_a_float(value: object) -> None:
    """A bool is none, and a 0-d tensor is told how to become one."""
    message = str(refused(value, 1.0))

    assert "expected a Python float" in message
    assert (".item()" in message) == isinstance(value, torch.Tensor)


def test_an_int_can_be_the_float_that_was_expected() -> None:
    """The mean of integers may be a whole number."""
    assert accepts(1, 1.0)
    assert not accepts(2, 1.0)


@pytest.mark.parametrize(
    ("value", "right"),
    [(1, True), (True, 1), (1.0, 1), ("1", 1), (0, False), (None, False), (b"", "")],
)
def test_other_values_equal_only_their_own_type(value: object, right: object) -> None:
    """What is equal in Python is not the same answer."""
    assert accepts(right, right)
    assert not accepts(value, right)


def test_a_list_is_as_good_as_a_tuple() -> None:
    """The exercises promise sequences."""
    assert accepts([1, 2.0], (1, 2.0))
    assert accepts((1, torch.ones(2)), [1, torch.ones(2)])


@pytest.mark.parametrize(
    ("value", "right", "words"),
    [
        ([1, 2], [1, 2, 3], "returned a list of 2 items: expected 3 items"),
        ("ab", ["a", "b"], "returned a str: expected a list of 2 items"),
        ([1, 2.5], [1, 2], "result[1] is a float: expected an int"),
        ({"a": 1}, {"b": 1}, "expected the keys b; missing: b; not expected: 1 other key."),
        (
            {(1, 2): 3, 4: 5},
            {(1, 2): 3, 6: 5},
            "1 of 2 keys is missing; not expected",
        ),
        ([], {}, "returned a list of 0 items: expected a dict"),
        ({"w": [1, 2]}, {"w": [1, 3]}, "w[1] is an int: the value is wrong"),
        ({"w": {"b": 1}}, {"w": {"b": 2}}, ": b in w is an int: the value is wrong"),
        ([{"b": [1]}], [{"b": [2]}], ": b[0] in result[0] is an int"),
        (
            [[0], [torch.ones(3)]],
            [[0], [torch.ones(2)]],
            "result[1][0] is a (3,) float32 tensor: expected",
        ),
    ],
)
def test_the_item_that_differs_is_named(value: object, right: object, words: str) -> None:
    """Lists and dicts are compared item by item, at any depth."""
    assert words in str(refused(value, right))


def test_tolerance_is_by_dtype_unless_one_is_given() -> None:
    """Float64 is compared more closely than float32, integers exactly."""
    off = torch.tensor([100.005], dtype=torch.float64)
    right = torch.tensor([100.0], dtype=torch.float64)

    assert accepts(off.float(), right.float())
    assert not accepts(off, right)
    assert accepts(off, right, LOOSE)
    assert not accepts(torch.tensor([101]), torch.tensor([100]))
    assert accepts(100.005, 100.0)


def test_tolerance_is_measured_against_the_right_answer() -> None:
    """A huge answer allows itself nothing."""
    assert not accepts(torch.tensor([1e30]), torch.tensor([1.0]), Tolerance(0.5, 0.0))


def test_a_recognised_mistake_is_named_in_the_tables_words() -> None:
    """The slug is in the error; its sentence is looked up when somebody is shown it."""
    came, right = torch.tensor([6.0, 3.0]), torch.tensor([2.0, 1.0])
    wrong = refused(came, right, mistakes={SUM: came})

    assert wrong.mistake == SUM
    assert known_mistakes(LAB)[SUM].sentence not in str(wrong)


def test_a_wrong_answer_without_a_name_can_be_known_again() -> None:
    """The name itself says more, and a public check shows what came."""
    came, right = torch.arange(3.0), torch.arange(3.0) + 1
    unknown = refused(came, right)
    assert unknown.fingerprint == refused(came.clone(), right).fingerprint != ""
    assert unknown.fingerprint != refused(came * 2, right).fingerprint
    assert unknown.fingerprint not in str(unknown)
    assert refused(came, right, mistakes={SUM: came}).fingerprint == ""
    assert refused(came, right, reveals=True).fingerprint == ""


def test_a_fingerprint_is_of_one_question() -> None:
    """The same answer to another one has another."""
    found = set()
    for asked in ((), (1,), (2,)):
        with pytest.raises(WrongAnswer) as wrong:
            expect(replace(answer(3.5), asked=asked)).equals(7.0)
        found.add(wrong.value.fingerprint)

    assert len(found - {""}) == 3


def test_one_number_alone_names_no_mistake() -> None:
    """It may agree with a mistake by chance; two do not."""
    assert refused(6.0, 2.0, mistakes={SUM: 6.0}).mistake is None
    assert refused([6.0, 3.0], [2.0, 1.0], mistakes={SUM: [6.0, 3.0]}).mistake == SUM


@pytest.mark.parametrize(
    "mistakes",
    [
        {SUM: torch.tensor(5.0)},
        {SUM: torch.tensor(6.0), HALF: torch.tensor(6.0)},
        {SUM: torch.tensor([6.0])},
        {SUM: torch.tensor(6)},
        {SUM: 6.0},
        {},
    ],
    ids=["none fits", "two fit", "other shape", "other dtype", "other type", "none known"],
)
def test_a_mistake_is_named_only_where_exactly_one_fits(mistakes: dict[str, object]) -> None:
    """The grader does not guess."""
    wrong = refused(torch.tensor(6.0), torch.tensor(2.0), mistakes=mistakes)

    assert wrong.mistake is None
    assert not any(known.sentence in str(wrong) for known in known_mistakes(LAB).values())


def test_a_mistake_can_be_a_function_that_runs_only_for_a_wrong_answer() -> None:
    """A costly alternative costs a right answer nothing."""
    assert refused([6.0, 3.0], [2.0, 1.0], mistakes={SUM: lambda: [6.0, 3.0]}).mistake == SUM
    expect(answer(2.0)).equals(2.0, mistakes={SUM: lambda: 1 / 0})


def triple(x: float) -> float:
    """Compute what the tests below take for right."""
    return 3 * x


@pytest.mark.parametrize(
    ("student", "mistake"),
    [
        (lambda x: x, SUM),
        (lambda x: 3 * x if x == 1 else x, SUM),
        (lambda x: x / 2, HALF),
        (lambda x: x if x == 1 else x / 2, None),
        (lambda x: x if x == 1 else 7.0, None),
        (lambda _: 7.0, None),
    ],
    ids=["all", "those that are wrong", "the other", "each another", "one of them", "none"],
)
def test_all_wrong_cases_must_agree_on_a_mistake(
    student: Callable[[float], float], mistake: str | None
) -> None:
    """Only cases that are wrong are asked, and every one of them."""
    with pytest.raises(WrongAnswer) as wrong:
        expect_each(
            lambda x: answer(student(x)),
            [(1.0,), (2.0,), (5.0,)],
            right=triple,
            mistakes={SUM: lambda x: x, HALF: lambda x: x / 2},
        )

    assert wrong.value.mistake == mistake


def test_every_case_that_is_right_counts() -> None:
    """All were compared, and no mistaken value was computed."""
    answers: list[Answer] = []

    def call(x: float) -> Answer:
        answers.append(answer(triple(x)))
        return answers[-1]

    expect_each(call, [(1.0,), (2.0,)], right=triple, mistakes={SUM: lambda _: 1 / 0})

    assert [each.student.verified for each in answers] == [1, 1]


def test_answers_that_have_come_are_compared_as_those_of_a_call() -> None:
    """Each belongs to the case in its place."""
    came = [answer(3.0), answer(2.0), answer(5.0)]

    with pytest.raises(WrongAnswer) as wrong:
        expect_each(came, [(1.0,), (2.0,), (5.0,)], right=triple, mistakes={SUM: lambda x: x})

    assert wrong.value.mistake == SUM
    with pytest.raises(ValueError, match=r"shorter|longer"):
        expect_each(came[:1], [(1.0,), (2.0,)], right=triple)


def test_mistakes_that_depend_on_what_came_are_made_only_where_that_is_wrong() -> None:
    """A function gives them; right answers don't call it."""
    came = [answer(3.0), answer(6.0)]
    expect_each(came, [(1.0,), (2.0,)], right=triple, mistakes=lambda: {SUM: 1 / 0})
    expect(came[0]).equals(3.0, mistakes=lambda: {SUM: 1 / 0})
    others = [answer(1.0), answer(2.0)]
    factor = others[0].value

    with pytest.raises(WrongAnswer) as wrong:
        expect_each(
            others, [(1.0,), (2.0,)], right=triple, mistakes=lambda: {SUM: lambda x: factor * x}
        )

    assert wrong.value.mistake == SUM


distinctive = st.one_of(
    st.floats(1_000.5, 9_999.5).map(lambda x: round(x, 3) + 0.0004),
    st.integers(10**6, 10**9),
    st.text("qzx", min_size=8, max_size=12),
)
structures = st.recursive(
    distinctive,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.sampled_from(["weight", "bias"]), inner, min_size=1)
        | st.lists(st.floats(1_000.5, 9_999.5), min_size=1, max_size=4).map(torch.tensor)
    ),
    max_leaves=6,
)
LEAK = re.compile(r"\d\.\d|\d{4}|[qzx]{8}")


@given(structures, structures)
def test_a_hidden_message_holds_no_value(value: object, right: object) -> None:
    """Neither the answer nor what was expected can be read from it."""
    given = answer(value)
    try:
        expect(given).equals(right, mistakes={SUM: value})
    except WrongAnswer as wrong:
        message = str(wrong)
    else:
        message = ""

    assert not LEAK.search(message)


@pytest.mark.parametrize(
    ("value", "right", "came", "expected"),
    [
        (torch.tensor([1.5, 2.0]), torch.tensor([1.5, 2.25]), "[1.5, 2]", "[1.5, 2.25]"),
        (0.125, 0.25, "0.125", "0.25"),
        (torch.tensor(7.0), torch.tensor(3.5), "7 (0-d float32)", "3.5 (0-d float32)"),
        ("left", "right", "'left'", "'right'"),
        ({"w": [1, 17]}, {"w": [1, 18]}, "17", "18"),
        (None, 3, "None", "3"),
    ],
)
def test_a_public_message_shows_both_values(
    value: object, right: object, came: str, expected: str
) -> None:
    """A check that the student can read has nothing to hide."""
    lines = str(refused(value, right, reveals=True)).splitlines()

    assert lines[-2].startswith("yours: ")
    assert lines[-2].endswith(came)
    assert lines[-1].startswith("right: ")
    assert lines[-1].endswith(expected)


def test_a_public_message_is_not_a_wall_of_numbers() -> None:
    """Long values are cut."""
    message = str(refused(torch.zeros(1000), torch.ones(1000), reveals=True))
    text = str(refused("x" * 1000, "y" * 1000, reveals=True))

    assert max(len(line) for line in (message + text).splitlines()) < 250


values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2**64 - 1) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=6,
)


def holds_no_match(value: object) -> bool:
    """Whether a value holds NaN or infinity somewhere."""
    if isinstance(value, dict):
        return any(map(holds_no_match, value.values()))
    if isinstance(value, list):
        return any(map(holds_no_match, value))
    return isinstance(value, float) and not math.isfinite(value)


@given(values)
def test_a_finite_value_differs_from_itself_nowhere(value: object) -> None:
    """Any plain value can be expected."""
    assert (difference(value, value) is None) == (not holds_no_match(value))


@given(values, values)
def test_comparing_any_two_values_says_something(value: object, right: object) -> None:
    """No pair of values raises anything; a gap has words."""
    gap = difference(value, right)

    assert gap is None or gap.words


def test_a_property_that_holds_counts() -> None:
    """`satisfies` is an expectation like `equals`."""
    given = answer(3)

    expect(given).satisfies(condition=True, otherwise="It is odd.")

    assert given.student.verified == 1


def test_a_property_that_does_not_hold_is_said_in_its_sentence() -> None:
    """The call comes first, then the sentence."""
    with pytest.raises(WrongAnswer) as wrong:
        expect(answer(3)).satisfies(condition=False, otherwise="It is odd.", mistake=SUM)

    assert str(wrong.value) == "`f((2, 3) float32)`: It is odd."
    assert wrong.value.mistake == SUM


@pytest.mark.parametrize("many", [np.ones(2) == 1, torch.ones(2) == 1])
def test_many_truths_are_no_property_that_holds(many: Any) -> None:
    """An answer of another kind gives them, and shows no mistake: it is no fault of the suite's."""
    with pytest.raises(WrongAnswer, match=r": It is odd\.") as wrong:
        expect(answer(3)).satisfies(many, "It is odd.", SUM)

    assert wrong.value.mistake is None


def test_a_tensor_that_fits_is_handed_on_without_its_graph() -> None:
    """It alone is no positive match: the test has yet to compare."""
    given = answer(torch.ones(2, 3, requires_grad=True))

    tensor = expect(given).tensor(shape=(2, 3), dtype=torch.float32)

    assert tensor.tolist() == [[1.0] * 3] * 2
    assert not tensor.requires_grad
    assert not given.student.verified


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([1.0], "returned a list of 1 item: expected a tensor"),
        (torch.ones(3), r"returned a \(3,\) float32 tensor: expected shape \(2,\)"),
        (torch.ones(2).long(), r"returned a \(2,\) int64 tensor: expected dtype float"),
        (torch.tensor([1.0, INFINITY]), "NaN or infinity"),
    ],
)
def test_a_tensor_that_does_not_fit_is_refused(value: object, words: str) -> None:
    """Type, shape, dtype and finiteness, in this order."""
    with pytest.raises(WrongAnswer, match=words):
        expect(answer(value)).tensor(shape=(2,))


def test_a_tensor_of_another_dtype_than_the_given_one_is_refused() -> None:
    """Any floating point one will do only where none is given."""
    expect(answer(torch.ones(2).double())).tensor()
    with pytest.raises(WrongAnswer, match="expected dtype"):
        expect(answer(torch.ones(2).double())).tensor(dtype=torch.float32)
    expect(answer(torch.ones(2).long())).tensor(dtype=torch.int64)


def test_arguments_that_were_left_alone_count() -> None:
    """Not changing anything can be all that a test asks."""
    given = answer(None)

    expect(given).leaves_arguments_alone()

    assert given.student.verified == 1


def test_changed_arguments_are_named() -> None:
    """All of them, with the mistake."""
    with pytest.raises(WrongAnswer, match="changed weight and argument 2 in place") as wrong:
        expect(answer(None, changed=("weight", "argument 2"))).leaves_arguments_alone()

    assert wrong.value.mistake == "changes-its-arguments"
    assert wrong.value.mistake in known_mistakes(LAB)


def test_an_item_of_an_answer_is_an_answer() -> None:
    """Its place is named, and what it meets counts for the whole."""
    whole = answer({"first": [1.0, 2.0]})

    expect(whole["first"][1]).equals(2.0)

    assert whole.student.verified == 1
    with pytest.raises(WrongAnswer, match=r"first\[0\] is a float: the value is wrong"):
        expect(whole["first"][0]).equals(3.0)


@pytest.mark.parametrize("value", [None, 3, [], {}, {"second": 1}, Foreign("x"), torch.tensor(1)])
def test_an_item_that_is_not_there_is_the_answers_fault(value: object) -> None:
    """It is a wrong answer, never an error of the test."""
    with pytest.raises(WrongAnswer, match="it has no item 'first'"):
        answer(value)["first"]


STEP: dict[str, Any] = {"loss": 0.5, "dW": torch.tensor([1.0, 2.0]), "db": torch.tensor([3.0, 4.0])}


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"db": STEP["db"] * 2}, SUM),
        ({"db": STEP["db"] * 2, "loss": 0.25}, HALF),
        ({"db": STEP["db"] * 2, "dW": torch.zeros(2)}, None),  # another part is wrong as well
        ({"loss": 4.0}, None),  # one number alone
    ],
    ids=["one part", "two parts", "others too", "one number"],
)
def test_a_mistake_may_give_only_the_part_that_it_changes(
    changes: dict[str, object], mistake: str | None
) -> None:
    """The other half of the answer must be right."""
    twice = {"db": STEP["db"] * 2}
    alternatives = {SUM: twice, HALF: {**twice, "loss": 0.25}, "errors-of-all-pairs": {"loss": 4.0}}

    assert refused({**STEP, **changes}, STEP, mistakes=alternatives).mistake == mistake


def test_a_part_that_is_left_out_can_be_the_mistake() -> None:
    """A dict without a key is not the whole with another part."""
    part = {"dW": STEP["dW"]}

    assert refused(part, STEP, mistakes={SUM: part, HALF: {"db": STEP["db"]}}).mistake == SUM
    with pytest.raises(WrongAnswer) as wrong:
        expect_each(
            lambda x: answer({"a": x, "b": 2 * x}),
            [(1.5,), (2.5,)],
            right=lambda x: {"a": x, "b": x},
            mistakes={SUM: lambda x: {"b": 2 * x}, HALF: lambda x: {"a": x}},
        )
    assert wrong.value.mistake == SUM
