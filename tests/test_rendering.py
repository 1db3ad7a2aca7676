"""What a submission holds is rendered within time, memory and room; the class gets its pages."""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from report_samples import exercise_result, grading_run, outcome, student_result
from test_student_page import TINY_PNG
from the_lab import EXERCISES

from grader.guest.crossing.wire import SavedCell, SavedOutput
from grader.judge.saved_cells import shown_cells
from grader.reports import write_reports
from grader.reports.code.highlighting import MAX_LINE, listing
from grader.reports.code.markup import Kind
from grader.reports.code.notebook_view import notebook_view
from grader.reports.code.png import plain_png
from grader.reports.code.rendering import Renderer
from grader.reports.code.room import MAX_PIXELS, PLAIN, TOO_MUCH, Room
from grader.results.saved_notebook import CellKind, NotebookCell, Output, OutputKind
from grader.results.verdicts import SourceCode, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from grader.results.verdicts import ExerciseResult

PAGE_BYTES = 2_000_000
PAWN = f"```pawn\n{'/**/' * 60}x\n```"
# what a parser of HTML has to repeat in every one of many elements
SWELLING = f"<div>{''.join(f'<b {n}>' for n in range(4_000))}</div>{'<div>x</div>' * 4_000}"
SPACES = f"match{' ' * 200_000}"
QUOTES = "\"'" * 200


def notebook(*cells: NotebookCell) -> SourceCode:
    """Return a notebook of some cells."""
    return SourceCode(text="", cells=cells)


def markdown(text: str) -> NotebookCell:
    """Return a cell of markdown."""
    return NotebookCell(kind=CellKind.MARKDOWN, text=text)


def saved(kind: OutputKind, *contents: str) -> NotebookCell:
    """Return a code cell with outputs."""
    outputs = tuple(Output(kind=kind, content=content) for content in contents)
    return NotebookCell(kind=CellKind.CODE, text="x = 1", outputs=outputs)


def png(width: int, height: int, *more: bytes) -> str:
    """Return the frame of a PNG without pixels."""
    chunks = (b"IHDR" + struct.pack(">IIxxxxx", width, height), *more, b"IEND")
    body = b"".join(struct.pack(">I", len(each) - 4) + each + bytes(4) for each in chunks)
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


@pytest.mark.parametrize("hostile", [PAWN, "`" * 20_000, "[" * 20_000, "> " * 10_000, "*a" * 9_000])
def test_no_text_keeps_a_page_from_being_rendered(hostile: str) -> None:
    """A fence chooses no lexer; whatever markdown costs is bounded."""
    first, last = notebook_view(notebook(markdown(hostile), markdown("*so*")), {}, Room())

    assert first.html or first.notes == (PLAIN,)
    assert "<em>so</em>" in last.html


def test_code_of_a_fence_stays_as_it_is() -> None:
    """It is escaped, and its language chooses nothing."""
    (cell,) = notebook_view(notebook(markdown("```pawn\nx < 1\n```")), {}, Room())

    assert cell.html.strip() == '<pre tabindex="0"><code>x &lt; 1\n</code></pre>'


def test_html_that_swells_is_shown_as_text_and_costs_nothing_else() -> None:
    """The parser is native: what it can't do within its memory ends the process."""
    swelling, table = "<p>" + SWELLING, "<table><tr><td>1</td></tr></table>"
    (view,) = notebook_view(notebook(saved(OutputKind.HTML, swelling, table)), {}, Room())

    assert [each.note for each in view.outputs] == [PLAIN, ""]
    assert view.outputs[0].text.startswith("&lt;p&gt;&lt;div&gt;")
    assert "<td>1</td>" in view.outputs[1].html


def test_what_takes_too_long_ends_and_the_next_piece_is_rendered() -> None:
    """A process is ended by the processor time that it takes, and another one replaces it."""
    renderer = Renderer()
    try:
        slow = renderer.render(Kind.MARKDOWN, "[a](" * 5_000, cpu_s=0.01, longest=10**9)
        quick = renderer.render(Kind.PYTHON, "x < 1", cpu_s=3, longest=10**9)
        long = renderer.render(Kind.PYTHON, "x < 1", cpu_s=3, longest=3)
    finally:
        renderer.end()

    assert (slow.html, slow.cpu_s, long.html) == (None, 0.01, None)
    assert quick.html is not None
    assert "&lt;" in quick.html


