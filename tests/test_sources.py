"""Tests of `grader.guest.loading.sources`."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.guest.loading.sources import MAX_CELLS, Source, UnreadableSourceError, read_source


def module(content: bytes) -> Source:
    """Read a module."""
    return read_source("ex.py", content, notebook=False)


def notebook(*cells: object) -> Source:
    """Read a notebook with these sources in its code cells."""
    return document({"cells": [{"cell_type": "code", "source": source} for source in cells]})


def document(content: object) -> Source:
    """Read a notebook with this JSON document in it."""
    return read_source("ex.ipynb", json.dumps(content).encode(), notebook=True)


def test_a_module_is_one_cell_under_its_file_name() -> None:
    """Text, cell and label are the file's own."""
    source = module(b"x = 1\n")

    assert source.text == "x = 1\n"
    assert [(cell.label, cell.text, cell.first_line) for cell in source.cells] == [
        ("ex.py", "x = 1\n", 0)
    ]
    assert not source.notebook
    assert not source.notes


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfx = '\xc3\xa9'\n", "x = 'é'\n"),
        (b"x = 1\r\ny = 2\r\n", "x = 1\ny = 2\n"),
        (b"x = 1\ry = 2\r", "x = 1\ny = 2\n"),
        (b"# coding: latin-1\nx = '\xe9'\n", "# coding: latin-1\nx = 'é'\n"),
        (b"", ""),
    ],
    ids=["BOM", "CRLF", "CR", "coding cookie", "empty"],
)
def test_a_module_is_decoded_as_python_would(content: bytes, text: str) -> None:
    """Byte order mark, line ends and coding line do not reach the text's lines."""
    assert module(content).text == text


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        ("x = 1\n".encode("utf-16"), "UTF-16", 0),
        (b"x = 1\ny = '\0'\n", "NUL", 2),
        (b"x = 1\n\n# caf\xe9\n", "not UTF-8 .byte 0xe9", 3),
        (b"# coding: no-such-coding\n", "coding line", 1),
        (b"# coding: undefined\nx = 1\n", "coding line", 1),
        (b"# coding: rot13\nx = 1\n", "coding line", 1),
        (b"\x7fELF\x02\x01\x01\0\0\0", "NUL", 1),
    ],
    ids=["UTF-16", "NUL", "latin-1", "unknown", "undefined", "not a text encoding", "binary"],
)
def test_bytes_that_are_no_text_are_refused(content: bytes, reason: str, line: int) -> None:
    """The reason says what the bytes are, and the line where."""
    with pytest.raises(UnreadableSourceError, match=reason) as refused:
        module(content)

    assert refused.value.line == line


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("x = 1\ny = = 2\n", "SyntaxError", 2),
        ("x = 1\n\n  y = 2\n", "IndentationError", 3),
        ("(" * 1000 + ")" * 1000, "nested", 1),
        ("x = 1\nprint('why?\n", "SyntaxError", 2),
    ],
    ids=["two equals signs", "indent", "nested too deep", "open string with a question"],
)
def test_a_module_that_is_not_python_is_refused_with_its_line(
    text: str, reason: str, line: int
) -> None:
    """The line is where Python gave up."""
    with pytest.raises(UnreadableSourceError, match=reason) as refused:
        module(text.encode())

    assert refused.value.line == line


@pytest.mark.parametrize(
    ("text", "pointed"),
    [
        ("def f():\n    return (1\n", "return (1\n       ^"),
        ("def f():\n\tx = = 1\n", "x = = 1\n    ^"),
        (f"x = [{'1, ' * 100}2 3]\n", f"{'1, ' * 16}2 3]\n{' ' * 48}^"),
        (f"x = [2 3{', 1' * 100}]\n", f"x = [2 3{', 1' * 100}"[:52] + f"\n{' ' * 5}^"),
    ],
    ids=["open bracket", "tab", "end of a long line", "beginning of a long line"],
)
def test_the_place_is_pointed_at(text: str, pointed: str) -> None:
    """In the line without its indent; of a long one some are shown on both sides."""
    with pytest.raises(UnreadableSourceError) as refused:
        module(text.encode())

    assert refused.value.pointed == pointed


