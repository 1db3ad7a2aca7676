"""IPython's lines, as IPython itself would run them."""

from __future__ import annotations

import pytest

from grader.guest.loading.ipython_lines import MAX_LINES, plain_python


def cell(text: str) -> str:
    """Return what is left of a cell."""
    return plain_python(text, "cell 1", cell=True).text


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("%time f()", "f()"),
        ("%time x = f()", "x = f()"),
        ("x = %time f()", "x = f()"),
        ("%prun -q -l 7 x = f()", "x = f()"),
        ("    %time  x = f()", "    x = f()"),
    ],
)
def test_what_a_line_times_runs_and_needs_no_note(line: str, runs: str) -> None:
    """At any indentation, several in a cell, in a module too."""
    text = "if True:\n    y = 1\n{0}\n{0}\n" if line.startswith(" ") else "{0}\ny = 1\n{0}\n"
    for is_cell in (True, False):
        plain = plain_python(text.format(line), "ex", cell=is_cell)

        assert plain.text == text.format(runs)
        assert not plain.notes


@pytest.mark.parametrize("line", ["%timeit x = f()", "%time", "%prun", "%%timeit", "%pip list"])
def test_what_leaves_no_names_is_set_aside(line: str) -> None:
    """`%timeit` forgets what it assigns; other lines are no Python."""
    plain = plain_python(f"y = 1\n{line}\n", "cell 1", cell=True)

    assert plain.text == f"y = 1\npass  # {line}\n"
    assert plain.notes == [f"cell 1: `{line}` was set aside, not run"]


def test_a_timed_cell_without_names_is_no_python() -> None:
    """`%%timeit` in front of a cell runs it where its names are lost."""
    assert cell("%%timeit -n1 -r1\nx = 1") == "# %%timeit -n1 -r1\n# x = 1"


def test_a_value_that_a_command_would_give_is_missed_by_name() -> None:
    """The line alone is set aside, and each of its names knows why it is not there."""
    plain = plain_python("a, b = !ls *.pt 'it''s\nc = 1\n", "cell 1", cell=True)

    assert plain.text == "pass  # a, b = !ls *.pt 'it''s\nc = 1\n"
    assert plain.absent == dict.fromkeys("ab", "`a, b = !ls *.pt 'it''s` was set aside")


def test_a_command_over_several_lines_is_set_aside_whole() -> None:
    """A backslash joins lines there as well."""
    text = "!pip install \\\n    torch \\\n    tqdm\nx = 1\n"

    assert cell(text) == "pass  # !pip install \\\n#     torch \\\n#     tqdm\nx = 1\n"


def test_a_cell_that_is_indented_as_a_whole_runs() -> None:
    """IPython takes a pasted piece of a function as it is."""
    assert cell("\n    x = 1\n    if x:\n        y = 2\n") == "\nx = 1\nif x:\n    y = 2\n"


def test_a_module_is_never_another_language() -> None:
    """A first line that belongs to a notebook costs the module that line alone."""
    plain = plain_python("%%writefile ex.py\nx = 1\n", "ex.py", cell=False)

    assert plain.text == "pass  # %%writefile ex.py\nx = 1\n"


def test_the_number_of_lines_that_are_set_aside_is_bounded() -> None:
    """Each costs a parse."""
    plain = plain_python("!ls\n" * (MAX_LINES + 50), "cell 1", cell=True)

    assert len(plain.notes) == MAX_LINES
    assert plain.text.endswith("!ls\n" * 50)


@pytest.mark.parametrize("character", '%!? =x1[\\"-')
def test_a_line_of_any_length_is_read_at_once(character: str) -> None:
    """A million characters reach no expression that would look at them one by one, again."""
    for begin in ("%", "%prun ", "x = !", "x", "?"):
        assert cell(begin + character * 1_000_000)
