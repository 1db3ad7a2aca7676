"""What a suite may ask and what comes back, in this process and in the real sandbox."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from grader.asking.probes import ProbeFunction, probe
from grader.asking.refusals import refusal
from grader.asking.sessions import session
from grader.asking.student import Conversation, Student, conversation_with
from grader.errors import MissingWork, NotStarted, StudentCrash, Unaskable, WrongAnswer
from grader.expecting.expect import expect, expect_each
from grader.expecting.raising import expect_raises
from grader.guest.crossing.values import REPLY, REQUEST
from grader.guest.crossing.wire import Absent, Load, Loaded, frame
from grader.guest.submission import Guest
from grader.judge.local import InProcess
from grader.sandbox.limits import UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.asking.refusals import Channel
    from grader.guest.crossing.wire import Reply, Request
    from grader.sandbox.sandbox import Sandbox

PATIENCE_S = 60.0  # for what ends by itself
CODE = """
import numpy as np
import torch

LEARNING_RATE = 0.25
NAMES = {1: b"one", (2, "b"): [np.arange(3)]}

def give(x):
    return x

def options(x, *, lr=0.1, name=""):
    return [x, lr, name]

def halve(x):
    x /= 2

def total(x):
    return np.sum(x)

def kind(x):
    return f"{type(x).__name__} of {len(x)}"

class CorpusError(ValueError):
    pass

def positive(x):
    if x < 0:
        raise CorpusError("negative")
    if x == 0:
        return {}["zero"]
    return x

class Net:
    def __init__(self, size=2):
        self.weights = np.zeros(size)

    def train(self, x):
        self.weights = self.weights + x.sum(0)
        return self

    def predict(self, x):
        raise NotImplementedError

def broken():
    return not_there

def exhausted(x):
    raise NotImplementedError

