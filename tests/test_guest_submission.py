"""Tests of `grader.guest.submission`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import cloudpickle
import pytest
import torch

from grader.guest.crossing.values import pack, unpack
from grader.guest.crossing.wire import (
    Absent,
    Call,
    Load,
    Loaded,
    Parse,
    Parsed,
    Probe,
    Raised,
    Rejected,
    Reply,
    Returned,
    Unreadable,
)
from grader.guest.loading.switches import AS_IMPORTED, switches
from grader.guest.probing import RecognisedError, RejectedError
from grader.guest.process.child import encode
from grader.guest.process.limits import GuestLimits
from grader.guest.submission import MAX_MESSAGE, MAX_NOTES, Guest

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.guest.submission import StudentModule


def load(guest: Guest, code: str) -> Reply:
    """Load a module with this code."""
    return guest.handle(Load("ex_loaded", "ex.py", code.encode(), False, "cpu"))


def load_cells(guest: Guest, *cells: str) -> Reply:
    """Load a notebook with these code cells."""
    document = {"cells": [{"cell_type": "code", "source": source} for source in cells]}
    content = json.dumps(document).encode()
    return guest.handle(Load("ex_loaded", "ex.ipynb", content, True, "cpu"))


def loaded(code: str) -> Guest:
    """Return a guest that has loaded a module with this code."""
    guest = Guest()
    assert load(guest, code) == Loaded()
    return guest


def call(guest: Guest, *args: object, function: str = "f", seed: int = 0) -> Reply:
    """Call a function of the loaded module."""
    return guest.handle(Call(function, tuple(pack(arg) for arg in args), seed))


def probe(guest: Guest, function: Callable[..., object], *args: object) -> Reply:
    """Run a function beside the loaded module."""
    return guest.handle(Probe(cloudpickle.dumps(function), tuple(pack(arg) for arg in args), 0))


def value(reply: Reply) -> object:
    """Return what a call gave."""
    assert isinstance(reply, Returned), reply
    return unpack(reply.value)


def raised(reply: Reply) -> Raised:
    """Return the exception that came out of a call."""
    assert isinstance(reply, Raised), reply
    return reply


def test_a_call_gives_back_what_the_function_returns() -> None:
    """Arguments go in and the answer comes out as data."""
    assert value(call(loaded("def f(x, y): return [x.sum().item(), y]"), torch.ones(3), "a")) == [
        3.0,
        "a",
    ]


def test_reading_a_file_runs_nothing() -> None:
    """Parse gives text and notes, also where running would fail."""
    guest = Guest()

    reply = guest.handle(Parse("ex.py", b"%magic\n1 / 0\n", False))

    assert reply == Parsed("pass  # %magic\n1 / 0\n", ("ex.py: `%magic` was set aside, not run",))
    assert call(guest) == Absent("f")


def test_a_file_that_is_not_python_is_unreadable_with_its_place() -> None:
    """The reason begins with file and line."""
    reply = load(Guest(), "x = 1\ny = = 2\n")

    assert reply == Unreadable("ex.py:2: SyntaxError: invalid syntax", 2)


def test_a_file_that_fails_at_import_says_where() -> None:
    """A module stops at its first exception."""
    reply = raised(load(Guest(), "import torch\nx = 1 / 0\n"))

    assert (reply.type_name, reply.where, reply.line) == ("ZeroDivisionError", "ex.py:2", 2)


def test_cells_after_one_that_failed_still_run() -> None:
    """Exceptions and syntax errors become notes that name the cell and its line."""
    guest = Guest()

    reply = load_cells(guest, "a = 1\nb = 1 / 0", "c = = 3", "def f(): return a")

    assert isinstance(reply, Loaded)
    assert [note.partition(": ")[0] for note in reply.notes] == [
        "ex.ipynb, cell 1, line 2",
        "ex.ipynb, cell 2, line 1",
    ]
    assert "ZeroDivisionError: division by zero" in reply.notes[0]
    assert "SyntaxError: invalid syntax" in reply.notes[1]
    assert value(call(guest)) == 1


def test_notes_are_bounded() -> None:
    """A notebook of broken cells does not flood the report."""
    reply = load_cells(Guest(), *["raise ValueError('x' * 10_000)"] * (MAX_NOTES + 5))

    assert isinstance(reply, Loaded)
    assert len(reply.notes) == MAX_NOTES
    assert max(map(len, reply.notes)) <= 300


@pytest.mark.parametrize("leave", ["exit()", "quit()", "import sys; sys.exit(3)"])
def test_what_was_defined_before_exit_counts(leave: str) -> None:
    """`exit()` ends the loading of a module, and nothing else."""
    guest = Guest()

    reply = load(guest, f"def f(): return 1\n{leave}\ndef f(): return 2\n")

    assert reply == Loaded(("ex.py: exit() was called; what was defined before it counts.",))
    assert value(call(guest)) == 1


def test_exit_in_a_cell_leaves_the_cells_after_it() -> None:
    """A notebook goes on after it."""
    guest = Guest()

    load_cells(guest, "exit()\ndef f(): return 1", "def g(): return 2")

    assert call(guest) == Absent("f")
    assert value(call(guest, function="g")) == 2


def test_lines_of_a_notebook_saved_as_a_script_are_harmless() -> None:
    """`get_ipython()` is there and does nothing."""
    guest = loaded(
        "get_ipython().run_line_magic('matplotlib', 'inline')\n"
        "get_ipython().system('pip install torch')\n"
        "def f(): return 1\n"
    )

    assert value(call(guest)) == 1


def test_a_doctest_main_block_does_not_run() -> None:
    """The module is imported, not run as a script."""
    guest = loaded("def f(): return __name__\nif __name__ == '__main__': 1 / 0\n")

    assert value(call(guest)) == "ex_loaded"


def test_the_stubs_own_error_is_not_started() -> None:
    """A `raise NotImplementedError` of the file's own counts, also from a function it calls."""
    guest = loaded("def g():\n    raise NotImplementedError\ndef f(): return g()\n")
    reply = raised(call(guest))

    assert reply.not_started
    assert (reply.where, reply.line, reply.code) == ("ex.py:2", 2, "raise NotImplementedError")


