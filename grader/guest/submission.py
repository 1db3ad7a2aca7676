"""The submission as the guest holds it: its loaded module, and the answers it gives."""

from __future__ import annotations

import functools
import importlib
import pickle
import random
import sys
import types
from contextlib import ExitStack, contextmanager, suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import torch

from grader.guest.crossing.kinds import with_article
from grader.guest.crossing.values import REQUEST, Value, pack, unpack
from grader.guest.crossing.wire import (
    Absent,
    Call,
    Load,
    Loaded,
    Look,
    Parse,
    Parsed,
    Probe,
    Proceed,
    Raised,
    Rejected,
    Reply,
    Request,
    Returned,
    Unreadable,
)
from grader.guest.loading.apart import first_part, kept_apart
from grader.guest.loading.imports import SKIPPED
from grader.guest.loading.journal import JOURNAL
from grader.guest.loading.notebooks import PartialRun
from grader.guest.loading.progress_bars import quiet_progress_bars
from grader.guest.loading.saved_cells import saved_cells, saved_files
from grader.guest.loading.sources import Source, UnreadableSourceError, read_files, read_source
from grader.guest.loading.standins import stand_ins
from grader.guest.loading.switches import AS_IMPORTED, throw
from grader.guest.modules import Modules, is_code, modules_of
from grader.guest.prints import prints
from grader.guest.probing import RecognisedError, RejectedError
from grader.guest.questions import nobody_answers
from grader.guest.rails import rail
from grader.guest.raised import describe
from grader.guest.running import CellRunner, registered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.guest.loading.sources import Cell
    from grader.guest.process.limits import GuestLimits

__all__ = ["Guest", "StudentModule"]

MAX_MESSAGE = 400  # characters of an exception's text
MAX_NOTES = 20
SEVERAL = "one of the exercise's own files"  # where an exercise has more than one


