"""Every suite under lies: whatever a guest replies, a test ends in a verdict about the submission.

No sandbox is needed for that: the replies are made here, as bytes, and are decoded as a guest's.
"""

from __future__ import annotations

import random
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import fuzz_wire
import msgspec
import pytest
import torch
from the_lab import EXERCISES

from grader.asking.probes import ProbeFunction
from grader.courses import PACKAGE, Exercise
from grader.guest.crossing.values import WireError, unpack
from grader.guest.crossing.wire import HEADER, Load, Returned, decode_reply, frame
from grader.guest.submission import Guest
from grader.judge.plugin import run_suites
from grader.results.verdicts import TestResult, Verdict
from grader.sandbox.failures import GuestGarbledError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.asking.refusals import Channel
    from grader.errors import SubmissionError
    from grader.guest.crossing.wire import Reply, Request
    from grader.judge.plugin import SuiteRunner

pytestmark = pytest.mark.proof

SOLUTIONS = Path(__file__).resolve().parents[1] / "solutions"
BIG = 2**62
SEEDS = range(6)
MODULES = tuple(exercise for exercise in EXERCISES if not exercise.cells)
ITEM = re.compile(r'\["([A-Za-z][\w ]*)"\]')
SUITES = [file for each in EXERCISES for file in (each.public_checks, each.hidden_suite)]
# what is read out of an answer anywhere, by its name
NAMES = sorted(
    {
        name
        for file in (*SUITES, *PACKAGE.glob("lab/kit/*.py"), *PACKAGE.glob("expecting/*.py"))
        for name in ITEM.findall(file.read_text(encoding="utf-8"))
    }
)


def returned(value: object) -> bytes:
    """Encode a reply that the wire's own types may not allow."""
    return msgspec.msgpack.encode(["returned", value, []])


def flood(count: int, item: bytes, kind: bytes) -> bytes:
    """Encode a reply that holds one item many times."""
    return b"\x93\xa8returned" + kind + b"\xdd" + HEADER.pack(count) + item * count + b"\x90"


def nested(depth: int) -> object:
    """Return a list in a list, and so on."""
    value: object = None
    for _ in range(depth):
        value = ["items", "list", [value]]
    return value


