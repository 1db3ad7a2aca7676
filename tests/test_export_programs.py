"""The formats for programs, each read back by the rules of those who read it."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from lms.taking_back import gradescope as to_gradescope
from lms.taking_back import junit as to_junit
from lms.taking_back import nbgrader as to_nbgrader
from results_samples import entry, exercise, export, outcome, write_results
from the_lab import LAB

from grader.exports.formats import Request
from grader.exports.registry import FORMATS
from grader.exports.results import read_results

if TYPE_CHECKING:
    from pathlib import Path

SUITE_LINE = 'given = expect(answer["output"]).tensor(shape=(7, 10))'
FILES = {
    "gradescope": "gradescope.zip",
    "nbgrader": "nbgrader.csv",
    "junit": "junit.xml",
    "csv": "tests.csv",
    "mail": "mail.csv",
}
MANY = 3_000  # students of a large class
TABLES = ["nbgrader", "csv", "mail"]
HOSTILE = (
    '=HYPERLINK("http://x.org","a")',
    "+1-1",
    "@SUM(A1)",
    "-2",
    "\uff1d1",
    "a,=1",
    'O"Brien\nJr',
    "x\r\ny",
    "\u202eevil\u2066",
    "<b>&amp;]]></testsuite>",
    "\x1b[31mred\x00\x08",
    "../../etc/passwd",
    "..",
    "\ud83d\ude00 \u7f8e\u54b2 Nguy\u1ec5n",
    "C:\\x|y*?",
    " ",
)


def exported(folder: Path, wanted: str, *students: dict[str, Any], schema: int = 2) -> Path:
    """Export students; return the file."""
    path = write_results(folder, *students, schema=schema)
    result = export(wanted, "--results", path)
    assert result.exit_code == 0, result.exception
    return folder / FILES[wanted]


def table(path: Path) -> list[dict[str, str]]:
    """Read a CSV strictly."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def submissions(path: Path) -> dict[str, dict[str, Any]]:
    """Read a zip for Gradescope by its rules; return the results by folder."""
    with zipfile.ZipFile(path) as archive:
        names = [each for each in archive.namelist() if each != "students.csv"]
        contents = [archive.read(name) for name in names]
    folders = [name.removesuffix("/results.json") for name in names]
    assert all(re.fullmatch(r"\w[\w.-]*", folder) for folder in folders)
    assert len({each.casefold() for each in folders}) == len(folders)
    found = {}
    for folder, content in zip(folders, contents, strict=True):
        results = found[folder] = json.loads(content)
        points = sum(test.get("score", 0) for test in results["tests"])
        most = sum(test.get("max_score", 0) for test in results["tests"])
        assert to_gradescope.read_results(content) == (points, most)
        assert type(results["score"]) is float
    return found


def folders_of(path: Path) -> list[list[str]]:
    """Return whose folder is whose."""
    with zipfile.ZipFile(path) as archive:
        lines = archive.read("students.csv").decode().splitlines()
    return [row[:2] for row in csv.reader(lines)][1:]


def suites(path: Path) -> list[ET.Element]:
    """Read JUnit's XML by its readers' rules."""
    content = path.read_bytes()
    root = ET.fromstring(content)  # noqa: S314 - ours

    assert len(to_junit.read_suites(content)) == len(root)
    return list(root)


def facts(part: ET.Element) -> dict[str, str]:
    """Return the properties of a suite or a case."""
    found = part.findall("properties/property")
    return {str(each.get("name")): str(each.get("value")) for each in found}


WRONG = outcome("wrong", message="Your loss is 7.0.\nin line 3", hint="Look.\nTwice.", score=0.5)


def test_gradescope_gets_what_the_page_says(tmp_path: Path) -> None:
    """Points, sentences, messages and hints, but no name of a hidden test's function."""
    check = outcome(public=True, max_score=0.0, score=0.0, title="It runs.")
    students = entry("ana", exercise(WRONG, outcome(), check), notes=["two folders"])
    path = exported(tmp_path, "gradescope", students)

    found = submissions(path)["ana"]
    assert (found["score"], found["output"]) == (2.5, "two folders")
    wrong, right, informs = found["tests"]
    assert (wrong["status"], wrong["score"], wrong["max_score"]) == ("failed", 0.5, 2.0)
    assert wrong["name"] == "ex01_losses: The loss is the mean."
    assert wrong["output"] == "Your loss is 7.0.\nin line 3\nHint: Look.\nHint: Twice."
    assert (right["status"], right["output"]) == ("passed", "")
    assert (informs["status"], "score" in informs) == ("passed", False)
    assert "test_loss" not in json.dumps(found)


