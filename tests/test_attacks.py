"""Attacks on the grader, each graded with the real suites in the real sandbox.

Each file in `tests/attacks` is one attack, and defines `fake`; it is handed in for every exercise,
with all the functions that the exercise asks for being `fake`. An honest submission follows each.
"""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
import torch

from grader.guest.wire import HEADER, Call, Load, Returned
from grader.judge.grading import grade_submission
from grader.judge.plugin import SuiteRunner, run_suites
from grader.judge.suite import ProbeFunction
from grader.lab import EXERCISES, Exercise, exercise_named
from grader.mistakes import known_mistakes
from grader.submissions import File, HandIn
from grader.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.sandbox.sandbox import Sandbox
    from grader.verdicts import ExerciseResult

ATTACKED = tuple(each for each in EXERCISES if each.name[:4] in {"ex03", "ex04", "ex06", "ex08"})
ROOT = Path(__file__).resolve().parents[1]
ATTACKS = sorted((ROOT / "tests" / "attacks").glob("*.py"))
SEARCHES = [file for file in ATTACKS if file.stem.startswith("search_")]
HONEST = exercise_named("ex04")  # the one that costs least
BIG = 2**62
SEEDS = range(4)

# what an ordinary test would say about an answer, and what the attack makes it say
ORDINARY_TESTS = {
    "patched_assert_close": "torch.testing.assert_close(fake(), torch.ones(5))",
    "patched_comparisons": "assert torch.allclose(fake(), torch.ones(2, 3))",
    "tensor_equal_to_everything": "assert torch.equal(fake(), torch.ones(5)) and fake() == 7",
    "numbers_equal_to_everything": "assert fake() == 0.125 and fake() == [1, 2] and fake() == {}",
}

# makes of a submission a guest that gives the replies of `make()`, and has no need of its functions
FORGED = """
import os, random, struct, sys
from grader.guest import child, wire

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
request_fd, reply_fd = frame.f_locals["request_fd"], frame.f_locals["reply_fd"]

def give(body):
    child.write_all(reply_fd, struct.pack(">I", len(body)) + body)

def forge(make):
    give(b"\\x92\\xa6loaded\\x90")
    while header := child.read_exactly(request_fd, 4):
        child.read_exactly(request_fd, wire.frame_length(header))
        give(make())
    os._exit(0)
"""
NIL, NO_ARGUMENT_CHANGED = b"\xc0", b"\x90"


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


HOSTILE_REPLIES = {
    "empty tensor of an impossible shape": returned(["tensor", "float32", [0, BIG, BIG], b""]),
    "size of more than 63 bits": returned(["tensor", "float32", [0, 2**63], b""]),
    "size below 0": returned(["tensor", "float32", [-1, -4], b"1234"]),
    "shape with ten thousand dimensions": returned(["tensor", "int8", [BIG] * 10_000, b""]),
    "tensor without bytes": returned(["tensor", "float32", [BIG], b""]),
    "tensor of objects": returned(["tensor", "object", [1], b"12345678"]),
    "bool that is neither": returned(["tensor", "bool", [3, 2], b"\x02" * 6]),
    "whole number that requires a gradient": returned(["tensor", "int64", [1], b"1" * 8, True]),
    "lists in lists": returned(nested(200)),
    "a million values": flood(1_000_000, NIL, b"\x93\xa5items\xa4list"),
    "a million keys": flood(1_000_000, b"\x92\xa0\xc0", b"\x92\xa7mapping"),
    "not a number": returned(float("nan")),
    "infinity": returned(float("-inf")),
    "a foreign object": returned(["foreign", "T" * 100_000, "d" * 100_000]),
    "long message": msgspec.msgpack.encode(["raised", "E" * 10_000, "m" * 100_000]),
    "line that is none": msgspec.msgpack.encode(["raised", "E", "m", "w", 2**63, "c"]),
    "negative line": msgspec.msgpack.encode(["raised", "E", "m", "w", -(2**63), "c"]),
    "mistake that nobody knows": msgspec.msgpack.encode(["rejected", "no", "<b>none</b>"]),
    "missing function of any name": msgspec.msgpack.encode(["absent", "f" * 10_000, "g" * 10_000]),
    "arguments that there are not": msgspec.msgpack.encode(["returned", None, [99, -1, 2**63]]),
    "reply to another question": msgspec.msgpack.encode(["parsed", "text", []]),
    "loaded again": msgspec.msgpack.encode(["loaded", ["note" * 1000] * 1000]),
    "request": msgspec.msgpack.encode(["probe", b"code", [], 1]),
    "map": msgspec.msgpack.encode({"type": "returned", "value": 1}),
    "extension": msgspec.msgpack.encode(msgspec.msgpack.Ext(5, b"code")),
    "nothing": b"",
}