def test_a_page_has_so_much_time_and_so_many_failures() -> None:
    """Who hands in many slow pieces gets the rest as text."""
    assert Room(cpu_s=0).rendered(Kind.PYTHON, "x") is None
    assert Room(failures=0).rendered(Kind.PYTHON, "x") is None
    assert Room(bytes_=2).rendered(Kind.PYTHON, "x = 1") is None


def test_a_line_is_cut_before_it_is_coloured() -> None:
    """Two hundred thousand spaces are a thousand, and it is said."""
    code = listing(SourceCode(text=f"{SPACES}\nx = 1"), {}, Room())
    lines = "".join(stretch.html for stretch in code.stretches).split("\n")

    assert len(lines[0]) < MAX_LINE + 100
    assert lines[0].endswith("...")
    assert "are cut" in code.notes[0]
    assert 'class="mi"' in lines[1]


def test_pictures_are_bounded_in_sum() -> None:
    """Forty-four pictures of sixteen million pixels are one; small ones follow."""
    outputs = [png(4_000, 4_000)] * 43 + [png(400, 300)]
    (view,) = notebook_view(notebook(saved(OutputKind.PNG, *outputs)), {}, Room())

    shown = [bool(each.image) for each in view.outputs]
    assert shown == [True] + [False] * 42 + [True]
    assert view.outputs[1].note == TOO_MUCH
    assert MAX_PIXELS < 2 * 4_000 * 4_000


def test_a_picture_keeps_its_pixels_alone() -> None:
    """Profiles, texts and frames of an animation are taken out."""
    plain = plain_png(png(4, 3, b"acTL" + bytes(8), b"zTXt" + b"a" * 99, b"IDAT" + b"b" * 9))

    assert plain is not None
    assert plain.pixels == 12
    assert plain == plain_png(png(4, 3, b"IDAT" + b"b" * 9))
    assert plain_png(TINY_PNG) is not None


@pytest.mark.parametrize("content", ["", "AAAA", png(0, 3), png(4, 5_000), png(4, 3)[:40], "é"])
def test_what_is_no_picture_is_none(content: str) -> None:
    """Cut, empty, huge, or something else."""
    assert plain_png(content) is None


def heaviest(exercise: str) -> ExerciseResult:
    """Return an exercise in which everything is as heavy as the judge lets it be."""
    outputs = (
        *(SavedOutput("text/html", SWELLING) for _ in range(2)),
        *(SavedOutput("image/png", png(2_000, 2_000, b"IDAT" + bytes(60_000))) for _ in range(2)),
        *(SavedOutput("text/plain", QUOTES * 20) for _ in range(20)),
    )
    cells = [
        SavedCell("markdown", PAWN + "<b>&" * 4_000),
        SavedCell("code", "1+" * 20_000 + "\n" + SPACES[:40_000], outputs),
        *[SavedCell("code", "", (SavedOutput("text/plain", ""),) * 30)] * 500,
    ]
    tests = [
        outcome(Verdict.WRONG, name=f"t{n}", public=n % 3 == 0, message=f"{n}{QUOTES * 10}")
        for n in range(20)
    ]
    code = SourceCode(text="1\n" * 100_000, cells=shown_cells(cells), marked_lines=(1,))
    result = exercise_result(*tests, source="x.ipynb", code=code)
    notes = (QUOTES[:300],) * 20
    return replace(result, exercise=exercise, notes=notes, printed=QUOTES * 500)


@pytest.fixture(scope="module")
def class_page_sizes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """Write a class in which one student hands in the worst; return the sizes of its pages."""
    folder = tmp_path_factory.mktemp("reports")
    worst = student_result("eve", *(heaviest(each.name) for each in EXERCISES))
    listed = [
        replace(heaviest(each.name), code=SourceCode(text="1+1\n" * 50_000)) for each in EXERCISES
    ]
    other = student_result("ana", exercise_result(outcome(), code=SourceCode(text="x = 1")))
    write_reports(grading_run(worst, student_result("mal", *listed), other), folder)
    return page_sizes(folder)


def page_sizes(folder: Path) -> dict[str, int]:
    """Return how large each student's page is."""
    names = {name: folder / "students" / f"{name}.html" for name in ("eve", "mal", "ana")}
    return {name: page.stat().st_size for name, page in names.items()}


def test_a_page_stays_light_whatever_was_handed_in(class_page_sizes: dict[str, int]) -> None:
    """Under two megabytes, and the others get theirs."""
    assert max(class_page_sizes.values()) < PAGE_BYTES
    assert class_page_sizes["eve"] > PAGE_BYTES / 3