def test_a_not_implemented_error_of_torch_is_no_stub() -> None:
    """A module without `forward` raises one inside torch."""
    guest = loaded("import torch\nclass M(torch.nn.Module): pass\ndef f(x):\n    return M()(x)\n")
    reply = raised(call(guest, torch.ones(1)))

    assert reply.type_name == "NotImplementedError"
    assert not reply.not_started
    assert reply.where == "ex.py:4"


def test_an_exception_names_the_last_place_in_the_students_file() -> None:
    """Frames of torch behind it, and of ours before it, are left out."""
    guest = loaded("import torch\n\ndef f(x):\n    return torch.matmul(x,\n        x)\n")
    reply = raised(call(guest, torch.ones(2, 3)))

    assert reply.type_name == "RuntimeError"
    assert "shapes cannot be multiplied" in reply.message
    assert (reply.where, reply.line) == ("ex.py:4", 4)
    assert reply.code == "return torch.matmul(x,"


def test_an_exception_names_cell_and_line_of_a_notebook() -> None:
    """`line` is the one in the text that the report shows."""
    guest, cells = Guest(), ("x = 1", "def f():\n    return 1 / 0")
    load_cells(guest, *cells)
    reply = raised(call(guest))

    assert (reply.where, reply.code) == ("ex.ipynb, cell 2, line 2", "return 1 / 0")
    assert reply.line == 6  # "# cell 1", "x = 1", "", "# cell 2", "def f():", this


def test_wrong_number_of_arguments_names_no_line_of_ours() -> None:
    """The student's function was never entered."""
    reply = raised(call(loaded("def f(x): return x"), 1, 2))

    assert reply.type_name == "TypeError"
    assert (reply.where, reply.line, reply.code) == ("", 0, "")