# answers at random, with the names that the suites look for
AT_RANDOM = """
NAMES = ["output", "finite", "trace", "losses", "parameters", "gradients", "gradient", "watched",
         "moved", "tracked", "same", "weights", "mode afterwards", "parameter shapes", "W1", "b2",
         "0.weight"]
RANDOM = random.Random(SEED)

def value(depth=0):
    kind = RANDOM.randrange(12 if depth < 4 else 7)
    if kind < 6:
        return RANDOM.choice([None, True, False, 0, -1, 2.5, float("nan"), "", "FBS", "sBZ", "x"])
    if kind == 6:
        shape = [RANDOM.randrange(4) for _ in range(RANDOM.randrange(4))]
        count = 1
        for size in shape:
            count *= size
        dtype, size = RANDOM.choice([("float32", 4), ("float64", 8), ("int64", 8), ("bool", 1)])
        return ["tensor", dtype, shape, RANDOM.randbytes(count * size), RANDOM.random() < 0.3]
    if kind < 9:
        return ["items", RANDOM.choice(["list", "tuple"]), [value(depth + 1) for _ in range(3)]]
    return ["mapping", [[name, value(depth + 1)] for name in RANDOM.sample(NAMES, 12)]]

def make():
    import msgspec
    return msgspec.msgpack.encode(["returned", value(), [RANDOM.randrange(4)]])

forge(make)
"""


@dataclass
class Record:
    """What became of every submission, and what there was to find in the meantime.

    Attributes:
        honest: the score of an honest submission after each of the attacks.
        probes: what crosses into the guest, by exercise.
        tests: the names of the hidden tests, by exercise.
        found_here: what the search of the memory finds in this process.
    """

    results: dict[str, list[ExerciseResult]] = field(default_factory=dict)
    honest: dict[str, float] = field(default_factory=dict)
    probes: dict[str, list[bytes]] = field(default_factory=dict)
    tests: dict[str, list[str]] = field(default_factory=dict)
    found_here: list[str] = field(default_factory=list)


def functions_of(exercise: Exercise) -> list[str]:
    """Return the names of the functions that an exercise asks for."""
    stub = ROOT / "exercises" / f"{exercise.name}.py"
    return re.findall(r"^def (\w+)", stub.read_text(encoding="utf-8"), re.MULTILINE)


def handed_in(exercise: Exercise, text: str) -> HandIn:
    """Hand in a text as the file of an exercise."""
    return HandIn((File(f"{exercise.name}.py", text.encode()),))


def with_fakes(exercise: Exercise, file: Path) -> HandIn:
    """Hand in an attack for an exercise."""
    names = [f"{name} = fake" for name in functions_of(exercise)]
    return handed_in(exercise, "\n".join([file.read_text(encoding="utf-8"), *names]))


def forging(exercises: Iterable[Exercise], make: str) -> dict[Exercise, HandIn]:
    """Hand in a guest that forges its replies."""
    return {exercise: handed_in(exercise, FORGED + make) for exercise in exercises}


