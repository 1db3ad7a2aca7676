"""The pytest plugin that turns hidden suites into verdicts.

Suites are collected once; `SuiteRunner.run` then runs the tests of an exercise for one attempt, as
often as there are submissions. A test's outcome is decided here alone, from what its phases raised
and from whether an expectation was met: a test that compared nothing has not passed.
"""

from __future__ import annotations

import os
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, cast

import pytest

from grader.asking.student import Conversation, Student
from grader.courses import PACKAGE, Exercise
from grader.courses.code.shared_modules import KIT, shared_modules
from grader.courses.mistakes import known_mistakes
from grader.errors import (
    InfrastructureError,
    MissingWork,
    NotStarted,
    StudentCrash,
    StudentTimeout,
    SubmissionError,
    UnreadableFile,
    WrongAnswer,
)
from grader.judge.asserting import Rewriting, rewritten, verdict_of
from grader.judge.collecting import Suites, is_public
from grader.results.message import Message
from grader.results.verdicts import TestResult, Verdict
from grader.sandbox.failures import GuestDiedError
from grader.text.words import discreet, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping
    from pathlib import Path

    from grader.asking.discretion import Discretion
    from grader.asking.refusals import Channel
    from grader.courses.declared.table import Mistake

__all__ = ["Attempt", "Outcome", "Ran", "SuiteRunner", "run_suites"]

PARTS = re.compile(r"[A-Z][a-z]+")  # of `TypeError`
MAX_MESSAGE = 4_000  # characters; a guest's own words in it may have any length
VERDICTS: dict[type[SubmissionError], Verdict] = {
    WrongAnswer: Verdict.WRONG,
    NotStarted: Verdict.NOT_STARTED,
    StudentCrash: Verdict.CRASHED,
    StudentTimeout: Verdict.TIMED_OUT,
    MissingWork: Verdict.MISSING,
    UnreadableFile: Verdict.UNREADABLE,
}


class Attempt(Protocol):
    """One exercise of one submission, as its tests need it."""

    device: str
    cell_error: SubmissionError | None

    @property
    def discretion(self) -> Discretion | None:
        """What a hidden test repeats of the submission's own words; None where all of them."""

    def channel(self, cell: str = "") -> Channel:
        """Return what answers for the loaded file.

        Args:
            cell: the answer cell of a notebook whose names are to be judged, as it left them.
                `cell_error` then is what it raised, or None.

        Raises:
            SubmissionError: it could not be loaded; every test then has that verdict.
        """


@dataclass(frozen=True)
class Ran:
    """What one test gave, and where in the student's code to look.

    Attributes:
        line: the line that its error names, 0 for none.
        cell: the answer cell that it is about, empty for none.
    """

    result: TestResult
    line: int
    cell: str


@dataclass(frozen=True)
class Outcome:
    """What the tests of one attempt gave.

    Attributes:
        lines: lines of the student's code that errors have named.
    """

    results: tuple[TestResult, ...]
    lines: frozenset[int]