def run(x): return x + 1
def call(x): return x + 2
def look(x): return x + 3
def device(): return "cpu"
def reveals(): return 4
def verified(): return 5
def pictures(): return 6
def value(): return 7
"""
OWN_NAMES = {"device": "cpu", "reveals": 4, "verified": 5, "pictures": 6, "value": 7}


class Line:
    """A channel to a session of the sandbox."""

    def __init__(self, ask: Callable[[Request, float], Reply]) -> None:
        self._ask = ask

    def ask(self, request: Request) -> Reply:
        """Ask, with time enough."""
        return self._ask(request, PATIENCE_S)


@contextmanager
def channel_to(code: str, sandbox: Sandbox | None) -> Iterator[Channel]:
    """Load code where it is to be asked."""
    load = Load("exercise", "exercise.py", code.encode(), notebook=False, device="cpu")
    if sandbox is None:
        guest = Guest()
        assert guest.handle(load) == Loaded()
        yield InProcess(guest, UNLIMITED)
        return
    session = sandbox.open()
    try:
        assert session.ask(load, PATIENCE_S) == Loaded()
        yield Line(session.ask)
    finally:
        session.end()


@pytest.fixture(scope="module", params=["in this process", "in the sandbox"])
def student(request: pytest.FixtureRequest) -> Iterator[Student]:
    """Return a submission of many functions."""
    here = request.param == "in this process"
    sandbox = None if here else request.getfixturevalue("sandbox")
    with channel_to(CODE, sandbox) as channel:
        yield Student(Conversation(channel, reveals=True, seed=0))


@pytest.mark.parametrize(
    "value",
    [
        np.linspace(0, 1, 6, dtype="float32").reshape(2, 3)[:, ::-1],
        {"W": np.eye(2), "b": [np.zeros(0), np.array(True)]},
        {1: "a", -2: b"\0\xff", (97, 98): 256, ((1,), "x"): None, 0.5: True, b"k": 1},
        [np.float32(0.5), np.int64(3)],
    ],
    ids=["array", "arrays", "keys", "numbers"],
)
def test_what_courses_ask_crosses_both_ways(student: Student, value: object) -> None:
    """Arrays, bytes and keys of all kinds come back as they went out."""
    expect(student.give(value)).equals(value)


@pytest.mark.parametrize("value", [list(range(200_000)), "a" * 20_000, np.zeros(3 * 2**20, "f4")])
def test_what_is_asked_may_be_larger_than_what_is_answered(student: Student, value: object) -> None:
    """None of it is cut, and none of it counts as changed."""
    answer = student.kind(value)

    assert answer.value == f"{type(value).__name__} of {len(value)}"  # type: ignore[arg-type] # sized
    expect(answer).leaves_arguments_alone()
    assert np.zeros(3 * 2**20, "f4").nbytes > REPLY.tensor_bytes


def test_an_array_that_is_written_to_has_changed(student: Student) -> None:
    """As a tensor has."""
    assert student.halve(np.ones(2)).changed == ("argument 1",)
    assert student.give(np.ones(2)).changed == ()


def test_a_number_of_numpys_is_a_number(student: Student) -> None:
    """Whatever NumPy calls it."""
    expect(student.total(np.array([0.5, 1.0], "float32"))).equals(1.5)
    expect(student.total(np.array([1, 2]))).equals(np.int64(3))


def test_arguments_are_passed_by_name(student: Student) -> None:
    """The student reads them so, too."""
    answer = student.options(torch.ones(2), lr=0.5, name="a")

    assert answer.call == "`options((2,) float32, lr=float, name=str)`"
    expect(answer).equals([torch.ones(2), 0.5, "a"])
    assert answer.asked[1:] == (0.5, "a")
    assert student.halve(x=torch.ones(2)).changed == ("x",)
    with pytest.raises(StudentCrash, match="unexpected keyword argument 'rate'"):
        student.options(1, rate=2)


def test_a_constant_is_looked_up(student: Student) -> None:
    """It is missing only where it is."""
    expect(student["LEARNING_RATE"]).equals(0.25)
    expect(student["NAMES"]).equals({1: b"one", (2, "b"): [np.arange(3)]})
    assert str(student["NAMES"].words) == "Looking up `NAMES` returned a dict of 2 items"
    with pytest.raises(MissingWork, match="The file has no `MOMENTUM`"):
        student["MOMENTUM"]
    with pytest.raises(
        MissingWork, match=r"`LEARNING_RATE` in your file is not a function: .* float"
    ):
        student.LEARNING_RATE()


@pytest.mark.parametrize(("name", "right"), OWN_NAMES.items())
def test_a_students_function_may_have_any_name(student: Student, name: str, right: object) -> None:
    """None is taken by what a suite needs."""
    expect(getattr(student, name)()).equals(right)
    for place, taken in enumerate(("run", "call", "look"), 1):
        expect(getattr(student, taken)(1)).equals(1 + place)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (torch.nn.Linear(1, 1), "argument 2 is or holds torch.Linear"),
        ({"a": [object()]}, "argument 2 is or holds object"),
        (np.array([None]), "argument 2 is or holds numpy.ndarray (shape (1,), dtype object)"),
        ({frozenset(): 1}, "argument 2 is or holds dict (with keys that can't be sent)"),
    ],
    ids=range(4),
)
def test_what_can_not_be_asked_is_the_suites_fault(
    student: Student, value: object, words: str
) -> None:
    """It never reaches the submission."""
    verified = conversation_with(student).verified
    with pytest.raises(Unaskable) as refused:
        student.give(1, value)

    assert words in str(refused.value)
    assert str(refused.value).startswith("`give(int, ")
    assert conversation_with(student).verified == verified


def test_a_probe_names_the_argument_that_can_not_be_sent(student: Student) -> None:
    """By the name that it has there."""
    with pytest.raises(Unaskable, match=r"`give\(model\)` .*: model is or holds object"):
        given(student, model=object())
    expect(given(student, [1])).equals([1, 0.5])
    expect(given(student, [1], rate=2)).equals([1, 2])


def give_all(student: Student, model: object, rate: object = 0.5) -> object:
    """Give back what came; the parameters have names and defaults."""
    return [*student.give(model), rate]


given: ProbeFunction = probe("give(model)")(give_all)


def test_an_answer_that_is_no_array_is_told_so(student: Student) -> None:
    """A tensor is none, nor is an array of another dtype."""
    right = np.ones(2, "float32")
    for value, words in (
        (torch.ones(2), "returned a (2,) float32 tensor: expected a NumPy array of shape (2,)"),
        (np.ones(3), "returned a (3,) float64 array: expected shape (2,)"),
        (np.ones(2), "expected dtype float32"),
        (np.array([1, np.nan], "f4"), "NaN or infinity"),
        (np.array([1, 2], "f4"), "1 of 2 numbers is wrong, at [1]"),
    ):
        with pytest.raises(WrongAnswer) as wrong:
            expect(student.give(value)).equals(right)
        assert words in str(wrong.value)


@pytest.mark.parametrize("kinds", [(ValueError,), ("CorpusError",), (KeyError, Exception)])
def test_the_exception_that_is_asked_for_is_met(student: Student, kinds: tuple[Any, ...]) -> None:
    """By its own class or one that it is derived from, and it counts."""
    before = conversation_with(student).verified

    expect_raises(student.positive, (-1,), *kinds)

    assert conversation_with(student).verified == before + 1


@pytest.mark.parametrize(
    ("function", "case", "error", "words"),
    [
        (
            "positive",
            (1,),
            WrongAnswer,
            "`positive(int)` returned an int: it must raise Val",
        ),
        ("positive", (0,), WrongAnswer, "raised KeyError: 'zero'\nexercise.py:"),
        ("positive", (0,), WrongAnswer, "\nIt must raise ValueError."),
        ("positive", (), StudentCrash, "missing 1 required positional argument"),
        ("exhausted", (0,), NotStarted, "is not written yet (ex"),
        ("positiv", (0,), MissingWork, "did you mean your `positive`"),
    ],
)
def test_what_came_instead_of_an_exception_is_told(
    student: Student, function: str, case: tuple[object, ...], error: type[Exception], words: str
) -> None:
    """An answer, another exception, or one that no line of the student's has raised."""
    before = conversation_with(student).verified
    with pytest.raises(error) as told:
        expect_raises(getattr(student, function), case, ValueError)

    assert words in str(told.value)
    assert conversation_with(student).verified == before


