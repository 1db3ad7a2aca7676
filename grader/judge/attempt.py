"""One exercise of one submission in the sandbox, as its tests need it."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.asking.refusals import ask_in_words, refusal
from grader.errors import StudentTimeout, SubmissionError
from grader.guest.crossing.wire import Loaded, Proceed, Reply, Request
from grader.judge.cells import CellEnd, cell_end, run_through
from grader.judge.loading.requests import load_of
from grader.sandbox.failures import GuestDiedError, GuestGarbledError, GuestTimeoutError
from grader.text.words import discreet, readable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Self

    from grader.asking.discretion import Discretion
    from grader.asking.refusals import Channel
    from grader.courses import Exercise
    from grader.sandbox.sandbox import Sandbox
    from grader.sandbox.session import Session
    from grader.submissions import File

__all__ = ["ExerciseGuest", "LostAttempt", "SandboxAttempt"]

SOFT = 0.9  # of its time a cell is stopped after, before the judge ends its process
MAX_NOTES, MAX_NOTE = 20, 300  # what a guest may add to a report: sentences, characters of each


class ExerciseGuest:
    """The child of one exercise; after a crash or a timeout the next question gets a new one.

    No other exercise of the submission comes to the same child: nothing of one is seen in another.
    """

    def __init__(self, sandbox: Sandbox, exercise: Exercise) -> None:
        self.limits = sandbox.limits.of(exercise.limits)
        self._sandbox = sandbox
        self._session: Session | None = None
        self._printed = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def session(self) -> Session:
        """Return the running child, or a new one."""
        if self._session is None:
            self._session = self._sandbox.open(self.limits)
        return self._session

    def is_running(self, session: Session | None) -> bool:
        """Whether a child is still the one that is asked."""
        return session is not None and session is self._session

    def ask(self, request: Request, time_s: float) -> Reply:
        """Ask the child; one that fails to answer is thrown away.

        Raises:
            GuestTimeoutError, GuestDiedError, GuestGarbledError: see `Session.ask`.
        """
        try:
            return self.session().ask(request, time_s)
        except (GuestTimeoutError, GuestDiedError, GuestGarbledError):
            self._end()
            raise

    def take_printed(self) -> str:
        """Return what was printed since the last time, and forget it.

        Its end says so where it was cut at the limit.
        """
        if self._session is not None:
            self._printed += self._session.take_printed()
        limit = self.limits.output_bytes
        printed, self._printed = self._printed, b""
        cut = f"\n[cut: more than {limit // 1024} KB were printed]" if len(printed) >= limit else ""
        return printed[:limit].decode("utf-8", "replace") + cut

    def _end(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            self._printed += session.take_printed()
            session.end()


class SandboxAttempt:
    """A file in the sandbox: loaded when it is first needed, and again in every new child.

    Attributes:
        notes: sentences of the guest's for the report.
        printed: what the file printed while it was loaded, before it was asked with hidden inputs.
    """

    def __init__(
        self,
        guest: ExerciseGuest,
        exercise: Exercise,
        file: File,
        device: str,
        discretion: Discretion,
        used: Sequence[File] = (),
    ) -> None:
        self.device = device
        self.discretion: Discretion = discretion
        self.notes: tuple[str, ...] = ()
        self.printed = ""
        self.cell_error: SubmissionError | None = None
        self._guest = guest
        self._cells = exercise.cells
        self._load = load_of(exercise, file, used, device)
        self._session: Session | None = None
        self._heard: set[str] = set()
        self._lost: dict[str, SubmissionError] = {}
        self._limits = guest.limits
        self._limit_s = self._limits.call_s
        self._left_s = self._limits.exercise_s

    def channel(self, cell: str = "") -> Channel:
        """Return what answers for the loaded file.

        Raises:
            SubmissionError: it could not be loaded, or not run up to the cell.
        """
        if not self._guest.is_running(self._session):
            self._load_file()
        self.cell_error = run_through(cell, self._cells, self._proceed)
        return self

    def _load_file(self) -> None:
        session = self._guest.session()
        call = f"`import {self._load.file_name}`"
        reply = self._ask_to_load(self._load, call, part="")
        if not isinstance(reply, Loaded):
            self._lost[""] = refusal(reply, call)
            raise self._lost[""]
        self._session = session

    def _proceed(self, cell: str) -> CellEnd:
        call = f"Running {self._load.file_name} up to the cell `{cell}`"
        time_s = SOFT * max(0.1, min(self._limits.load_s, self._left_s))
        reply = self._ask_to_load(Proceed(cell, time_s), call, part=cell)
        return cell_end(reply, self._cells.index(cell) + 1 if cell else 0)

    def finish(self) -> None:
        """Run what comes after the last answer cell, for what the report says of it."""
        if self._cells and not self._lost and self._guest.is_running(self._session):
            with suppress(SubmissionError):  # nobody is judged by it
                self._proceed("")

    def _ask_to_load(self, request: Request, call: str, part: str) -> Reply:
        """Ask for a part to be loaded, in the time that there is for that, and not once more."""
        if part in self._lost:
            raise self._lost[part]
        limit_s, self._limit_s = self._limit_s, self._limits.load_s
        self._guest.take_printed()  # what was printed by calls may be their arguments
        try:
            reply = ask_in_words(self, request, call)
        except SubmissionError as error:
            self._lost[part] = error
            raise
        finally:
            self._limit_s = min(limit_s, self._limit_s)
        reply = self._news_in(reply)
        if self.discretion.exposed:
            reply = self.discretion.reply(reply)
        else:
            self.printed += self._guest.take_printed()
        if isinstance(reply, Loaded):
            self._add_notes(reply.notes)
        return reply

    def _news_in(self, reply: Reply) -> Reply:
        """Leave out the notes that came before: a notebook's are told again after each part."""
        if not isinstance(reply, Loaded):
            return reply
        news = tuple(each for each in reply.notes if each not in self._heard)
        self._heard.update(news)
        return replace(reply, notes=news)

    def _add_notes(self, notes: tuple[str, ...]) -> None:
        fit = (discreet(readable(note, MAX_NOTE)) for note in notes)
        every = dict.fromkeys([*self.notes, *fit])
        self.notes = tuple(every)[:MAX_NOTES]

    def ask(self, request: Request) -> Reply:
        """Answer a request, within what is left of the exercise's time.

        Raises:
            StudentTimeout: the exercise's time is used up.
            GuestTimeoutError, GuestDiedError, GuestGarbledError: see `Session.ask`.
        """
        if self._left_s <= 0:
            used = self._limits.exercise_s
            raise StudentTimeout(f"Not run: earlier tests used up this exercise's {used:.3g} s.")
        start, limit_s = time.monotonic(), min(self._limit_s, self._left_s)
        try:
            return self._guest.ask(request, limit_s)
        except GuestTimeoutError:
            self._limit_s = self._limits.call_after_timeout_s
            raise
        finally:
            self._left_s -= min(time.monotonic() - start, limit_s)


class LostAttempt:
    """Nothing to ask: no file, or one that can't be read."""

    device = "cpu"
    cell_error: SubmissionError | None = None
    discretion: Discretion | None = None

    def __init__(self, error: SubmissionError) -> None:
        self._error = error

    def channel(self, cell: str = "") -> Channel:
        """Raise why there is nothing to ask."""
        del cell
        raise self._error