def test_code_that_is_compiled_later_can_fail_with_its_own_file() -> None:
    """A SyntaxError of `exec` names the line that ran it."""
    reply = raised(call(loaded("def f():\n    exec('x = = 1')\n")))

    assert (reply.type_name, reply.message) == ("SyntaxError", "invalid syntax")
    assert reply.where == "ex.py:2"


@pytest.mark.parametrize(
    "error",
    [
        "class E(Exception):\n def __str__(self): raise SystemExit",
        "class E(RuntimeError):\n def __str__(self): return 1 / 0",
        "class E(SyntaxError):\n def __init__(self): self.filename, self.msg = [], self",
        "class E(SyntaxError):\n def __init__(self): self.filename, self.lineno = 'ex.py', '?'",
        "class M(type):\n __name__ = property(lambda c: 1 / 0)\nclass E(Exception, metaclass=M): 0",
        "class E(BaseException):\n __traceback__ = 3",
        "class E(Exception):\n def __str__(self): return 'x' * 10**6",
    ],
)
def test_a_hostile_exception_is_still_described(error: str) -> None:
    """Whatever the student's code raises, a reply comes out of it, and a short one."""
    reply = raised(call(loaded(f"{error}\ndef f(): raise E()")))

    assert reply.type_name
    assert len(reply.message) <= MAX_MESSAGE
    assert not reply.not_started


def test_an_exception_with_half_a_character_crosses_as_itself() -> None:
    """It is no value that was returned."""
    reply = raised(call(loaded("def f(): raise ValueError('a\\ud800b')")))

    assert (reply.type_name, reply.message) == ("ValueError", "a\\ud800b")
    assert b"ValueError" in encode(reply)


@pytest.mark.parametrize("leave", ["SystemExit", "KeyboardInterrupt", "GeneratorExit"])
def test_leaving_in_a_call_is_an_exception_like_any_other(leave: str) -> None:
    """The guest stays, and answers the next call."""
    guest = loaded(f"def f(): raise {leave}\ndef g(): return 1\n")

    assert raised(call(guest)).type_name == leave
    assert value(call(guest, function="g")) == 1


@pytest.mark.parametrize(
    ("code", "limit"),
    [
        ("raise MemoryError", "2 GB of memory"),
        ("raise torch.OutOfMemoryError('CUDA out of memory')", "the free memory of the GPU"),
        ("raise RuntimeError('[fail] DefaultCPUAllocator: can\\'t allocate')", "2 GB of memory"),
        ("raise OSError(errno.EMFILE, 'too many')", "256 open files"),
        ("raise OSError(errno.ENOSPC, 'full')", "128 MB of files"),
        ("raise OSError(errno.EFBIG, 'too large')", "64 MB in one file"),
        ("raise BlockingIOError(errno.EAGAIN, 'no fork')", "64 processes and threads"),
        ("raise FileNotFoundError(errno.ENOENT, 'gone')", ""),
        ("raise RuntimeError('memory')", ""),
    ],
)
def test_the_limit_behind_an_exception_is_named(code: str, limit: str) -> None:
    """By its type and number, with the size of the limit; another exception names none."""
    guest = Guest(GuestLimits())
    load(guest, f"import errno, torch\ndef f():\n    {code}\n")

    assert raised(call(guest)).limit == limit


def test_without_limits_none_is_named() -> None:
    """In the student's own process nothing is limited."""
    assert not raised(call(loaded("def f(): raise MemoryError"))).limit


def test_a_function_of_a_similar_name_is_suggested() -> None:
    """Only functions are, and no private ones."""
    guest = loaded(
        "update_parameter = 3\ndef update_params(): ...\ndef _update_parameters(): ...\n"
    )

    assert call(guest, function="update_parameters") == Absent("update_parameters", "update_params")
    assert call(guest, function="zzz") == Absent("zzz")


def test_a_name_that_is_no_function_is_absent() -> None:
    """It does not suggest itself, and says what it is."""
    assert call(loaded("f = 3\n")) == Absent("f", kind="int")


def test_a_namespace_with_strange_keys_is_still_searched() -> None:
    """Code can put anything into `globals()`."""
    assert call(loaded("globals()[3] = print\ndef ff(): ...\n")) == Absent("f", "ff")