class SuiteRunner:
    """Runs collected tests for one attempt after another.

    Attributes:
        suites: what was collected.
    """

    def __init__(self, serve: Callable[[SuiteRunner], None], suites: Suites) -> None:
        self._serve = serve
        self.suites = suites
        self._attempt: Attempt | None = None
        self._conversation: Conversation | None = None
        self._error: BaseException | None = None
        self._called = False
        self._reference = False
        self._mistakes: Mapping[str, Mistake] = {}
        self.collected = False
        self.failure: BaseException | None = None

    def run(
        self, exercise: Exercise, attempt: Attempt, *, public: bool, reference: bool = False
    ) -> Outcome:
        """Run the hidden tests or the public checks of an exercise; one result a test.

        What the reference solution gets wrong is a fault of the suite's.
        """
        self._reference = reference
        every = list(self.run_each(exercise, attempt, public=public))
        lines = frozenset(ran.line for ran in every)
        return Outcome(tuple(ran.result for ran in every), lines - {0})

    def run_each(
        self,
        exercise: Exercise,
        attempt: Attempt,
        *,
        public: bool,
        only: Container[str] | None = None,
    ) -> Iterator[Ran]:
        """Run them one by one, as they are asked for; all of them must be.

        Args:
            exercise: whose tests they are.
            attempt: what they ask.
            public: whether they are the public checks.
            only: the names of those to run; None for all.

        Raises:
            InfrastructureError: the suite is missing or broken.
        """
        self.suites.require(exercise, public=public)
        self._attempt, self._mistakes = attempt, known_mistakes(exercise)
        every = self.suites.tests_of(exercise, public=public)
        items = [item for item in every if only is None or item.name in only]
        for item, following in zip(items, [*items[1:], None], strict=False):
            result = self._run_item(item, following)
            line = self._error.line if isinstance(self._error, SubmissionError) else 0
            yield Ran(result, line, answer_cell_of(item))

    def _run_item(self, item: pytest.Item, following: pytest.Item | None) -> TestResult:
        self._conversation, self._error, self._called = None, None, False
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        self._error = self._explained(self._error)
        return self._result(item)

    def _explained(self, error: BaseException | None) -> BaseException | None:
        """Return what an assert has found, and what the judged cell raised in a lack's place."""
        error = verdict_of(error, self._conversation) if error else None
        cell_error = self._attempt.cell_error if self._attempt else None
        return cell_error if cell_error and isinstance(error, WrongAnswer | MissingWork) else error

    def _result(self, item: pytest.Item) -> TestResult:
        verdict, message = self._verdict()
        maximum = points_of(item)
        mistake = self._error.mistake if isinstance(self._error, SubmissionError) else None
        known = self._mistakes.get(mistake) if mistake else None  # a guest may claim anything
        return TestResult(
            name=item.name,
            title=title_of(item),
            public=is_public(item),
            verdict=verdict,
            score=round(maximum * self._share(verdict), 6),
            max_score=maximum,
            message=_fit(message, public=is_public(item)),
            mistake=known.slug if known else None,
            raised="" if known else self._unwritten(item) or self._kind_of_crash(),
            fingerprint=self._fingerprint() if verdict is Verdict.WRONG and not known else "",
            pictures=self._conversation.pictures if self._conversation else (),
        )

    def _fingerprint(self) -> str:
        return self._error.fingerprint if isinstance(self._error, WrongAnswer) else ""

    def _unwritten(self, item: pytest.Item) -> str:
        """Return which function or answer cell is not started, if that is what was found."""
        error = self._error
        if not isinstance(error, NotStarted) or self._reference:
            return ""
        return error.part or answer_cell_of(item)

    def _kind_of_crash(self) -> str:
        """Return what the hint is called that fits an exception of which nothing else is known."""
        error = self._error
        if not isinstance(error, StudentCrash) or self._reference:
            return ""
        if isinstance(error.__cause__, GuestDiedError):
            return "process-ended"
        kinds = ("-".join(PARTS.findall(kind)).lower() for kind in error.kinds)
        fit = (kind for kind in kinds if kind.endswith("-error") and kind in self._mistakes)
        return next(fit, "any-exception")

    def _verdict(self) -> tuple[Verdict, Message]:
        error = self._error
        if isinstance(error, SubmissionError) and not self._reference:
            return VERDICTS[type(error)], Message.of(error.message)
        if error is not None:
            return Verdict.GRADER_FAULT, Message(f"{type(error).__name__}: {error}")
        if not self._called or not self._conversation or not self._conversation.verified:
            return Verdict.GRADER_FAULT, Message("the test ended without comparing anything")
        if self._conversation.share < 1:
            return Verdict.WRONG, self._conversation.shortfall
        return Verdict.PASSED, Message()

    def _share(self, verdict: Verdict) -> float:
        """Return which share of its points a test is worth: all, none, or as far as it got."""
        if verdict is Verdict.WRONG and self._error is None and self._conversation:
            return self._conversation.share
        return float(verdict is Verdict.PASSED)

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest) -> Student:
        """The submission that is being graded."""
        attempt = self._attempt
        if attempt is None:
            raise RuntimeError("no submission is being graded")
        seed = zlib.crc32(request.node.name.encode())
        public = is_public(request.node)
        channel = attempt.channel(answer_cell_of(request.node))
        self._conversation = Conversation(
            channel,
            reveals=public,
            seed=seed,
            device=attempt.device,
            discretion=attempt.discretion,
        )
        return Student(self._conversation)

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the markers of tests, and what else than suites has asserts of theirs."""
        config.option.verbose = 0  # asked for where the terminal's plugin, which defines it, is off
        pytest.register_assert_rewrite(KIT)
        config.addinivalue_line("markers", "points(value): what a hidden test is worth")
        config.addinivalue_line("markers", "after(cell): the answer cell that it is about")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Hand the session over to whoever has attempts to grade."""
        self.collected = True
        try:
            self._serve(self)
        except BaseException as error:  # noqa: BLE001 - raised again outside of pytest
            self.failure = error
        del session
        return True

    def pytest_assertion_pass(self, item: pytest.Item, lineno: int, orig: str, expl: str) -> None:
        """Count an assert that holds, once an answer was read."""
        if self._conversation and self._conversation.read:
            self._conversation.verified += 1
        del item, lineno, orig, expl

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Keep the first thing that any phase of a test raised, and report whether one did.

        pytest's own report has a traceback, which nobody reads: to make it takes longer than most
        tests.
        """
        if call.excinfo is not None and self._error is None:
            self._error = call.excinfo.value
        self._called = self._called or call.when == "call"
        outcome: Literal["passed", "failed"] = "failed" if call.excinfo else "passed"
        when = cast("Literal['setup', 'call', 'teardown']", call.when)
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, when)


def _fit(message: Message, *, public: bool) -> Message:
    """Cut a message, then make each of its parts fit for a report."""
    short = message.cut(MAX_MESSAGE).changed(lambda part: readable(part, MAX_MESSAGE))
    return short if public else short.changed(discreet)


def answer_cell_of(item: pytest.Item) -> str:
    """Return the answer cell that a test is about, or nothing."""
    marker = item.get_closest_marker("after")
    return str(marker.args[0]) if marker else ""


def points_of(item: pytest.Item) -> float:
    """Return what a test is worth; a public check is worth nothing."""
    marker = item.get_closest_marker("points")
    return float(marker.args[0]) if marker and not is_public(item) else 0.0


def title_of(item: pytest.Item) -> str:
    """Return the student's line: the first of the test's docstring."""
    doc = getattr(getattr(item, "function", None), "__doc__", None) or item.name
    return str(doc).strip().splitlines()[0]


def run_suites(files: Iterable[Path], serve: Callable[[SuiteRunner], None]) -> None:
    """Collect suites in this process and let `serve` run them.

    They are of one course: they find what it shares, and its `conftest.py`, but nothing of the
    folders around it. One that can't be collected raises when its tests are to be run; the others
    do not mind.

    Raises:
        InfrastructureError: nothing could be collected.
        BaseException: whatever `serve` raised.
    """
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    options = ["--import-mode=importlib", "-p", "no:cacheprovider", "-p", "no:terminal"]
    options += ["-p", "no:faulthandler", "-p", "no:threadexception", "-p", "no:unraisableexception"]
    options += ["-p", "no:logging", "-p", "no:assertion", "-s", "--strict-markers"]
    options += ["-c", str(PACKAGE / "judge" / "pytest.ini"), f"--rootdir={PACKAGE}"]
    suites = Suites(files)
    runner = SuiteRunner(serve, suites)
    if not suites.there:  # pytest would collect whatever it finds
        serve(runner)
        return
    (course,) = {file.parents[1] for file in suites.there}
    options.append(f"--confcutdir={course}")
    with rewritten(), shared_modules(course):
        status = pytest.main(
            [*options, *map(str, suites.there)], plugins=[Rewriting(), suites, runner]
        )
    if not runner.collected:
        ended = f"pytest ended with {status!r}"
        raise InfrastructureError(f"the suites could not be collected: {ended}")
    if runner.failure is not None:
        raise runner.failure