def test_what_was_decided_is_told_with_the_hand_in(tmp_path: Path) -> None:
    """To students in Gradescope; nbgrader's columns have what being late costs."""
    late = {
        "due": "2026-11-27T23:59:00+01:00",
        "deduction": 0.5,
        "lines": ["4 − 0.5 = 3.5 points."],
    }
    points = {"decision": "points", "said": "+1 point", "reason": "Asked in class", "change": 1.0}
    decisions = [{**points, "exercise": "ex01_losses"}, {"decision": "comment", "text": "**Good**"}]
    write_results(tmp_path, entry("11", score=1.5, decisions=decisions, lateness=late))
    export("gradescope", "--results", tmp_path)
    export("nbgrader", "--results", tmp_path)

    with zipfile.ZipFile(tmp_path / "gradescope.zip") as archive:
        (name,) = (each for each in archive.namelist() if each.endswith("results.json"))
        told = json.loads(archive.read(name))["output"]
    row = (tmp_path / "nbgrader.csv").read_text("utf-8").splitlines()[1]
    decided = "ex01_losses: +1 point by decision: Asked in class\n**Good**\n4 − 0.5 = 3.5 points."
    assert told == decided
    assert row.endswith("2,0.5,1.5,2")
    assert ",2026-11-27 22:59:00," in row


def test_a_hidden_test_without_a_sentence_stays_unnamed(tmp_path: Path) -> None:
    """Its function's name might tell what it asks."""
    path = exported(tmp_path, "gradescope", entry("ana", exercise(outcome(title=""))))

    assert submissions(path)["ana"]["tests"][0]["name"] == "ex01_losses: test"


def test_gradescope_gets_nothing_that_a_page_would_not_show(tmp_path: Path) -> None:
    """Neither a hidden test's numbers nor a line of a hidden suite."""
    numbers = "It was tensor([0.12345, 0.6789])."
    messages = [numbers, f"It says `{SUITE_LINE}` there."]
    tests = [outcome("wrong", message=each) for each in messages]
    public = outcome("wrong", message=numbers, public=True)
    student = entry("ana", exercise(*tests, public), notes=[SUITE_LINE])
    path = exported(tmp_path, "gradescope", student)

    assert "not shown" in submissions(path)["ana"]["output"]
    said = [test["output"] for test in submissions(path)["ana"]["tests"]]
    assert "0.12345" not in said[0]
    assert said[1] == "This text is not shown here. Your instructor can see it."
    assert said[2] == numbers


def test_a_group_shares_the_folder_of_its_submission(tmp_path: Path) -> None:
    """A folder per submission, which its list gives to each member."""
    place = "assignment_7_export/submission_31"
    students = [entry(name, handed_in_as=place) for name in ("ana", "bo")]
    odd = entry("cy", exercise(outcome(), outcome()), handed_in_as=place)
    path = exported(tmp_path, "gradescope", *students, odd)

    assert {name: found["score"] for name, found in submissions(path).items()} == {
        "submission_31": 2.0,
        "submission_31-2": 4.0,
    }
    assert folders_of(path) == [
        ["submission_31", "ana"],
        ["submission_31", "bo"],
        ["submission_31-2", "cy"],
    ]


def test_equal_names_of_pages_get_folders_of_their_own(tmp_path: Path) -> None:
    """Also where they differ in case alone, and without any page."""
    pages = ["students/ana.html", "students/Ana.html", None, ""]
    ids = ["1", "2", "ana", "=1"]
    people = zip(ids, pages, strict=True)
    path = exported(tmp_path, "gradescope", *(entry(each, page=page) for each, page in people))

    assert folders_of(path) == [["ana", "1"], ["Ana-2", "2"], ["ana-3", "ana"], ["1", "'=1"]]
    assert len(submissions(path)) == 4