NAMED = " under every name"
FLOOD = "more"  # takes a while, and is over before a suite sees any of it
WEIGHTS = ["items", "list", ["0.weight", "0.bias"]]
ARRAY = ["tensor", "float32", [2, 3], bytes(24), False, True]
KEYS = [None, True, 2, 0.5, "a", ["bytes", b"b"], ["items", "tuple", [1, "c"]]]
HOSTILE = {
    "empty tensor of an impossible shape": returned(["tensor", "float32", [0, BIG, BIG], b""]),
    "size of more than 63 bits": returned(["tensor", "float32", [0, 2**63], b""]),
    "size below 0": returned(["tensor", "float32", [-1, -4], b"1234"]),
    "ten thousand dimensions": returned(["tensor", "int8", [BIG] * 10_000, b""]),
    "tensor without bytes": returned(["tensor", "float32", [BIG], b""]),
    "tensor of objects": returned(["tensor", "object", [1], b"12345678"]),
    "bool that is neither": returned(["tensor", "bool", [3, 2], b"\x02" * 6]),
    "whole number with a gradient": returned(["tensor", "int64", [1], b"1" * 8, True]),
    "lists in lists": returned(nested(200)),
    f"{FLOOD} values than are rebuilt": flood(120_000, b"\xc0", b"\x93\xa5items\xa4list"),
    f"{FLOOD} keys than are rebuilt": flood(120_000, b"\x92\xa0\xc0", b"\x92\xa7mapping"),
    "not a number": returned(float("nan")),
    "infinity": returned(float("-inf")),
    "array of an impossible shape": returned(["tensor", "int8", [0, BIG], b"", False, True]),
    "array of objects": returned(["tensor", "object", [1], b"12345678", False, True]),
    "arrays": returned(["items", "list", [ARRAY, ARRAY]]),
    "bytes": returned(["bytes", b"1234"]),
    "keys of all kinds": returned(["keyed", [[key, 1] for key in KEYS]]),
    "keys that are none": returned(["keyed", [[["items", "list", []], 1]]]),
    "a foreign object": returned(["foreign", "T" * 100_000, "d" * 100_000]),
    **{
        f"{what}{NAMED}": returned(["mapping", [[name, item] for name in NAMES]])
        for what, item in (
            *(("nothing", None), ("a text", "BsSFg"), ("a number", 3), ("no number", float("nan"))),
            *(("a tensor", ["tensor", "float32", [2, 3], bytes(24)]), ("names", WEIGHTS)),
            *(("an array", ARRAY), ("bytes", ["bytes", b"1234"]), ("keys", ["keyed", [[1, 2]]])),
        )
    },
    "long message": msgspec.msgpack.encode(["raised", "E" * 10_000, "m" * 100_000]),
    "line that is none": msgspec.msgpack.encode(["raised", "E", "m", "w", 2**63, "c"]),
    "negative line": msgspec.msgpack.encode(["raised", "E", "m", "w", -(2**63), "c"]),
    "unknown mistake": msgspec.msgpack.encode(["rejected", "no", "<b>none</b>"]),
    "absent function of any name": msgspec.msgpack.encode(["absent", "f" * 10_000, "g" * 10_000]),
    "arguments that there are not": msgspec.msgpack.encode(["returned", None, [99, -1, 2**63]]),
    "reply to another question": msgspec.msgpack.encode(["parsed", "text", []]),
    "loaded again": msgspec.msgpack.encode(["loaded", ["note" * 1000] * 1000]),
    "request": msgspec.msgpack.encode(["probe", b"code", [], 1]),
    "map": msgspec.msgpack.encode({"type": "returned", "value": 1}),
    "extension": msgspec.msgpack.encode(msgspec.msgpack.Ext(5, b"code")),
    "nothing": b"",
}


class Lies:
    """An attempt, and its channel, whose replies are made by a function."""

    device = "cpu"
    cell_error: SubmissionError | None = None
    discretion = None

    def __init__(self, body: Callable[[Request], bytes]) -> None:
        self._body = body

    def channel(self, cell: str = "") -> Channel:
        """Answer for every cell."""
        del cell
        return self

    def ask(self, request: Request) -> Reply:
        """Decode what there is instead of an answer, as from a guest."""
        try:
            return decode_reply(self._body(request))
        except WireError as error:
            raise GuestGarbledError(str(error)) from error


class Altered:
    """Right answers, most of them altered a little; each is computed once."""

    def __init__(self, exercise: Exercise) -> None:
        self._guest = Guest()
        file = SOLUTIONS / f"{exercise.name}.py"
        load = Load(exercise.name, file.name, file.read_bytes(), notebook=False, device="cpu")
        self._guest.handle(load)
        self._right: dict[bytes, bytes] = {}

    def lies(self, seed: int) -> Lies:
        """Alter the answers in one of many ways."""
        chance = random.Random(seed)

        def body(request: Request) -> bytes:
            right = self._answer(request)
            if chance.random() < 0.3:
                return right
            tag, value, *rest = msgspec.msgpack.decode(right)
            return msgspec.msgpack.encode([tag, fuzz_wire.altered(value, chance), *rest])

        return Lies(body)

    def _answer(self, request: Request) -> bytes:
        asked = msgspec.msgpack.encode(request)
        if asked not in self._right:
            reply = self._guest.handle(request)
            assert isinstance(reply, Returned), reply
            self._right[asked] = frame(reply)[HEADER.size :]
        return self._right[asked]


Results = tuple[TestResult, ...]


@dataclass(frozen=True)
class Ran:
    """What came of lies, by exercise: of each hostile reply, and of each seed of altered ones.

    Attributes:
        probes: the name and the code of every probe, and what must not be in it.
    """

    hostile: dict[str, dict[str, Results]]
    altered: dict[str, list[Results]]
    probes: list[tuple[str, bytes, list[bytes]]]


