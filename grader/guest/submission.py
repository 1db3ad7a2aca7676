"""The submission as the guest holds it: its loaded module, and the answers it gives."""

from __future__ import annotations

import dis
import linecache
import pickle
import random
import sys
import types
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import msgspec
import torch

from grader.guest.causes import cause_of
from grader.guest.journal import JOURNAL
from grader.guest.notebooks import PartialRun
from grader.guest.probing import RecognisedError, RejectedError
from grader.guest.rails import rail
from grader.guest.saved_cells import saved_cells
from grader.guest.sources import Cell, Source, UnreadableSourceError, read_source
from grader.guest.standins import stand_ins
from grader.guest.wire import (
    Absent,
    Call,
    Load,
    Loaded,
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
    Value,
    pack,
    unpack,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

__all__ = ["Guest", "StudentModule"]

MAX_MESSAGE = 400  # characters of an exception's text
MAX_NOTES = 20


class AbsentError(Exception):
    """The module has no such function."""


class StudentModule:
    """The student's module as a probe sees it: attributes are the module's functions."""

    def __init__(self, module: types.ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        try:
            return vars(self._module)[name]
        except KeyError:
            raise AbsentError(name) from None


class Guest:
    """Answers the judge's requests, one at a time.

    It runs in the sandbox's child, and in the student's own process for `check`.
    """

    def __init__(self) -> None:
        self._source = Source("", (), notebook=False)
        self._module = types.ModuleType("nothing_loaded")
        self._device = "cpu"
        self._exercise = ""
        self._notebook = PartialRun((), self._module, lambda _: None)

    def handle(self, request: Request) -> Reply:
        """Answer one request; whatever the student's code does, a reply comes out of it."""
        try:
            return self._answer(request)
        except UnreadableSourceError as error:
            return Unreadable(f"{place_in(request, error.line)}: {error.reason}", error.line)
        except RejectedError as error:
            return Rejected(str(error)[:MAX_MESSAGE], error.mistake)
        except RecognisedError as error:
            return msgspec.structs.replace(
                describe(error.__cause__ or error, self._source), mistake=error.mistake
            )
        except AbsentError as error:
            return self._absent(str(error))
        except BaseException as error:  # noqa: BLE001 - SystemExit and the like are the student's too
            return describe(error, self._source)

    def _answer(self, request: Request) -> Reply:
        restore_torch_defaults()
        match request:
            case Parse():
                source = read_source(request.file_name, request.content, notebook=request.notebook)
                cells = saved_cells(request.content, source) if request.notebook else ()
                return Parsed(source.text, source.notes[:MAX_NOTES], cells)
            case Load():
                return self._load(request)
            case Proceed():
                return self._proceed(request)
            case Call():
                return self._call(request)
            case Probe():
                return self._probe(request)

    def _load(self, request: Load) -> Loaded:
        self._source = read_source(request.file_name, request.content, notebook=request.notebook)
        self._device = request.device
        self._exercise = request.exercise
        self._module = types.ModuleType(request.exercise)
        self._module.__file__ = request.file_name
        sys.modules[request.exercise] = self._module
        seed_everything(0, self._device)
        JOURNAL.clear()
        if request.stepwise:
            self._notebook = self._in_parts()
            return Loaded(self._source.notes[:MAX_NOTES])
        with rail(request.exercise):
            notes = run_cells(self._source, vars(self._module))
        return Loaded(tuple(notes[:MAX_NOTES]))

    def _in_parts(self) -> PartialRun:
        """Prepare to run the loaded notebook in parts."""

        def run(cell: Cell) -> Raised | None:
            return try_cell(cell, self._source, vars(module))

        module = self._module
        vars(module).update(get_ipython=_NoShell, display=_NoShell().display)
        return PartialRun(self._source.cells, module, run)

    def _proceed(self, request: Proceed) -> Loaded:
        part = self._notebook.up_to(request.cell, request.time_s)
        self._module = part.module
        return Loaded(tuple(JOURNAL.notes[:MAX_NOTES]), part.failed)

    def _call(self, request: Call) -> Reply:
        function = getattr(StudentModule(self._module), request.function)
        if not callable(function):
            return self._absent(request.function)
        return self._run(function, request.args, request.seed)

    def _probe(self, request: Probe) -> Reply:
        probe = pickle.loads(request.code)  # noqa: S301 - the judge sent it; the guest may run it
        student = StudentModule(self._module)
        return self._run(lambda *args: probe(student, *args), request.args, request.seed)

    def _run(self, function: Callable[..., object], sent: tuple[Value, ...], seed: int) -> Returned:
        args = [unpack(value, self._device) for value in sent]
        seed_everything(seed, self._device)
        with rail(self._exercise):
            answer = function(*args)
        value = pack(answer)
        changed = [
            place
            for place, (before, arg) in enumerate(zip(sent, args, strict=True))
            if isinstance(arg, torch.Tensor) and pack(arg) != before
        ]
        return Returned(value, tuple(changed))

    def _absent(self, name: str) -> Absent:
        namespace: dict[Any, object] = vars(self._module)  # code can put keys of any type there
        functions = [
            key
            for key, value in namespace.items()
            if isinstance(key, str) and key[:1] != "_" and callable(value)
        ]
        similar = get_close_matches(name, functions, n=1)
        return Absent(name, similar[0] if similar else "")


def place_in(request: Request, line: int) -> str:
    """Name the file that a request carries, and a line of it if one is meant."""
    name = request.file_name if isinstance(request, Parse | Load) else "the file"
    return f"{name}:{line}" if line else name


def restore_torch_defaults() -> None:
    """Undo what one exercise's code may have switched for all of torch."""
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)


def seed_everything(seed: int, device: str) -> None:
    """Seed Python's, NumPy's and torch's generators."""
    random.seed(seed)
    if device == "cpu":  # torch.manual_seed would note where it was called, for a GPU's sake
        torch.default_generator.manual_seed(seed)
    else:
        torch.manual_seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)