def test_an_exception_that_python_raises_is_none_of_the_students(student: Student) -> None:
    """A function that is called as it can't be called checks nothing."""
    with pytest.raises(StudentCrash, match="positional argument"):
        expect_raises(student.positive, (), TypeError)


X = np.array([[1.0, 2.0], [3.0, 4.0]])
TWICE = session("net = Net(); net.train(X); net.train(X)", "net.weights")


def test_a_session_keeps_its_state_to_its_end(student: Student) -> None:
    """What the lines make is gone with them, and the student reads them as they are."""
    answer = TWICE(student, X=X)

    assert answer.call == (
        "`net = Net(); net.train(X); net.train(X); net.weights` with X (2, 2) float64 array"
    )
    for _ in range(2):
        expect(TWICE(student, X=X)).equals(np.array([8.0, 12.0]))
    block = session(
        """
        net = Net(size=2)
        for _ in range(times):
            net.train(X)
        """,
        "net.weights, times",
    )
    expect(block(student, X=X, times=3)).equals((np.array([12.0, 18.0]), 3))
    expect_each(
        lambda x, times: block(student, X=x, times=times),
        [(X, 1), (-X, 2)],
        right=lambda x, times: (times * x.sum(0), times),
    )
    with pytest.raises(MissingWork, match="The file has no `net`"):
        student["net"]


def test_a_session_that_names_what_it_gives_is_not_shown_with_it(student: Student) -> None:
    """The message says which item it is about."""
    named = session("net = Net(); net.train(X)", "{'net.weights': net.weights, 'X': X}")

    with pytest.raises(WrongAnswer) as told:
        expect(named(student, X=X)).equals({"net.weights": X.sum(0), "X": X + 1})
    assert str(told.value).startswith(
        "`net = Net(); net.train(X)` with X (2, 2) float64 array: X is a (2, 2) float64 array: "
    )
    assert session("", "{'X': X}").calls == "{'X': X}"