class AbsentError(Exception):
    """The module has no such function, or something else of that name (`kind`)."""

    def __init__(self, name: str, kind: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.kind = kind


class StudentModule:
    """The student's module as a probe sees it.

    Attributes are the module's functions, and whatever else can be called. Items are all that its
    names stand for: `student["optimizer"]` is what a notebook has left.
    """

    def __init__(self, module: types.ModuleType) -> None:
        self._module = module
        self._came = ""

    def __getattr__(self, name: str) -> Any:
        function = self[name]
        if not callable(function):
            raise AbsentError(name, type(function).__name__)
        return self._noting(name, function) if type(function) is types.FunctionType else function

    def _noting(self, name: str, function: types.FunctionType) -> Callable[..., object]:
        """Return a function that does the same, and notes what kind of thing it gave."""

        @functools.wraps(function)
        def noting(*args: object, **named: object) -> object:
            came = function(*args, **named)
            self._came = f"`{name}` returned {kind_of(came)}"
            return came

        return noting

    def __getitem__(self, name: str) -> Any:
        try:
            return vars(self._module)[name]
        except KeyError:
            raise AbsentError(name) from None


class Guest:
    """Answers the judge's requests, one at a time.

    It runs in the sandbox's child, and in the student's own process for `check`.
    """

    def __init__(self, limits: GuestLimits | None = None) -> None:
        self._limits = limits
        self._source = Source("", (), notebook=False)
        self._module = types.ModuleType("nothing_loaded")
        self._device = "cpu"
        self._rail: tuple[tuple[str, ...], str] = ((), "")
        self._name = ""  # what the module is known as; empty where the code is loaded elsewhere
        self._modules = Modules()
        self._notebook = PartialRun((), self._module, lambda _: None)

    def adopt(
        self,
        exercise: str,
        source: Source,
        names: dict[str, object],
        switched_off: tuple[str, ...] = (),
        instead: str = "",
    ) -> None:
        """Answer for code that is loaded already: a notebook's, in the student's own kernel.

        Args:
            exercise: its name.
            source: where its functions come from, for messages.
            names: what it has defined.
            switched_off: ready-made functions that can't be called while the code runs.
            instead: a sentence about what is open in their place.
        """
        self._rail, self._source = (switched_off, instead), source
        self._module = types.ModuleType(exercise)
        vars(self._module).update(names)

    def handle(self, request: Request) -> Reply:
        """Answer one request; whatever the student's code does, a reply comes out of it.

        Torch's switches are as they were imported, before and after.
        """
        try:
            return self._reply(request)
        finally:
            with suppress(Exception):  # torch may be patched by then
                throw(AS_IMPORTED)

    def _reply(self, request: Request) -> Reply:
        try:
            return self._answer(request)
        except UnreadableSourceError as error:
            return self._unreadable(request, error)
        except RejectedError as error:
            return Rejected(str(error)[:MAX_MESSAGE], error.mistake)
        except RecognisedError as error:
            return msgspec.structs.replace(
                describe(error.__cause__ or error, self._source, self._limits),
                mistake=error.mistake,
            )
        except AbsentError as error:
            return self._absent(error.name, error.kind)
        except BaseException as error:  # noqa: BLE001 - SystemExit and the like are the student's too
            return describe(error, self._source, self._limits)

    def _answer(self, request: Request) -> Reply:
        throw(AS_IMPORTED)
        match request:
            case Parse():
                source = read(request)
                cells = saved_cells(request.content, source) if request.notebook else ()
                cells = saved_files(source) if request.parts else cells
                return Parsed(source.text, source.notes[:MAX_NOTES], cells)
            case Load():
                return self._load(request)
            case Proceed():
                return self._proceed(request)
            case Call():
                return self._call(request)
            case Look():
                return Returned(pack(StudentModule(self._module)[request.name]))
            case Probe():
                return self._probe(request)

    def _load(self, request: Load) -> Loaded:
        self._source = read(request)
        self._device = request.device
        self._rail = (request.switched_off, request.instead)
        self._name = "__main__" if request.notebook else request.entry or request.exercise
        self._module = types.ModuleType(self._name)
        if not request.notebook:
            self._module.__file__ = request.file_name
        seed_everything(0, self._device)
        quiet_progress_bars()
        JOURNAL.clear()
        self._modules = modules_of(request, self._source, self._limits)
        named = SEVERAL if request.parts else request.file_name
        SKIPPED.begin(named, request.beside, self._source, self._modules.names)
        if request.parts:
            return self._load_entry()
        runner = CellRunner(self._source, self._limits, self._modules.own)
        if request.stepwise:
            self._notebook = self._in_parts(runner)
            return Loaded(self._source.notes[:MAX_NOTES])
        with self._turn(self._module):
            notes = runner.run_all(vars(self._module))
        return Loaded(tuple(notes[:MAX_NOTES]))

    def _load_entry(self) -> Loaded:
        """Import the module of several that is the exercise's."""
        with self._turn(self._module):
            self._module = importlib.import_module(self._name)
        return Loaded((*self._source.notes, *JOURNAL.notes)[:MAX_NOTES])

    def _in_parts(self, runner: CellRunner) -> PartialRun:
        """Prepare to run the loaded notebook in parts."""

        def run(cell: Cell) -> Raised | None:
            with self._turn(module):
                return runner.run(cell, vars(module))

        module = self._module
        runner.provide_jupyter(vars(module))
        return PartialRun(self._source.cells, module, run)

    @contextmanager
    def _turn(self, module: types.ModuleType) -> Iterator[None]:
        """Have everything as the student's code expects it while it runs in a module."""
        with ExitStack() as stack:
            stack.enter_context(rail(*self._rail))
            stack.enter_context(nobody_answers())
            stack.enter_context(kept_apart({"__main__", first_part(module.__name__)}))
            if self._name:
                stack.enter_context(stand_ins())
                stack.enter_context(registered(self._name, module))
            if self._modules.own:
                stack.enter_context(self._modules)
            yield

    def _proceed(self, request: Proceed) -> Loaded:
        part = self._notebook.up_to(request.cell, request.time_s)
        self._module = part.module
        notes = tuple(JOURNAL.notes[:MAX_NOTES])
        return Loaded(notes, part.end.raised, part.end.unwritten)

    def _call(self, request: Call) -> Reply:
        function = getattr(StudentModule(self._module), request.function)
        first = len(request.args) - len(request.names)

        def call(*args: object) -> object:
            return function(*args[:first], **dict(zip(request.names, args[first:], strict=True)))

        return self._run(call if request.names else function, request.args, request.seed)

    def _probe(self, request: Probe) -> Reply:
        probe = pickle.loads(request.code)  # noqa: S301 - the judge sent it; the guest may run it
        student = StudentModule(self._module)
        try:
            return self._run(lambda *args: probe(student, *args), request.args, request.seed)
        except (RejectedError, RecognisedError, AbsentError):
            raise
        except BaseException as error:  # noqa: BLE001 - as everywhere
            raised = describe(error, self._source, self._limits)
            came = "" if raised.line else vars(student)["_came"]  # it was not the student's code
            return msgspec.structs.replace(raised, came=came)

    def _run(self, function: Callable[..., object], sent: tuple[Value, ...], seed: int) -> Returned:
        args = [unpack(value, self._device, REQUEST) for value in sent]
        seed_everything(seed, self._device)
        with self._turn(self._module), prints() as printed:
            answer = function(*args)
        value = pack(answer)
        changed = [
            place
            for place, (before, arg) in enumerate(zip(sent, args, strict=True))
            if isinstance(arg, torch.Tensor | np.ndarray) and pack(arg, REQUEST) != before
        ]
        return Returned(value, tuple(changed), printed.any)

    def _unreadable(self, request: Request, error: UnreadableSourceError) -> Unreadable:
        if error.cell is None:
            return Unreadable(f"{place_in(request, error.line)}: {error.reason}", error.line)
        where = f"{error.cell.label}:{error.line}" if error.line else error.cell.label
        shown = any(cell.label == error.cell.label for cell in self._source.cells)
        line = error.cell.first_line + error.line if shown and error.line else 0
        return Unreadable(f"{where}: {error.reason}", line)

    def _absent(self, name: str, kind: str) -> Absent:
        namespace: dict[Any, object] = vars(self._module)  # code can put keys of any type there
        own = {
            key.replace("_", "").casefold(): key
            for key, value in namespace.items()
            if isinstance(key, str) and key[:1] != "_" and callable(value) and not is_torchs(value)
        }
        similar = get_close_matches(name.replace("_", "").casefold(), own, n=1)
        return Absent(name, own[similar[0]] if similar else "", kind)


def read(request: Parse | Load) -> Source:
    """Read the file that a request carries, or the modules of several."""
    if request.parts:
        return read_files((part.name, part.content) for part in request.parts if is_code(part.name))
    return read_source(request.file_name, request.content, notebook=request.notebook)


def is_torchs(value: object) -> bool:
    """Whether a function or class was imported from torch: nobody has misspelt its name."""
    try:
        return str(getattr(value, "__module__", "")).partition(".")[0] == "torch"
    except Exception:  # noqa: BLE001 - an object of theirs may answer anything
        return False


def place_in(request: Request, line: int) -> str:
    """Name the file that a request carries, and a line of it if one is meant."""
    name = request.file_name if isinstance(request, Parse | Load) else "the file"
    return f"{name}:{line}" if line else name


def kind_of(value: object) -> str:
    """Say what kind of thing a function gave: None, or its type and shape."""
    if value is None:
        return "None"
    kind = with_article(type(value).__name__)
    if isinstance(value, torch.Tensor | np.ndarray):
        return f"{kind} of shape {tuple(value.shape)}"
    return kind


def seed_everything(seed: int, device: str) -> None:
    """Seed Python's, NumPy's and torch's generators."""
    random.seed(seed)
    if device == "cpu":  # torch.manual_seed would note where it was called, for a GPU's sake
        torch.default_generator.manual_seed(seed)
    else:
        torch.manual_seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)
