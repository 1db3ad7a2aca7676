"""Hand-ins that are nearly the same, for their instructor to look at; and those that are not."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from browser import assert_good_page
from msgspec.structs import replace
from read_page import Page
from report_samples import exercise_result, grading_run, student_result
from the_lab import LAB

from grader.reports import write_reports
from grader.reports.attention import near_identical
from grader.reports.attention.near_identical import SHARED
from grader.reports.attention.own_code import FEWEST, MOST, fingerprints
from grader.results.decided import Kind, Ruling
from grader.results.verdicts import SourceCode

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from grader.courses import Exercise
    from grader.results.verdicts import StudentResult

EXERCISE = "ex06_manual_update"
HEADING = "Nearly identical code, to look at"
OWN = """\
def moved(model, lr, history=None):
    # the bias goes first, since its slope is the smaller one
    pairs = [(name, part) for name, part in model.named_parameters() if part.grad is not None]
    pairs.sort(key=lambda pair: (not pair[0].endswith("bias"), pair[1].numel()))
    for name, part in pairs:
        slope = part.grad.detach().clone()
        if slope.isnan().any():
            raise ValueError("no step for " + name)
        if history is not None:
            history.setdefault(name, []).append(float(slope.abs().max()))
        part.data.add_(slope.mul(-lr))
        part.grad.zero_()
    return len(pairs)
"""
OTHER = """\
def moved(model, lr):
    total = 0
    with torch.no_grad():
        for layer in model.children():
            if hasattr(layer, "weight"):
                layer.weight.copy_(torch.sub(layer.weight, layer.weight.grad, alpha=lr))
                layer.weight.grad = torch.zeros_like(layer.weight)
                total += layer.weight.nelement()
            while isinstance(getattr(layer, "bias", None), torch.Tensor) and total >= 0:
                layer.bias.copy_(torch.sub(layer.bias, layer.bias.grad, alpha=lr))
                layer.bias.grad = None
                break
    print("moved", total, "numbers")
"""


def renamed(code: str) -> str:
    """Return code with other names of variables, empty lines and another comment at its end."""
    for old, new in (("slope", "g"), ("pairs", "todo"), ("part", "p"), ("history", "log")):
        code = re.sub(rf"\b{old}\b", new, code)
    return code.replace("\n    for", "\n\n    for") + "# done\n"


def student(name: str, code: str, exercise: str = EXERCISE, **about: str) -> StudentResult:
    """Return a student who wrote some code for one exercise."""
    result = exercise_result(exercise=exercise, code=SourceCode(text=code))
    return student_result(name, result, **about)


def shown(folder: Path, *students: StudentResult) -> str:
    """Return what the class page says of code that is alike; nothing where it says nothing."""
    write_reports(grading_run(*students), folder)
    words = Page((folder / "index.html").read_text(encoding="utf-8")).words
    return words.partition(HEADING)[2].partition("Exercises")[0]


@pytest.mark.parametrize("exercise", ["", EXERCISE], ids=["all", "one exercise"])
def test_whose_file_an_instructor_replaced_is_not_compared(tmp_path: Path, exercise: str) -> None:
    """The decision may be that a partner's file is graded; one for another exercise is not."""
    taken = Ruling(kind=Kind.HAND_IN, exercise=exercise, said="Taken from another file (ana.py)")
    other = replace(taken, exercise="ex04_autograd")
    ana, cy = student("ana", OWN), student("cy", OWN)

    assert not shown(tmp_path / "taken", ana, replace(cy, rulings=(taken,)))
    assert "ana, cy" in shown(tmp_path / "other", ana, replace(cy, rulings=(other,)))


def test_a_copy_with_other_names_is_shown_and_nobody_else(tmp_path: Path) -> None:
    """Names, empty lines and a comment are all that differs; what Ben wrote is another thing."""
    said = shown(tmp_path, student("ana", OWN), student("ben", OTHER), student("cy", renamed(OWN)))

    assert re.search(r"ana, cy \S+ \d\d\s% of what is compared is the same", said)
    assert "ben" not in said
    assert "This proves nothing" in said


def test_a_copy_with_some_lines_of_its_own_says_how_much_is_the_same(tmp_path: Path) -> None:
    """It is the share of what the one wrote who wrote more."""
    more = (
        OWN
        + "    # nothing is given back to the caller here\n    model.zero_grad(set_to_none=True)\n"
    )

    assert re.search(
        r"ana, cy \S+ 9\d\s% of what is", shown(tmp_path, student("ana", OWN), student("cy", more))
    )


def test_who_handed_in_the_same_is_shown_as_such(tmp_path: Path) -> None:
    """Spaces at the ends of lines are no difference."""
    said = shown(tmp_path, student("ana", OWN), student("cy", OWN.replace("\n", "  \n")))

    assert f"ana, cy {EXERCISE} all of what is compared is the same" in said