def test_changed_arguments_are_reported() -> None:
    """Values, shape and requires_grad of every tensor argument are compared."""
    guest = loaded(
        "def f(a, b, c, d, n):\n    b.add_(1)\n    c.requires_grad_()\n    d.resize_(1)\n"
    )
    nan = torch.tensor([float("nan")])
    reply = call(guest, torch.ones(2), torch.ones(2), torch.ones(2), torch.ones(2), nan)

    assert isinstance(reply, Returned)
    assert reply.changed == (1, 2, 3)


@pytest.mark.parametrize(
    ("switch", "state"),
    [
        ("torch.set_grad_enabled(False)", "torch.is_grad_enabled()"),
        ("torch.set_default_dtype(torch.float64)", "torch.get_default_dtype() == torch.float32"),
        ("torch.set_default_device('meta')", "torch.ones(1).device.type == 'cpu'"),
    ],
)
def test_what_code_switches_for_all_of_torch_is_switched_back(switch: str, state: str) -> None:
    """Whoever computes next, in the guest or beside it, finds torch as it was."""
    guest = loaded(
        f"import torch\n{switch}\ndef f():\n    {switch}\ndef g():\n    return {state}\n"
    )

    assert switches() == AS_IMPORTED
    assert value(call(guest, function="g")) is True
    call(guest)
    assert switches() == AS_IMPORTED
    assert value(call(guest, function="g")) is True


def test_the_same_seed_gives_the_same_random_numbers() -> None:
    """Python's, NumPy's and torch's generators are all seeded, for each call."""
    guest = loaded(
        "import random, numpy, torch\n"
        "def f(): return [random.random(), float(numpy.random.rand()), torch.rand(1).item()]\n"
    )
    one, again, other = (value(call(guest, seed=seed)) for seed in (1, 1, 2))

    assert isinstance(one, list)
    assert isinstance(other, list)
    assert one == again
    assert not set(one) & set(other)


def test_a_probe_runs_beside_the_module() -> None:
    """It gets the module and the arguments, and what it returns comes back."""

    def ask(student: StudentModule, x: torch.Tensor) -> object:
        return student.f(x) + 1

    assert value(probe(loaded("def f(x): return x.item()"), ask, torch.tensor(2.0))) == 3.0


def test_a_function_that_a_probe_misses_is_absent() -> None:
    """The student reads the same as for a call."""
    assert probe(loaded("def gg(): ..."), lambda student: student.g()) == Absent("g", "gg")
    both = loaded("g = 7\ndef gg(): ...")
    assert probe(both, lambda student: student.g()) == Absent("g", "gg", "int")


def test_a_probe_reads_what_a_notebook_has_left() -> None:
    """A name may stand for something that nobody can call."""
    assert value(probe(loaded("lr = 0.5"), lambda student: student["lr"])) == 0.5
    assert probe(loaded(""), lambda student: student["lr"]) == Absent("lr", "")


def test_a_probe_can_find_an_object_unfit() -> None:
    """Its sentence and the mistake cross."""

    def reject(student: StudentModule) -> None:
        del student
        raise RejectedError("It has no parameters.", "class-not-object")

    assert probe(loaded(""), reject) == Rejected("It has no parameters.", "class-not-object")


def test_a_recognised_exception_names_its_mistake_and_the_students_line() -> None:
    """The cause is what is described."""

    def recognise(student: StudentModule) -> None:
        try:
            student.f()
        except ZeroDivisionError as error:
            raise RecognisedError("sum-not-mean") from error

    reply = raised(probe(loaded("def f():\n    return 1 / 0"), recognise))

    assert (reply.type_name, reply.where) == ("ZeroDivisionError", "ex.py:2")
    assert reply.mistake == "sum-not-mean"


def test_an_error_that_torch_raises_in_the_students_line_is_a_crash() -> None:
    """`NotImplementedError` means "not started" only where the code itself raises it."""
    guest = loaded("import torch\ndef f(x):\n    return (x == x).mean()\n")

    assert not raised(call(guest, torch.ones(2))).not_started