@pytest.fixture(scope="module")
def ran() -> Ran:
    """Run every suite once for each lie: first on hostile replies, then on altered answers."""
    found = Ran({}, {}, [])

    def serve(runner: SuiteRunner) -> None:
        for exercise in EXERCISES:
            found.hostile[exercise.name] = {
                name: both(runner, exercise, Lies(always(body)), public=name.endswith(NAMED))
                for name, body in HOSTILE.items()
                if exercise is EXERCISES[0] or (comes_in(body) and not name.startswith(FLOOD))
            }
            found.probes.extend(probes_of(runner, exercise))
        for exercise in MODULES:
            answers = Altered(exercise)
            found.altered[exercise.name] = [
                both(runner, exercise, answers.lies(seed), public=seed % 3 == 0) for seed in SEEDS
            ]

    with unprintable_tensors():
        run_suites(SUITES, serve)
    return found


def comes_in(body: bytes) -> bool:
    """Whether a suite sees what is in a reply, which is not refused before."""
    try:
        reply = decode_reply(body)
        if isinstance(reply, Returned):
            unpack(reply.value)
    except WireError:
        return False
    return True


def probes_of(runner: SuiteRunner, exercise: Exercise) -> Iterator[tuple[str, bytes, list[bytes]]]:
    """Give the probes of a hidden suite, with what names a test or a table of mistakes."""
    tests = runner.suites.tests_of(exercise, public=False)
    secrets = [b"mistakes", b"expect_each", *(test.name.encode() for test in tests)]
    for name, probe in vars(tests[0].getparent(pytest.Module).obj).items():  # type: ignore[union-attr] # it has one
        if isinstance(probe, ProbeFunction):
            yield name, probe.code, secrets


def both(runner: SuiteRunner, exercise: Exercise, lies: Lies, *, public: bool) -> Results:
    """Run the hidden tests, and the public checks before them where that tells more."""
    checks = runner.run(exercise, lies, public=True).results if public else ()
    return checks + runner.run(exercise, lies, public=False).results


@contextmanager
def unprintable_tensors() -> Iterator[None]:
    """Let it fail meanwhile to print a tensor: a guest's million numbers take half a minute."""

    def refuse(self: torch.Tensor, **_: object) -> str:
        raise RuntimeError(f"a tensor of shape {tuple(self.shape)} is printed")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.Tensor, "__repr__", refuse)
        yield


def always(body: bytes) -> Callable[[Request], bytes]:
    """Give one reply to every question."""
    return lambda _: body


def faults(results: Results) -> list[tuple[str, str]]:
    """Return what went wrong on our side."""
    wrong = [each for each in results if each.verdict is Verdict.GRADER_FAULT]
    return [(each.name, each.message.text) for each in wrong]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_a_hostile_reply_is_the_students(ran: Ran, exercise: Exercise) -> None:
    """No reply passes a test, and none is a fault of the grader's."""
    assert len(ran.hostile[exercise.name]) > 20
    for name, results in ran.hostile[exercise.name].items():
        assert faults(results) == [], name
        assert Verdict.PASSED not in {each.verdict for each in results}, name
        assert max(len(each.message.text) for each in results) <= 4000
        assert sum(each.max_score for each in results) == exercise.points


@pytest.mark.parametrize("exercise", MODULES, ids=lambda exercise: exercise.name)
def test_an_altered_answer_is_the_students(ran: Ran, exercise: Exercise) -> None:
    """Whatever a suite reads out of an answer, something else in its place is no fault of ours."""
    for seed, results in enumerate(ran.altered[exercise.name]):
        assert faults(results) == [], f"seed {seed}"


def test_a_probe_carries_no_test(ran: Ran) -> None:
    """What crosses into the guest names no test of its suite, and holds no table of mistakes."""
    found = [(name, word) for name, code, secrets in ran.probes for word in secrets if word in code]

    assert found == []
    assert len(ran.probes) > 3 * len(EXERCISES)
