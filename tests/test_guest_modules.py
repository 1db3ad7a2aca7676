"""Modules that a submission is made of, or may import: in the guest, and in a check's process."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from grader.guest.crossing.values import pack
from grader.guest.crossing.wire import (
    Call,
    Load,
    Loaded,
    Parse,
    Parsed,
    Part,
    Raised,
    Reply,
    Returned,
    Unreadable,
)
from grader.guest.submission import Guest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in a folder of its own, as a submission does."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def parts(**texts: str) -> tuple[Part, ...]:
    """Return files: `pkg__a` is `pkg/a.py`, and so on."""
    return tuple(Part(f"{name.replace('__', '/', 1)}.py", t.encode()) for name, t in texts.items())


def load(guest: Guest, several: tuple[Part, ...], *modules: Part, entry: str = "pkg") -> Reply:
    """Load an exercise of several files."""
    return guest.handle(
        Load("hw", entry, b"", False, "cpu", parts=several, entry=entry, modules=modules)
    )


def load_one(guest: Guest, code: str, *modules: Part) -> Reply:
    """Load a single module with what it may import."""
    return guest.handle(Load("hw", "hw.py", code.encode(), False, "cpu", modules=modules))


def call(guest: Guest, function: str = "f") -> Reply:
    """Call a function without arguments."""
    return guest.handle(Call(function, (), 0))


@pytest.mark.parametrize(
    "line",
    [
        "from pkg.b import g",
        "from .b import g",
        "from . import b; g = b.g",
        "import pkg.b as b; g = b.g",
        "from pkg import b; g = b.g",
    ],
)
def test_files_import_each_other(line: str) -> None:
    """By their names, and by where they are."""
    guest = Guest()
    files = parts(pkg____init__="from .a import f", pkg__a=line + "\ndef f(): return g()")
    reply = load(guest, (*files, *parts(pkg__b="def g(): return __name__, __file__")))

    assert reply == Loaded()
    assert call(guest) == Returned(pack(("pkg.b", "pkg/b.py")))


def test_a_folder_without_a_file_of_its_own_is_a_package() -> None:
    """As it is in Python; the entry may be any module."""
    guest = Guest()
    files = (*parts(pkg__a="from pkg.sub.b import f"), Part("pkg/sub/b.py", b"def f(): return 1"))

    assert load(guest, files, entry="pkg.a") == Loaded()
    assert call(guest) == Returned(1)


def test_a_module_is_run_once_and_keeps_its_state() -> None:
    """From one call to the next, and between the modules that import it."""
    guest = Guest()
    files = parts(
        pkg____init__="from .a import f\nfrom . import state",
        pkg__a="from .state import seen\ndef f():\n    seen.append(1)\n    return len(seen)",
        pkg__state="seen = []",
    )

    load(guest, files)
    assert [call(guest), call(guest)] == [Returned(1), Returned(2)]


def test_nothing_is_left_in_the_process() -> None:
    """A check's process holds what it held before: modules of these names, and finders."""
    sys.modules["pkg"] = sys
    before = dict(sys.modules), list(sys.meta_path)
    try:
        guest = Guest()
        assert (
            load(
                guest,
                parts(pkg____init__="import helpers\ndef f(): return helpers.x"),
                *parts(helpers="x = 2"),
            )
            == Loaded()
        )
        assert call(guest) == Returned(2)
        assert sys.modules["pkg"] is sys
        assert "helpers" not in sys.modules
        assert sys.meta_path == before[1]
    finally:
        del sys.modules["pkg"]


def test_two_guests_in_one_process_have_modules_of_their_own() -> None:
    """As two files that are checked one after the other have."""
    guests = [Guest(), Guest()]
    for number, guest in enumerate(guests):
        load(
            guest,
            parts(
                pkg____init__=f"from .a import f\nx = {number}",
                pkg__a="""\
def f():
    import pkg
    return pkg.x""",
            ),
        )

    assert [call(guest) for guest in guests] == [Returned(0), Returned(1)]