@given(st.binary(max_size=60))
def test_any_bytes_are_a_source_or_are_refused(content: bytes) -> None:
    """No bytes raise anything but an UnreadableSourceError."""
    for is_notebook in (False, True):
        try:
            source = read_source("ex", content, notebook=is_notebook)
        except UnreadableSourceError:
            continue
        assert "\r" not in source.text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "worksheets", "cell_type", "source", "input", "metadata"]),
            inner | st.just("code"),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_a_notebook_or_is_refused(content: object) -> None:
    """A document of any structure raises nothing but an UnreadableSourceError; its text encodes."""
    try:
        source = document(content)
    except UnreadableSourceError:
        return
    assert source.text.encode().decode() == source.text


def test_a_notebook_is_its_code_cells_in_order() -> None:
    """Text cells are left out; labels count the code cells."""
    source = document(
        {
            "cells": [
                {"cell_type": "markdown", "source": "# Title"},
                {"cell_type": "code", "source": "x = 1"},
                {"cell_type": "raw", "source": "raw"},
                {"cell_type": "code", "source": ["y = 2\n", "z = 3"]},
            ]
        }
    )

    assert [(cell.label, cell.text) for cell in source.cells] == [
        ("ex.ipynb, cell 1", "x = 1"),
        ("ex.ipynb, cell 2", "y = 2\nz = 3"),
    ]
    assert source.text == "# cell 1\nx = 1\n\n# cell 2\ny = 2\nz = 3\n"
    assert source.notebook


def test_a_notebook_of_format_3_is_read() -> None:
    """Cells stand in worksheets there, and their source is called input."""
    sheets = [{"cells": [{"cell_type": "code", "input": ["x = 1"]}]}, {"cells": None}, "junk"]

    assert [cell.text for cell in document({"nbformat": 3, "worksheets": sheets}).cells] == [
        "x = 1"
    ]


def test_a_notebook_with_a_byte_order_mark_is_read() -> None:
    """Some editors put one in front of JSON."""
    content = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}]})

    source = read_source("ex.ipynb", content.encode("utf-8-sig"), notebook=True)

    assert source.cells[0].text == "x = 1"


@pytest.mark.parametrize("raw", [{}, {"source": 3}, {"source": [3, None]}, {"metadata": []}])
def test_a_cell_without_text_is_empty(raw: dict[str, object]) -> None:
    """Missing and misused fields cost nothing but the cell's text."""
    (cell,) = document({"cells": [{"cell_type": "code", **raw}]}).cells

    assert (cell.text, cell.grade_id) == ("", "")


def test_a_notebook_without_code_is_an_empty_source() -> None:
    """Nothing handed in is not the same as nothing readable."""
    source = document({"cells": []})

    assert (source.text, source.cells) == ("", ())


def test_what_no_text_can_hold_is_replaced_in_a_cell() -> None:
    """Halves of surrogate pairs and NUL are legal in JSON and nowhere else."""
    source = notebook("a = '\ud800'\0\r\nb = 1\rc = 2")

    assert source.cells[0].text == "a = '?'\nb = 1\nc = 2"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a notebook"),
        (b"x = 1", "not a notebook"),
        (b"\xff\xfe{\0}\0", "not a notebook"),
        (b"[" * 100_000, "not a notebook"),
        (b"[]", "holds no cells"),
        (b"{}", "holds no cells"),
        (b'{"cells": 3}', "holds no cells"),
        (b'{"cells": [], "n": ' + b"9" * 5_000 + b"}", "not a notebook"),
    ],
    ids=["empty", "Python", "UTF-16", "deep", "list", "no cells", "cells a number", "huge number"],
)
def test_what_is_no_notebook_is_refused(content: bytes, reason: str) -> None:
    """The reason is a sentence of bounded length."""
    with pytest.raises(UnreadableSourceError, match=reason) as refused:
        read_source("ex.ipynb", content, notebook=True)

    assert len(refused.value.reason) <= 200