@pytest.mark.parametrize(
    ("code", "gives", "error", "words"),
    [
        (
            "net = Nett()",
            "net.weights",
            MissingWork,
            "The file has no `Nett`; did you mean your `Net`",
        ),
        ("net = Net()", "nett.weights", MissingWork, "The file has no `nett`"),
        ("net = Net()", "net.fit(X)", StudentCrash, "raised AttributeError: 'Net' object has no"),
        ("net = Net()", "net.predict(X)", NotStarted, "is not written yet (ex"),
        ("x = broken()", "x", StudentCrash, "NameError: name 'not_there' is not defined\nexercise"),
    ],
)
def test_what_became_of_a_session_is_told(
    student: Student, code: str, gives: str, error: type[Exception], words: str
) -> None:
    """A class that is not there is missing, as a function is."""
    with pytest.raises(error) as told:
        session(code, gives)(student, X=X)

    assert words in str(told.value)


def test_an_object_stays_where_it_is(student: Student) -> None:
    """Only plain data comes back."""
    with pytest.raises(WrongAnswer, match=r"returned an object of type exercise\.Net: .*\n"):
        expect(session("net = Net()", "net")(student)).equals(1.0)
    with pytest.raises(Unaskable, match="net is or holds object"):
        session("", "net")(student, net=object())
    with pytest.raises(SyntaxError):
        session("net = ", "net")


def test_an_array_or_a_number_is_required_to_compute_with_it(student: Student) -> None:
    """Whatever else came back is wrong, and no fault of the suite's."""
    array = expect(student.give(X)).array((2, 2), "float64")

    assert array.sum() == 10
    expect(student.give(X)[0][1]).equals(2.0)
    assert expect(student.give(3)).number() == 3
    for value, words in (
        (None, "returned None: expected a NumPy array."),
        (X[0], "expected shape (2, 2)."),
        (X.astype("float32"), "expected dtype float64."),
        (X * np.inf, "it holds NaN or infinity."),
    ):
        with pytest.raises(WrongAnswer) as wrong:
            expect(student.give(value)).array((2, 2), "float64")
        assert words in str(wrong.value)
    for value, words in (
        (X, "expected a number (`.item()` makes one)."),
        (True, "returned True: expected a number."),
        (float("nan"), "it is NaN or infinity."),
    ):
        with pytest.raises(WrongAnswer) as wrong:
            expect(student.give(value)).number()
        assert words in str(wrong.value)


def test_a_question_that_is_too_large_as_a_whole_is_the_suites_fault() -> None:
    """Each of its arguments may be as large as one may be."""
    half = np.zeros(REQUEST.tensor_bytes * 2 // 3, "int8")

    def send(request: Request, time_s: float) -> Reply:
        frame(request)
        raise AssertionError(time_s)

    student = Student(Conversation(Line(send), reveals=True, seed=0))
    with pytest.raises(Unaskable, match=r"`f\(.*\)` can't be asked: a frame of \d+ bytes is over"):
        student.f(half, half, half, half)


@pytest.mark.parametrize(
    ("written", "meant", "is_one"),
    [
        ("bulid_model", "build_model", True),
        ("buildModel", "build_model", True),
        ("tarin", "train", True),
        ("train_epoch", "train", False),
        ("softmax", "log_softmax", False),
        ("forward", "backward", False),
        ("updated", "update_parameters", False),
    ],
)
def test_a_name_is_misspelt_if_it_is_nearly_the_right_one(
    written: str, meant: str, is_one: bool
) -> None:
    """Another function is not the one that was forgotten."""
    error = refusal(Absent(meant, written), "`f()`")

    assert str(error) == f"The file has no `{meant}`; did you mean your `{written}`?"
    assert (error.mistake == "name-misspelt") is is_one