def test_the_page_with_it_is_good(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Light and dark, narrow and on paper; more groups than are shown at once are folded."""
    monkeypatch.setattr(near_identical, "SHOWN", 1)
    pairs = {"ana": OWN, "ben": OTHER, "cy": OWN, "dan": OTHER}

    assert "1 more group" in shown(tmp_path, *(student(who, code) for who, code in pairs.items()))
    assert_good_page(browser, tmp_path / "index.html")


def test_it_is_on_the_class_page_alone(tmp_path: Path) -> None:
    """No student reads it, and no program hands it on."""
    copies = student("ana", OWN), student("cy", OWN)
    write_reports(grading_run(*copies), tmp_path, anonymous=True)
    others = [file for file in tmp_path.rglob("*") if file.suffix in {".html", ".json", ".csv"}]

    saying = [file.name for file in others if "Nearly identical" in file.read_text("utf-8")]
    assert saying == ["index.html"]


def test_a_large_group_has_a_list_that_says_what_it_does_not_prove(tmp_path: Path) -> None:
    """The class page names as many as of any other group; the list has all of them."""
    alike = [student(f"s{number}", OWN) for number in range(9)]
    others = [student(f"t{number}", "x = 1\n") for number in range(27)]
    said = shown(tmp_path, *alike, *others)
    pages = {file.name: file for file in tmp_path.rglob("*.html")}
    saying = {name for name, file in pages.items() if "identical" in file.read_text("utf-8")}
    page = Page(pages["alike-1.html"].read_text(encoding="utf-8"))

    assert "s6, s7 and 1 more" in said
    assert saying == {"index.html", "alike-1.html"}
    assert all(each.student in page.words for each in alike)
    assert "t0" not in page.words
    assert "This proves nothing" in page.words


def test_the_exercise_and_its_solution_do_not_count(tmp_path: Path) -> None:
    """Who has the right answer has what all others have who have it."""
    name = "ex08_training_loop"
    text = (LAB.solutions / f"{name}.py").read_text("utf-8")
    students = (student(each, text, name) for each in ("ana", "ben"))

    assert not shown(tmp_path, *students)


def test_the_words_of_an_earlier_edition_do_not_count(tmp_path: Path) -> None:
    """Two students who began with last year's files have the same docstrings and comments."""
    words = "".join(
        f"    Word {n} of step {n}: then it goes on (as in ex{n:02}).\n" for n in range(40)
    )
    text = f'"""A card.\n{words}"""\ndef moved(x):\n    """Do it.\n\n{words}    """\n    return x\n'
    text += "".join(f"# {line.strip()}\n" for line in words.splitlines())

    assert not shown(tmp_path, student("ana", text), student("ben", text))


def test_what_many_wrote_does_not_count(tmp_path: Path) -> None:
    """Five of a class of nine: it was in the lecture, or is how one does it."""
    same = [student(f"s{number}", OWN) for number in range(5)]
    others = [student(f"t{number}", OTHER.replace("moved", f"f{number}")) for number in range(4)]

    assert "s0" not in shown(tmp_path, *same, *others[:1])


def test_a_few_lines_say_nothing(tmp_path: Path) -> None:
    """Two students write them by themselves."""
    few = "".join(OWN.splitlines(keepends=True)[:6])

    assert not shown(tmp_path, student("ana", few), student("ben", few))


def test_a_team_that_handed_in_together_is_not_shown(tmp_path: Path) -> None:
    """It is one hand-in."""
    team = (student(each, OWN, group="Team 3") for each in ("ana", "ben"))

    assert not shown(tmp_path, *team)


@pytest.mark.parametrize("exercise", LAB.exercises, ids=lambda each: each.name)
def test_works_that_were_written_independently_are_not_alike(exercise: Exercise) -> None:
    """Here only the solution's lines are given: those of the works count."""
    solution = (LAB.solutions / f"{exercise.name}.py").read_text("utf-8")
    given = frozenset(map(str.strip, solution.splitlines()))
    works = (LAB.folder / "right" / exercise.name).glob("*.py")
    written = [set(fingerprints(file.read_text("utf-8"), given)) for file in works]

    for one, other in combinations(written, 2):
        both = len(one & other)
        assert both < FEWEST or both < 0.7 * SHARED * max(len(one), len(other))


@pytest.mark.parametrize(
    "text", ["x = " + "(" * 3_000_000, "a.b(c)\n" * 500_000, "'" * 2_000_000, "\0\ud800" * 10_000]
)
def test_whatever_was_handed_in_little_is_read_and_kept(text: str) -> None:
    """And it is never parsed."""
    assert len(fingerprints(text)) <= MOST