def everything() -> dict[str, dict[Exercise, HandIn]]:
    """Return every submission that a test below asks about, by name."""
    stubs = {each: (ROOT / "exercises" / f"{each.name}.py").read_text("utf-8") for each in ATTACKED}
    return {
        "stub": {exercise: handed_in(exercise, text) for exercise, text in stubs.items()},
        **{file.stem: {each: with_fakes(each, file) for each in ATTACKED} for file in ATTACKS},
        **{name: forging([HONEST], giving(reply)) for name, reply in HOSTILE_REPLIES.items()},
        **{f"random {seed}": forging(ATTACKED, f"SEED = {seed}\n{AT_RANDOM}") for seed in SEEDS},
    }


def giving(reply: bytes) -> str:
    """Write code that always gives one reply, which may be long."""
    return f"import zlib\nREPLY = zlib.decompress({zlib.compress(reply)!r})\nforge(lambda: REPLY)"


def found_by(search: str, *args: object) -> list[str]:
    """Return what one of the searches finds in this process."""
    found: list[str] = runpy.run_path(str(ROOT / "tests" / "attacks" / f"{search}.py"))["found"](
        *args
    )
    return found


def note_suites(runner: SuiteRunner, kept: Record) -> None:
    """Note what there is to find about the suites that are being run."""
    for exercise in ATTACKED:
        tests = runner.tests_of(exercise, public=False)
        suite = vars(tests[0].getparent(pytest.Module).obj)  # type: ignore[union-attr] # it has one
        kept.tests[exercise.name] = [test.name for test in tests]
        kept.probes[exercise.name] = [
            value.code for value in suite.values() if isinstance(value, ProbeFunction)
        ]
    kept.found_here = found_by("search_of_the_memory")


def grade_everything(sandbox: Sandbox, runner: SuiteRunner, kept: Record) -> None:
    """Grade every submission, and an honest one after each attack and at the very end."""
    solution = (ROOT / "solutions" / f"{HONEST.name}.py").read_text(encoding="utf-8")
    honest = {HONEST: handed_in(HONEST, solution)}
    attacks, last = {file.stem for file in ATTACKS}, f"random {SEEDS[-1]}"
    for name, work in everything().items():
        kept.results[name] = grade_submission(sandbox, runner, work, "cpu")
        if name in attacks | {last}:
            kept.honest[name] = scores(grade_submission(sandbox, runner, honest, "cpu"))


@pytest.fixture(scope="module")
def record(sandbox: Sandbox) -> Record:
    """Grade everything once, in one session, with one thread as in a worker."""
    kept = Record()
    suites = [exercise.hidden_suite for exercise in ATTACKED]
    checks = [exercise.public_checks for exercise in ATTACKED]

    def serve(runner: SuiteRunner) -> None:
        note_suites(runner, kept)
        grade_everything(sandbox, runner, kept)

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # two would wait for each other on a busy machine
    run_suites([*suites, *checks], serve)
    torch.set_num_threads(threads)
    return kept


def scores(results: Sequence[ExerciseResult]) -> float:
    """Add up the points of a submission."""
    return sum(result.score for result in results)


def messages(results: Sequence[ExerciseResult]) -> list[str]:
    """Return all that a submission's report says."""
    tests = [test for result in results for test in result.tests]
    return [test.message for test in tests] + [note for each in results for note in each.notes]


def verdicts(results: Sequence[ExerciseResult]) -> set[Verdict]:
    """Return the verdicts of a submission's tests."""
    return {test.verdict for result in results for test in result.tests}


@pytest.mark.parametrize("file", ATTACKS, ids=lambda file: file.stem)
def test_an_attack_gets_no_points(record: Record, file: Path) -> None:
    """An attack scores what an untouched stub does, out of as many points."""
    results, stub = record.results[file.stem], record.results["stub"]

    assert scores(results) == scores(stub) == 0
    assert [each.max_score for each in results] == [exercise.points for exercise in ATTACKED]
    assert Verdict.PASSED not in verdicts(results)