def test_a_notebook_of_too_many_cells_is_refused() -> None:
    """As many as the limit are read."""
    assert len(notebook(*["x"] * MAX_CELLS).cells) == MAX_CELLS
    with pytest.raises(UnreadableSourceError, match=f"{MAX_CELLS + 1} code cells"):
        notebook(*["x"] * (MAX_CELLS + 1))


def test_a_cell_carries_its_grade_id() -> None:
    """It is what nbgrader's metadata says, where that is a string."""
    metadata = [{"nbgrader": {"grade_id": "lab-model"}}, {"nbgrader": {"grade_id": 3}}, {}]
    cells = [{"cell_type": "code", "source": "x", "metadata": each} for each in metadata]

    assert [cell.grade_id for cell in document({"cells": cells}).cells] == ["lab-model", "", ""]


def test_line_numbers_of_cells_point_into_the_whole_text() -> None:
    """`first_line` plus a cell's own line is the line in the text, whatever stands before."""
    source = notebook("a = 1\n\n\n", "", "!ls\nb = 2", ["c = 3\r\n", "d = 4\r", "e = 5"])
    lines = source.text.split("\n")

    for cell in source.cells:
        for number, line in enumerate(cell.text.rstrip().split("\n"), start=1):
            assert lines[cell.first_line + number - 1] == line


@pytest.mark.parametrize(
    "line",
    ["%matplotlib inline", "!pip install torch", "torch.nn?", "print??", "?print", "!echo '"],
)
def test_a_line_of_ipython_is_set_aside_with_a_note(line: str) -> None:
    """What stands around it runs, in a notebook and in a module that was made from one."""
    text = f"x = 1\nif x:\n    {line}\ny = 2\n"

    for source in (notebook(text), module(text.encode())):
        assert source.cells[0].text == f"x = 1\nif x:\n    pass  # {line}\ny = 2\n"
        (note,) = source.notes
        assert f"`{line}` was set aside, not run" in note


def test_a_cell_of_another_language_is_set_aside_whole() -> None:
    """`%%bash` is no Python, whatever it looks like."""
    source = notebook("%%bash\nx = 1\nrm -r /", "y = 2")

    assert source.cells[0].text == "# %%bash\n# x = 1\n# rm -r /"
    assert source.cells[1].text == "y = 2"
    assert source.notes == ("ex.ipynb, cell 1: the cell begins with %%bash, so it was not run",)


def test_a_timed_cell_still_runs() -> None:
    """`%%time` stands in front of Python, all of which runs: nothing is to be told of it."""
    source = notebook("%%time\nx = 1\n%matplotlib inline", "%%capture out\ny = 2")

    assert source.cells[0].text == "# %%time\nx = 1\npass  # %matplotlib inline"
    assert source.cells[1].text == "# %%capture out\ny = 2"
    assert source.notes == ("ex.ipynb, cell 1: `%matplotlib inline` was set aside, not run",)


@pytest.mark.parametrize("before", ["", "%matplotlib inline\n"])
def test_python_that_looks_like_ipython_stays(before: str) -> None:
    """Expressions, strings and comments keep such lines, also beside a real magic."""
    python = "x = (10\n  % 3)\ny = '''\n!bang\n%percent\nwhat?\n'''\nz = x  # why?\n"

    assert notebook(before + python).cells[0].text.endswith(python)


def test_a_syntax_error_beside_a_magic_is_no_magic() -> None:
    """Only IPython's own lines are set aside; the error stays the student's, with its line."""
    with pytest.raises(UnreadableSourceError, match="SyntaxError") as refused:
        module(b"%matplotlib inline\nx = = 1\n")

    assert refused.value.line == 2


def test_a_cell_that_is_not_python_is_kept_for_its_own_error() -> None:
    """One broken cell does not make a notebook unreadable."""
    source = notebook("x = = 1", "y = 2")

    assert [cell.text for cell in source.cells] == ["x = = 1", "y = 2"]


@pytest.mark.parametrize("line", ["!grader check ex04", "%load_ext grader.desk", "%check ex04"])
def test_the_check_command_of_a_given_out_notebook_needs_no_note(line: str) -> None:
    """The last cell of every notebook is ours."""
    source = notebook(line)

    assert source.cells[0].text == f"pass  # {line}"
    assert not source.notes