def test_an_error_in_its_own_module_is_its_own_error() -> None:
    """No import of what belongs to it is skipped, as one of a package that is not installed is."""
    reply = load(Guest(), parts(pkg____init__="from .a import f", pkg__a="import nowhere\nf = 1/0"))

    assert isinstance(reply, Raised)
    assert (reply.type_name, reply.where, reply.line) == ("ZeroDivisionError", "pkg/a.py:2", 6)
    missing = load(Guest(), parts(pkg____init__="from .b import f"))
    assert isinstance(missing, Raised)
    assert (missing.type_name, missing.where) == ("ModuleNotFoundError", "pkg/__init__.py:1")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("from b import g", "it is `pkg.b`: import it by that name, or with `from . import b`."),
        ("from . import c", "cannot import name 'c' from"),
        ("from .c import g", "No module named 'pkg.c'"),
        ("import c", "put its code into one of the exercise's own files: no other is loaded."),
    ],
)
def test_what_can_not_be_imported_is_told_with_what_to_do(line: str, said: str) -> None:
    """One of its own by another name, one of its own that is not there, and any other."""
    files = parts(pkg____init__="from . import a", pkg__a=line, pkg__b="g = 1")
    reply = load(Guest(), files)
    told = reply.message if isinstance(reply, Raised) else str(reply)

    assert said in told


def test_a_file_that_is_no_python_matters_where_it_is_imported() -> None:
    """Its line is told, in it and in the text of all."""
    broken = Part("pkg/b.py", b"x = 1\ny = = 2\n")
    files = parts(pkg____init__="def f():\n    return 1")
    guest = Guest()

    assert load(guest, (*files, broken)) == Loaded()
    assert call(guest) == Returned(1)
    assert load(Guest(), (*parts(pkg____init__="from . import b"), broken)) == Unreadable(
        "pkg/b.py:2: SyntaxError: invalid syntax", 6
    )


@pytest.mark.parametrize("content", [b"\0", b"\xff\xfe1\0", b"\xe4 = 1", b"# coding: no\n1", b""])
def test_files_of_any_bytes_are_shown_and_cost_nothing(content: bytes) -> None:
    """What is no text is shown as far as it can be."""
    files = (*parts(pkg____init__="def f(): return 1"), Part("pkg/b.py", content))
    reply = Guest().handle(Parse("pkg", b"", False, files))

    assert isinstance(reply, Parsed)
    assert [cell.file for cell in reply.cells] == ["pkg/__init__.py", "pkg/b.py"]
    assert "\0" not in reply.text
    assert load(Guest(), files) == Loaded()


def test_given_modules_are_beside_a_single_file() -> None:
    """An error in one is told by the student's line that came to it."""
    guest = Guest()
    code = "import helpers\nfrom helpers import times\n\ndef f():\n    return times(1, 0)"

    assert load_one(guest, code, *parts(helpers="def times(a, b): return a / b")) == Loaded()
    reply = call(guest)
    assert isinstance(reply, Raised)
    assert (reply.where, reply.line) == ("hw.py:5", 5)


def test_a_notebook_of_an_earlier_exercise_is_a_module() -> None:
    """Its cells run in order; one that fails is passed over."""
    sources = ("x = 1/0", "def g(): return 4")
    cells = [{"cell_type": "code", "source": source} for source in sources]
    content = json.dumps({"cells": cells}).encode()
    guest = Guest()

    reply = load_one(guest, "from units import g as f", Part("units.ipynb", content))
    assert isinstance(reply, Loaded)
    assert call(guest) == Returned(4)


def test_an_earlier_exercise_that_is_no_python_is_named() -> None:
    """No line of the code that is shown is meant."""
    reply = load_one(Guest(), "from units import g", Part("units.py", b"def (:"))

    assert reply == Unreadable("units.py:1: SyntaxError: invalid syntax", 0)


def test_data_are_there_to_be_read_only(folder: Path) -> None:
    """They lie where the course names them."""
    guest = Guest()
    files = (
        *parts(
            pkg____init__="""\
from pathlib import Path
def f(): return (Path(__file__).parent / "w.bin").read_bytes()
"""
        ),
        Part("pkg/w.bin", b"\0\1"),
    )

    assert load(guest, files) == Loaded()
    assert call(guest) == Returned(pack(b"\0\1"))
    assert (folder / "pkg" / "w.bin").stat().st_mode & 0o222 == 0


def test_a_module_of_pythons_own_name_is_not_put_in_its_place() -> None:
    """Whatever a student calls a module in the package."""
    guest = Guest()
    files = parts(
        pkg____init__="import json\nfrom .json import x\ndef f(): return json.__name__",
        pkg__json="x = 1",
    )

    assert load(guest, files) == Loaded()
    assert call(guest) == Returned("pkg.json")