@pytest.mark.parametrize("reply", HOSTILE_REPLIES)
def test_a_hostile_reply_is_the_students(record: Record, reply: str) -> None:
    """No reply passes a test, and none takes a test out of the count as a fault of the grader's."""
    (result,) = record.results[reply]

    assert (result.score, result.max_score) == (0, HONEST.points)
    assert verdicts([result]) <= {Verdict.WRONG, Verdict.CRASHED, Verdict.MISSING}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_reply_is_no_fault_of_the_graders(record: Record, seed: int) -> None:
    """Whatever a suite reads out of an answer, junk in its place is the student's."""
    results = record.results[f"random {seed}"]
    faults = [
        (test.name, test.message)
        for result in results
        for test in result.tests
        if test.verdict is Verdict.GRADER_FAULT
    ]

    assert faults == []
    assert [each.max_score for each in results] == [exercise.points for exercise in ATTACKED]


def test_everybody_after_an_attack_gets_what_is_due(record: Record) -> None:
    """The honest submission after each attack has all of its points."""
    assert {HONEST.points} == set(record.honest.values())
    assert len(record.honest) == len(ATTACKS) + 1


def test_nothing_secret_is_found(record: Record) -> None:
    """No search of disk, memory or other processes comes upon a test."""
    found = [
        text
        for file in SEARCHES
        for text in messages(record.results[file.stem])
        if "FOUND" in text or "raised" in text
    ]

    assert len(SEARCHES) == 3
    assert found == []


def test_a_report_stays_short_and_harmless(record: Record) -> None:
    """What a guest says about itself is cut, loses its control characters, and names no mistake."""
    everyone = [result for results in record.results.values() for result in results]
    mistakes = {test.mistake for result in everyone for test in result.tests}
    texts = messages(everyone)

    assert max(map(len, texts)) <= 4000
    assert not [text for text in texts if re.search(r"[\0-\x08\x0b-\x1f\x7f\u202e]", text)]
    assert mistakes - {None} <= known_mistakes().keys()
    assert max(len(result.notes) for result in everyone) <= 20
    json.dumps(msgspec.to_builtins(everyone), allow_nan=False)


@pytest.mark.parametrize("attack", ORDINARY_TESTS)
def test_the_attack_fools_an_ordinary_test(sandbox: Sandbox, attack: str) -> None:
    """The attack is a real one: a test that runs beside it accepts its answer."""
    text = (ROOT / "tests" / "attacks" / f"{attack}.py").read_text(encoding="utf-8")
    ordinary = f"\nimport torch\ndef answer():\n    {ORDINARY_TESTS[attack]}\n    return 'passed'"
    session = sandbox.open()
    session.ask(Load("exercise", "exercise.py", (text + ordinary).encode(), False, "cpu"), 10)
    reply = session.ask(Call("answer", (), 0), 10)
    session.end()

    assert reply == Returned("passed")


def test_the_searches_find_what_there_is(record: Record) -> None:
    """The same searches come upon the suites where these are: in this process, on its disk."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, env={"A_SECRET": "1"}) as other:
        in_processes = found_by("search_of_other_processes", [str(other.pid)])
    on_disk = found_by("search_of_the_disk", [str(ROOT / "grader")])

    assert "A_SECRET" in in_processes
    assert str(HONEST.hidden_suite) in on_disk
    assert "test_a_batch_is_one_step" in record.found_here


@pytest.mark.parametrize("exercise", ATTACKED, ids=lambda exercise: exercise.name)
def test_a_probe_carries_no_test(record: Record, exercise: Exercise) -> None:
    """What crosses into the guest names no test of its suite, and nothing of the judge."""
    probes, tests = record.probes[exercise.name], record.tests[exercise.name]
    secrets = [b"grader.judge", *(name.encode() for name in tests)]

    assert probes
    assert len(tests) >= 8
    assert not [probe for probe in probes for secret in secrets if secret in probe]
