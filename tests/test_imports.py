"""Imports that fail, and what stands beside them."""

from __future__ import annotations

import sys

import pytest
from asked_guest import answer, load_cells, noted

from grader.guest.crossing.wire import Call, Load, Raised, Returned
from grader.guest.submission import Guest

ONLY = "If it is a file of yours, put its code into ex.py: no other is loaded."


def load(guest: Guest, code: str, beside: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Load a module and return what is noted."""
    file = Load("ex_loaded", "a/ex.py", code.encode(), False, "cpu", beside=beside)
    return noted(guest, file)


def error(guest: Guest) -> str:
    """Return what the loaded function `f` raises."""
    reply = guest.handle(Call("f", (), 0))
    assert isinstance(reply, Raised), reply
    return reply.message


def test_an_import_that_fails_costs_its_line_and_is_named() -> None:
    """The rest of the cell runs, and what needs the name says why it is not there."""
    guest = Guest()
    notes = load_cells(
        guest,
        "import math\nimport no_such_package as nope, json\ndef f(): return json.dumps(2)",
        "x = 1\nnope.run()\nx = 2",
        "def g(): return x",
    )

    assert notes[0] == (
        "ex.ipynb, cell 1, line 2: `import no_such_package as nope` was skipped: no_such_package "
        "is not installed here. If it is a file of yours, put its code into ex.ipynb: no other is "
        "loaded."
    )
    assert notes[1] == (
        "ex.ipynb, cell 2, line 2: NameError: name 'nope' is not defined. `import no_such_package "
        "as nope` (ex.ipynb, cell 1, line 2) was skipped: no_such_package is not installed here."
    )
    assert len(notes) == 2
    assert answer(guest) == "2"
    assert guest.handle(Call("g", (), 0)) == Returned(1)


def test_a_module_loses_the_line_and_nothing_else() -> None:
    """Its functions are judged; the one that needs the name says why it can't work."""
    guest = Guest()
    code = "from no_such_package import nope\nfrom math import pi, pie\ndef f(): return nope(pi)\n"
    first, second = load(guest, code)

    assert first.endswith(f"was skipped: no_such_package is not installed here. {ONLY}")
    assert second.startswith("a/ex.py:2: `from math import pie` was skipped: ImportError: cannot")
    assert error(guest) == (
        "name 'nope' is not defined. `from no_such_package import nope` (a/ex.py:1) was skipped: "
        "no_such_package is not installed here."
    )


def test_what_lies_beside_the_file_is_named() -> None:
    """At the desk, where that is known."""
    guest = Guest()
    (note,) = load(guest, "from my_layers import *\ndef f(): return block", ("my_layers",))

    assert note == (
        "a/ex.py:1: `from my_layers import *` was skipped: my_layers.py lies beside it, and only "
        "the exercise's own file is loaded: put its code into ex.py."
    )
    assert "`from my_layers import *` (a/ex.py:1) was skipped" in error(guest)


def test_an_import_in_a_function_says_why_it_fails() -> None:
    """It costs the call, as it does anywhere."""
    guest = Guest()
    load(guest, "def f():\n    import no_such_package\n")

    expected = f"No module named 'no_such_package'. no_such_package is not installed here. {ONLY}"
    assert error(guest) == expected


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    import no_such_package\nexcept ImportError:\n    caught = 1",
        "import contextlib\ncaught = 1\nwith contextlib.suppress(ImportError):\n"
        "    import no_such_package\n    caught = 0",
    ],
    ids=["try", "with"],
)
def test_what_surrounds_an_import_hears_of_it(code: str) -> None:
    """Code that is ready for a missing package gets what it is ready for."""
    guest = Guest()

    assert load(guest, f"{code}\ndef f(): return caught") == ()
    assert answer(guest) == 1


def test_an_import_under_a_condition_costs_its_line() -> None:
    """It stands at the top level, whatever is asked before."""
    guest = Guest()
    code = (
        "for _ in range(1):\n    if _: pass\n    else:\n        import no_such_package\n    x = 1\n"
    )
    notes = load(guest, f"{code}def f(): return x")

    assert len(notes) == 1
    assert answer(guest) == 1


def test_only_failures_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import that is stopped from outside stops the file, too."""
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    code = (
        "import sys\nclass Stop:\n    def find_spec(*_): raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stop)\nimport no_such_package\n"
    )
    reply = Guest().handle(Load("ex", "ex.py", code.encode(), False, "cpu"))

    assert isinstance(reply, Raised)
    assert reply.type_name == "KeyboardInterrupt"


def test_annotations_of_the_future_hold_in_the_cells_after() -> None:
    """As in Jupyter, and no longer than the notebook."""
    guest = Guest()
    assert not load_cells(
        guest, "'''Doc.'''\nfrom __future__ import annotations", "def f(x: Unknown = 3): return x"
    )
    assert answer(guest) == 3

    (note,) = load_cells(guest, "def f(x: Unknown = 3): return x")
    assert "NameError" in note


def test_a_value_that_was_set_aside_says_so() -> None:
    """The name that a shell command would have given is explained where it is missed."""
    guest = Guest()
    load_cells(guest, "files = !ls", "def f(): return files")

    assert error(guest) == "name 'files' is not defined. `files = !ls` was set aside"
