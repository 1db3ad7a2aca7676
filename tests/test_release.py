"""Tests of what students get: it works on its own, and nothing in it is hidden."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from the_lab import EXERCISES, LAB

from grader.authoring.starting import parts_to_write
from grader.courses import load_course
from grader.courses.files import PACK
from grader.courses.mistakes import known_mistakes
from grader.errors import UsageError
from grader.release import write_release

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
TEXTS = {".ini", ".ipynb", ".md", ".py", ".toml"}
# Lines that any code may have; they hand over nothing.
EVERYWHERE = {"for parameter in model.parameters():", "return loss", "with torch.no_grad():"}
WHERE_FROM = """
import sys
sys.argv = ["grader", *sys.argv[1:]]
from grader.cli import main
try:
    main()
finally:
    for module in list(sys.modules.values()):
        if module.__name__.startswith("grader"):
            print("FROM", module.__file__)
"""


def code_of(file: Path) -> str:
    """Return a file's text; a notebook's cells, one after the other."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".ipynb":
        return text
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


def lines_of(text: str) -> set[str]:
    """Return a text's lines that say something, each with single spaces."""
    lines = {" ".join(line.split()) for line in text.splitlines()}
    return {line for line in lines if len(re.findall(r"[A-Za-z_]{2,}", line)) > 1}


def solution_lines() -> Iterator[str]:
    """Go through what stands in the marked regions of the solutions."""
    for file in (ROOT / "solutions").glob("*.py"):
        regions = file.read_text(encoding="utf-8").split("### BEGIN SOLUTION")[1:]
        for region in regions:
            yield from lines_of(region.partition("### END SOLUTION")[0])


def names_of_tests(folder: str) -> set[str]:
    """Return the names of the tests in the suites of a folder."""
    trees = [ast.parse(file.read_text("utf-8")) for file in (ROOT / "grader" / folder).glob("*.py")]
    nodes = chain.from_iterable(map(ast.walk, trees))
    functions = (node.name for node in nodes if isinstance(node, ast.FunctionDef))
    return {name for name in functions if name.startswith("test_")}


@pytest.fixture
def texts(release: Path) -> dict[str, str]:
    """Return every text in the release, by its path."""
    files = [file for file in release.rglob("*") if file.suffix in TEXTS]
    return {file.relative_to(release).as_posix(): code_of(file) for file in files}


def test_no_line_of_a_solution_is_in_it(texts: dict[str, str]) -> None:
    """Apart from what the stubs show themselves, and what any code may have."""
    shown = set().union(*(lines_of(code_of(file)) for file in (ROOT / "exercises").iterdir()))
    secret = set(solution_lines()) - shown - EVERYWHERE

    assert len(secret) > 60
    assert not {name: found for name in texts if (found := secret & lines_of(texts[name]))}


def test_no_hidden_test_is_in_it(texts: dict[str, str]) -> None:
    """Neither its file nor its name, where no public check has the same."""
    hidden = names_of_tests("lab/hidden") - names_of_tests("lab/checks")
    words = set(re.findall(r"\w+", " ".join(texts.values())))

    assert len(hidden) > 70
    assert not hidden & words
    assert not [name for name in texts if "hidden/" in name or "solutions/" in name]
    assert not [name for name in texts if "attack" in name or "tests/" in name]


def test_the_stubs_are_what_the_solutions_make(release: Path) -> None:
    """Both those to work in and those that `reset` puts back, whatever `exercises/` holds."""
    with zipfile.ZipFile(release / "grader" / "lab" / PACK) as pack:
        for exercise in EXERCISES:
            for name in exercise.file_names:
                fresh = (ROOT / "exercises" / name).read_bytes()
                assert (release / "exercises" / name).read_bytes() == fresh
                assert pack.read(name) == fresh


def test_what_the_hidden_tests_come_to_is_known_without_them(release: Path) -> None:
    """The number that a student reads below the checks is the suites' own."""
    course = load_course(release / "grader" / "lab")

    assert not [each for each in course.exercises if each.hidden_suite.exists()]
    assert [each.counts for each in course.exercises] == [each.counts for each in EXERCISES]
    assert [each.title for each in course.exercises] == [each.title for each in EXERCISES]


