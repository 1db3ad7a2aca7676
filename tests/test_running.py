"""How cells run: with what Jupyter has there, and with nobody at the keyboard."""

from __future__ import annotations

import sys

import pytest
from asked_guest import answer, load_cells, noted
from lab_notebooks import notebook

from grader.guest.crossing.wire import Call, Load, Proceed, Raised, Returned
from grader.guest.submission import Guest

GUARDED = 'if __name__ == "__main__":\n    def f(): return __name__\n'


def load(guest: Guest, code: str, exercise: str = "ex_loaded") -> tuple[str, ...]:
    """Load a module and return what is noted."""
    return noted(guest, Load(exercise, f"{exercise}.py", code.encode(), False, "cpu"))


def test_a_notebook_is_the_main_program() -> None:
    """What it guards runs, as in Jupyter; a module is imported, and what it guards does not."""
    guest = Guest()

    load_cells(guest, GUARDED)
    assert answer(guest) == "__main__"
    load(guest, f"def f(): return 'unguarded'\n{GUARDED}")
    assert answer(guest) == "unguarded"


def test_a_notebook_in_parts_is_the_main_program() -> None:
    """The lab's notebook, too."""
    guest = Guest()
    content = notebook(("one", GUARDED), ("two", "x = 1"))
    guest.handle(Load("lab", "lab.ipynb", content, True, "cpu", stepwise=True))
    for cell in ("one", "two"):
        guest.handle(Proceed(cell))

        assert answer(guest) == "__main__"


@pytest.mark.parametrize("is_notebook", [False, True])
def test_its_own_classes_are_found_by_name(is_notebook: bool) -> None:
    """Pickle looks a class up in the module that it says it is from; afterwards it is gone."""
    guest, before = Guest(), sys.modules["__main__"]
    code = (
        "import pickle\nclass Net: pass\n"
        "def f(): return type(pickle.loads(pickle.dumps(Net()))) is Net\n"
    )
    load_cells(guest, code) if is_notebook else load(guest, code)

    assert answer(guest) is True
    assert sys.modules["__main__"] is before
    assert "ex_loaded" not in sys.modules


def test_no_exercise_can_import_another() -> None:
    """What was loaded before is not there; a file's score is its own."""
    guest = Guest()
    load(guest, "def f(): return 1", "ex01_first")
    (note,) = load(guest, "from ex01_first import f as g\ndef f(): return 2", "ex02_second")

    assert "`from ex01_first import f as g` was skipped: ex01_first is not installed here" in note
    assert answer(guest) == 2


def test_a_question_ends_a_module_and_what_was_defined_counts() -> None:
    """As `exit()` does; the sentence says what to do."""
    guest = Guest()
    (note,) = load(guest, "def f(): return 1\nn = int(input('How many? '))\ndef f(): return n\n")

    assert note == (
        "ex_loaded.py:2: your file asks for input() when it is loaded, and no one can "
        'answer; what was defined before it counts. Put it under `if __name__ == "__main__":`.'
    )
    assert answer(guest) == 1


def test_a_question_ends_a_cell_and_the_next_runs() -> None:
    """Under `__main__` it would be asked in a notebook, too, so the advice is another."""
    guest = Guest()
    (note,) = load_cells(guest, "x = 1\nx = input()", "def f(): return x")

    assert note == (
        "ex.ipynb, cell 1, line 2: your notebook asks for input(), and no one can answer; "
        "the rest of the cell was not run. Write the answer into the cell."
    )
    assert answer(guest) == 1


def test_code_that_expects_no_answer_goes_on() -> None:
    """It gets what a program without a keyboard gets, in a call as well."""
    guest = Guest()
    code = (
        "try:\n    n = input()\nexcept EOFError:\n    n = 5\ndef f(): return n\ndef g(): input()\n"
    )

    assert load(guest, code) == ()
    assert answer(guest) == 5
    reply = guest.handle(Call("g", (), 0))
    assert isinstance(reply, Raised)
    assert (reply.type_name, reply.message) == (
        "EOFError",
        "input() asks a question, and no one can answer it",
    )


def test_a_notebook_saved_as_a_script_runs_what_it_times() -> None:
    """As nbconvert and Colab write it; other magics do nothing."""
    guest = Guest()
    notes = load(
        guest,
        "# -*- coding: utf-8 -*-\n# %matplotlib inline\nfrom google.colab import drive\n"
        "drive.mount('/content/drive')\nget_ipython().system('pip install torch')\n"
        "get_ipython().run_line_magic('matplotlib', 'inline')\n"
        "get_ipython().run_line_magic('time', 'x = 1')\n"
        "get_ipython().run_line_magic('timeit', 'x = 2')\n"
        "get_ipython().run_cell_magic('time', '', '%matplotlib inline\\ny = 3\\n')\n"
        "get_ipython().run_cell_magic('bash', '', 'y = 4\\n')\n"
        "get_ipython().getoutput('ls')\ndisplay(x)\ndef f(): return x, y\n",
    )

    assert notes == ()
    reply = guest.handle(Call("f", (), 0))
    assert isinstance(reply, Returned)
    assert tuple(reply.value.items) == (1, 3)  # type: ignore[union-attr] # it crossed
