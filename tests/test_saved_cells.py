"""Notebooks as they were saved: what the report gets of them, whatever stands in the file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from grader.guest.crossing.wire import SavedCell, SavedOutput
from grader.guest.loading.saved_cells import saved_cells
from grader.guest.loading.sources import read_source
from grader.judge.saved_cells import shown_cells
from grader.results.saved_notebook import CellKind, NotebookCell, OutputKind

NAME = "ex.ipynb"
BOTH = {"text/plain": "a", "image/png": "b"}


def saved(*cells: dict[str, Any]) -> tuple[SavedCell, ...]:
    """Return what the guest says of a notebook."""
    content = json.dumps({"cells": cells}).encode()
    return saved_cells(content, read_source(NAME, content, notebook=True))


def shown(*outputs: SavedOutput) -> NotebookCell:
    """Return a code cell with outputs as the report has it."""
    return shown_cells([SavedCell("code", "x", outputs)])[0]


def test_cells_keep_their_order_and_their_place_in_the_code() -> None:
    """A code cell says where its lines are in the listing that errors name."""
    code = {"cell_type": "code", "source": ["x = 1\n", "y"]}
    cells = saved({"cell_type": "markdown", "source": "# Title"}, code, code)

    assert cells == (
        SavedCell("markdown", "# Title"),
        SavedCell("code", "x = 1\ny", first_line=1),
        SavedCell("code", "x = 1\ny", first_line=5),
    )


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ({"output_type": "stream", "text": ["a\n", "b"]}, ("text/plain", "a\nb")),
        ({"output_type": "error", "ename": "E", "evalue": "no"}, ("error", "E: no")),
        ({"output_type": "display_data", "data": BOTH}, ("image/png", "b")),
        ({"output_type": "pyout", "html": "<b>"}, ("text/html", "<b>")),
    ],
)
def test_outputs_are_taken_down_in_their_best_form(
    output: dict[str, Any], expected: tuple[str, str]
) -> None:
    """Notebooks of format 4 and of format 3 keep outputs under many names."""
    (cell,) = saved({"cell_type": "code", "source": "", "outputs": [output]})

    assert (SavedOutput(*expected),) == cell.outputs


@pytest.mark.parametrize(
    "cell",
    [
        {},
        {"cell_type": 3, "source": {"a": 1}},
        {"cell_type": "code", "source": [1, None], "outputs": {"a": 1}},
        {"cell_type": "code", "outputs": [3, {}, {"data": []}, {"output_type": "error"}]},
        {"cell_type": "code", "outputs": [{"data": {"image/png": {"a": "b"}}}]},
        {"cell_type": "markdown", "source": "\ud800\0"},
    ],
)
def test_cells_of_any_shape_are_survived(cell: dict[str, Any]) -> None:
    """What is no text has none; nothing raises."""
    assert len(shown_cells(saved(cell))) == 1


def test_large_notebooks_are_cut() -> None:
    """Code, outputs and images have a limit each, and the report says where it was reached."""
    many = shown_cells([SavedCell("code", "x" * 50_000)] * 9)
    text = shown(SavedOutput("text/plain", "x" * 9_000)).outputs
    image = shown(*[SavedOutput("image/png", "x" * 100_000)] * 2).outputs
    flood = shown(*[SavedOutput("text/plain", "x")] * 999).outputs

    assert (len(many), many[-1].text) == (5, "The report shows no more of this notebook.")
    assert text[0].content.endswith("x\n[cut: 9,000 characters]")
    assert [output.kind for output in image] == [OutputKind.PNG, OutputKind.LEFT_OUT]
    assert (len(flood), flood[-1].content) == (21, "979 more outputs")


def test_long_markdown_is_plain_text() -> None:
    """What a parser of markdown could be slow on is not given to one."""
    assert CellKind.RAW is shown_cells([SavedCell("markdown", "[" * 30_000)])[0].kind