def test_an_editor_offers_no_stub_but_the_one_to_work_in(release: Path) -> None:
    """The public checks are there to be read, and the pristine stubs are in one file."""
    for name in (name for exercise in EXERCISES for name in exercise.file_names):
        found = sorted(file.parent.name for file in release.rglob(name))
        assert found == (["checks", "exercises"] if name.endswith(".py") else ["exercises"])


def test_only_mistakes_that_the_checks_can_name_have_hints(texts: dict[str, str]) -> None:
    """The others would tell what the hidden tests look for."""
    shipped = tomllib.loads(texts["grader/lab/mistakes.toml"])
    starts = shipped.pop("not-started")  # of functions, which are all in the stubs
    everywhere = " ".join(text for name, text in texts.items() if name.endswith(".py"))

    assert "step-uphill" in shipped
    assert {key for entry in shipped.values() for key in entry} == {"sentence", "hints"}
    assert not [name for name in texts if "/wrong/" in name or "/right/" in name]
    assert {name: list(parts) for name, parts in starts.items()} == {
        each.name: list(parts_to_write(LAB, each)) for each in EXERCISES
    }
    assert shipped.keys() < known_mistakes(LAB).keys()
    assert not [slug for slug in shipped if f'"{slug}"' not in everywhere]
    assert all(
        tuple(entry["hints"]) == known_mistakes(LAB)[slug].hints for slug, entry in shipped.items()
    )


def test_it_can_go_out_without_the_hints_last_step(tmp_path: Path) -> None:
    """What nearly says it all is then in no file."""
    output = tmp_path / "lab.zip"
    write_release(LAB, output, almost=False)
    with zipfile.ZipFile(output) as archive:
        texts = [
            archive.read(f"nn-training-lab/grader/{name}").decode()
            for name in ("lab/mistakes.toml", "courses/known.toml")
        ]

    tables = [tomllib.loads(text) for text in texts]
    starts = tables[0].pop("not-started")
    assert {len(hints) for parts in starts.values() for hints in parts.values()} == {2}
    for table in tables:
        assert table
        assert {len(entry["hints"]) for entry in table.values()} == {2}


def test_the_same_lab_gives_the_same_bytes(tmp_path: Path) -> None:
    """Whoever has two of them can compare them."""
    for name in ("a.zip", "b.zip"):
        write_release(LAB, tmp_path / name, almost=True)

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_place_that_can_not_be_written_to_is_one_line(tmp_path: Path) -> None:
    """Nothing half is left behind."""
    with pytest.raises(UsageError, match=r"lab\.zip can't be written: there is no folder"):
        write_release(LAB, tmp_path / "nowhere" / "lab.zip", almost=True)
    assert not list(tmp_path.iterdir())


def test_it_is_installed_by_what_is_in_it(release: Path) -> None:
    """Its project names what the desk imports, and no more."""
    project = tomllib.loads((release / "pyproject.toml").read_text("utf-8"))["project"]
    names = [requirement.partition(">")[0] for requirement in project["dependencies"]]

    assert names == sorted(names)
    assert {"torch", "pytest", "rich", "tqdm", "typer", "watchfiles"} <= set(names)
    assert not {"jinja2", "nbconvert", "nbformat", "pygments"} & set(names)
    assert project["scripts"] == {"grader": "grader.__main__:run"}


def test_check_and_reset_work_from_it_alone(release: Path) -> None:
    """Every module of ours comes out of the zip; what a checkout has is not reached."""
    solution = (ROOT / "solutions" / "ex04_autograd.py").read_text(encoding="utf-8")
    (release / "exercises" / "ex04_autograd.py").write_text(solution, encoding="utf-8")
    checked = run(release, "check", "ex04")
    put_back = run(release, "reset", "ex04")

    assert checked.returncode == put_back.returncode == 0
    assert " checks passed. " in checked.stdout
    for output in (checked.stdout, put_back.stdout):
        places = re.findall(r"FROM (.*)", output)
        assert len(places) > 5
        assert all(Path(place).is_relative_to(release) for place in places)
    backup = release / "exercises" / "ex04_autograd.py.backup-1"
    assert backup.read_text(encoding="utf-8") == solution


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the grader that lies in a folder."""
    return subprocess.run(
        [sys.executable, "-c", WHERE_FROM, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