@pytest.mark.parametrize("wanted", FILES)
@pytest.mark.parametrize("schema", [1, 2])
def test_hostile_names_are_read_back_as_names(tmp_path: Path, wanted: str, schema: int) -> None:
    """Each reader finds every student, and no cell is a formula."""
    students = [
        entry(f"{number}{text}", exercise(outcome("wrong", title=text, message=text)),
              name=text, section=text, email="a@b.org", notes=[text], unclaimed=[text])
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    path = exported(tmp_path, wanted, *students, schema=schema)

    if wanted == "gradescope":
        assert len(submissions(path)) == len(folders_of(path)) == len(HOSTILE)
    elif wanted == "junit":
        names = [each.get("name") or "" for each in suites(path)]
        assert len(names) == len(HOSTILE)
        assert not [each for each in "".join(names) if unicodedata.category(each) in {"Cc", "Cf"}]
    else:
        rows = table(path)
        assert len(rows) == (0 if wanted == "mail" and schema == 1 else len(HOSTILE))
        assert wanted != "nbgrader" or len(to_nbgrader.read_grades(path.read_bytes())) == len(rows)
        cells = [cell for row in rows for cell in row.values()]
        starts = [unicodedata.normalize("NFKC", cell).lstrip()[:1] for cell in cells]
        assert not set(starts) & set("=+-@")
        assert "\u202e" not in "".join(cells)


def test_nbgrader_reads_its_own_columns(tmp_path: Path) -> None:
    """Scores add up, times are UTC, and a name is split only where a comma says how."""
    path = exported(
        tmp_path, "nbgrader",
        entry("al12", name="Li, Ana", email="ana@b.org", submitted_at="2026-05-04T12:00:00+02:00"),
        entry("bo", exercise(WRONG), name="Nguyen Thi Bo", submitted_at="yesterday"),
        entry("cy", exercise(outcome("missing"))),
    )  # fmt: skip

    ana, bo = table(path)
    assert to_nbgrader.read_grades(path.read_bytes()) == {
        ("Week 3", "al12"): (2.0, 2.0),
        ("Week 3", "bo"): (0.5, 2.0),
    }
    assert list(ana.values()) == [
        "Week 3", "", "2026-05-04 10:00:00", "al12", "Li", "Ana", "ana@b.org", "2", "0", "2", "2",
    ]  # fmt: skip
    assert (bo["last_name"], bo["first_name"], bo["timestamp"]) == (
        "Nguyen Thi Bo",
        "",
        "yesterday",
    )
    assert (
        float(bo["raw_score"]) - float(bo["late_submission_penalty"]) == float(bo["score"]) == 0.5
    )


def test_junit_shows_every_verdict(tmp_path: Path) -> None:
    """A suite per student; not handed in is skipped, our own fault is an error, else a failure."""
    crash = outcome("crashed", message="ValueError\nin line 3", mistake="sum-not-mean")
    broken = exercise(outcome("missing"), exercise="ex02_heads", source="ex02_heads.py")
    path = exported(
        tmp_path, "junit",
        entry("ana", exercise(outcome(), WRONG, crash), name="Ana Li", section="B", late=True),
        entry("bo", exercise(outcome("missing")), broken),
        entry("cy", exercise(outcome("grader_fault"))),
    )  # fmt: skip

    ana, bo, cy = suites(path)
    assert [each.get("name") for each in (ana, bo, cy)] == ["Ana Li (ana)", "bo", "cy"]
    assert facts(ana) == {
        "student": "ana", "section": "B", "late": "yes", "score": "2.5", "max_score": "6",
    }  # fmt: skip
    failure = ana.findall("testcase")[2].find("failure")
    assert failure is not None
    assert (failure.get("type"), failure.get("message")) == ("crashed", "ValueError")
    assert failure.text == "ValueError\nin line 3"
    assert facts(ana.findall("testcase")[2])["mistake"] == "sum-not-mean"
    assert [each.tag for case in bo.findall("testcase") for each in case[1:]] == [
        "skipped", "failure",
    ]  # fmt: skip
    assert cy.find("testcase/error") is not None


@pytest.mark.parametrize("wanted", ["gradescope", "junit", "csv"])
def test_a_message_without_end_is_cut(tmp_path: Path, wanted: str) -> None:
    """No reader chokes on what a submission has raised."""
    endless = outcome("crashed", message="x" * 10**6, title="y" * 10**6)
    path = exported(tmp_path, wanted, entry("ana", exercise(endless)))

    assert path.stat().st_size < 100_000


def test_statistics_have_a_row_per_test(tmp_path: Path) -> None:
    """Nobody is left out; what the grader failed to judge has no points."""
    path = exported(
        tmp_path, "csv",
        entry("ana", exercise(WRONG, outcome("grader_fault")), name="Ana", late=False),
        entry("bo", exercise(outcome("missing"))),
    )  # fmt: skip

    rows = table(path)
    assert [(row["student"], row["verdict"]) for row in rows] == [
        ("ana", "wrong"), ("ana", "grader_fault"), ("bo", "missing"),
    ]  # fmt: skip
    assert [(row["score"], row["max_score"]) for row in rows] == [
        ("0.5", "2"),
        ("", ""),
        ("0", "2"),
    ]
    assert (rows[0]["late"], rows[2]["late"], rows[0]["public"]) == ("no", "", "no")
    assert rows[0]["test"] == "test_loss_is_the_mean_1"


def test_mail_has_one_address_and_the_page_to_attach(tmp_path: Path) -> None:
    """An address that would add another or a header is none; nor is a page that is not there."""
    page = tmp_path / "students" / "ana.html"
    page.parent.mkdir()
    page.touch()
    bad = ["", "ana", "a@b.org\nBcc: c@d.org", "a@b.org, c@d.org", "a@b.org;c@d.org", "<a@b.org>"]
    path = exported(
        tmp_path, "mail",
        entry("ana", name="Ana Li", email="ana@b.org"),
        entry("bo", email="bo@b.org", page="students/../results.json"),
        entry("cy", email="cy@b.org", page=str(page)),
        *(entry(f"x{number}", email=each) for number, each in enumerate(bad)),
    )  # fmt: skip

    assert [list(row.values()) for row in table(path)] == [
        ["ana@b.org", "Ana Li", "ana", "2", "2", str(page.absolute())],
        ["bo@b.org", "bo", "bo", "2", "2", ""],
        ["cy@b.org", "cy", "cy", "2", "2", ""],
    ]


@pytest.fixture(scope="module")
def large_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the results of 3,000 students."""
    folder = tmp_path_factory.mktemp("large")
    students = (entry(f"s{number}", email=f"s{number}@b.org") for number in range(MANY))
    write_results(folder, *students)
    return folder


@pytest.mark.parametrize("wanted", FILES)
def test_a_large_class_is_written_whole(large_class: Path, wanted: str) -> None:
    """Everybody is in it."""
    path = large_class / FILES[wanted]
    with path.open("wb") as file:
        results = read_results(large_class / "results.json")
        done = FORMATS[wanted].render(
            Request(results=results, course=LAB, folder=large_class), file
        )

    assert done.written == MANY
    assert not done.left_out
    if wanted in TABLES:
        assert len(table(path)) == MANY
    else:
        assert len(suites(path) if wanted == "junit" else submissions(path)) == MANY


def test_all_marks_of_a_large_class_are_filled_in(large_class: Path) -> None:
    """Each in its row, whatever order the rows are in."""
    heading = "Student,ID,SIS Login ID,Section,Week 3 (1)\n    Points Possible,,,,2.00\n"
    rows = (f'"Li, A{number}",{number},s{number},A,\n' for number in reversed(range(MANY)))
    given = large_class / "book.csv"
    given.write_text(heading + "".join(rows), encoding="utf-8")
    result = export("canvas", "--results", large_class, "--into", given)

    assert "Wrote 3,000 students" in result.stdout
    filled = (large_class / "book-filled.csv").read_text(encoding="utf-8")
    assert filled == given.read_text(encoding="utf-8").replace(",A,\n", ",A,2\n")