def run_cells(source: Source, namespace: dict[str, object]) -> list[str]:
    """Run a module, or a notebook cell by cell; return what is to be noted.

    In a notebook a cell that fails does not keep the next from running.
    """
    namespace["get_ipython"] = _NoShell
    for cell in source.cells:
        try_cell(cell, source, namespace)
    return [*source.notes, *JOURNAL.notes]


def try_cell(cell: Cell, source: Source, namespace: dict[str, object]) -> Raised | None:
    """Run a cell; note and return what it raised, unless that is a module's and goes on."""
    try:
        with stand_ins():
            run_cell(cell, namespace)
    except SystemExit:
        JOURNAL.note(f"{cell.label}: exit() was called; what was defined before it counts.")
    except BaseException as error:
        if not source.notebook:
            raise
        raised = msgspec.structs.replace(describe(error, source), mistake=cause_of(error))
        place = raised.where or cell.label
        JOURNAL.note(f"{place}: {raised.type_name}: {raised.message}"[:300])
        return raised
    return None


class _NoShell:
    """Stands in for IPython's shell in a notebook that was saved as a script."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args, **kwargs: None  # noqa: ARG005 - magics are set aside


def run_cell(cell: Cell, namespace: dict[str, object]) -> None:
    """Compile and run one piece of source under its label."""
    lines = [f"{line}\n" for line in cell.text.split("\n")]
    linecache.cache[cell.label] = (len(cell.text), None, lines, cell.label)
    exec(compile(cell.text, cell.label, "exec", dont_inherit=True), namespace)  # noqa: S102 - our trade


def describe(error: BaseException, source: Source) -> Raised:
    """Describe an exception by the last place in the student's own code that it came through."""
    try:
        return _described(error, source)
    except BaseException:  # noqa: BLE001 - whatever an exception carries may be hostile
        return Raised("an exception that can't be described", "")


def _described(error: BaseException, source: Source) -> Raised:
    message = _message(error)
    place = student_place(error, {cell.label: cell for cell in source.cells})
    where, line, code = _locate(place, source)
    return Raised(
        type_name=type(error).__name__[:100],
        message=message[:MAX_MESSAGE],
        where=where,
        line=line,
        code=code,
        not_started=isinstance(error, NotImplementedError) and _raised_here(error, place),
        out_of_memory=is_out_of_memory(error, message),
    )


def _message(error: BaseException) -> str:
    try:
        return str(error.msg if isinstance(error, SyntaxError) else error)
    except BaseException:  # noqa: BLE001 - the student's own class may not be able to say
        return ""


def student_place(error: BaseException, cells: dict[str, Cell]) -> tuple[Cell, int] | None:
    """Return the innermost cell and line of the student's that an exception came through."""
    if isinstance(error, SyntaxError) and error.filename in cells:
        return cells[error.filename], error.lineno or 1
    place: tuple[Cell, int] | None = None
    step: TracebackType | None = error.__traceback__
    while step is not None:
        cell = cells.get(step.tb_frame.f_code.co_filename)
        if cell is not None:
            place = cell, step.tb_lineno
        step = step.tb_next
    return place


def _locate(place: tuple[Cell, int] | None, source: Source) -> tuple[str, int, str]:
    if place is None:
        return "", 0, ""
    cell, line = place
    where = f"{cell.label}, line {line}" if source.notebook else f"{cell.label}:{line}"
    lines = cell.text.split("\n")
    code = lines[line - 1].strip()[:200] if 0 < line <= len(lines) else ""
    return where, cell.first_line + line, code


def _raised_here(error: BaseException, place: tuple[Cell, int] | None) -> bool:
    """Whether a `raise` of the student's own made it; torch raises NotImplementedError too."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    if step is None or place is None:
        return False
    code = step.tb_frame.f_code
    instruction = dis.opname[code.co_code[step.tb_lasti]]
    return code.co_filename == place[0].label and instruction == "RAISE_VARARGS"


def is_out_of_memory(error: BaseException, message: str) -> bool:
    """Whether the memory limit raised this; torch's allocator raises a RuntimeError on the CPU."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and "DefaultCPUAllocator" in message
