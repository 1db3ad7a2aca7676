"""What students and instructors read is written in the words of CONTRIBUTING's table."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from the_lab import LAB

from grader.authoring.starting import parts_to_write
from grader.courses.declared.table import read_table
from grader.courses.mistakes import known_mistakes

if TYPE_CHECKING:
    from grader.courses import Exercise

ROOT = Path(__file__).resolve().parents[1]
MISTAKES = known_mistakes(LAB)
LONGEST = 170  # characters of a hint: two lines in a terminal
TITLED = [*(f"ex{number:02}" for number in range(1, 11)), "lab"]  # their titles say what they test
SUITES = [f"{kind}/{name}" for kind in ("checks", "hidden") for name in TITLED]


def functions_in(file: Path) -> list[ast.FunctionDef]:
    """Return the functions of a module."""
    body = ast.parse(file.read_text("utf-8")).body
    return [each for each in body if isinstance(each, ast.FunctionDef)]


def names_in(solution: Path) -> set[str]:
    """Return which functions a module has, and which names a notebook leaves."""
    body = ast.parse(solution.read_text("utf-8")).body
    targets = [target for each in body if isinstance(each, ast.Assign) for target in each.targets]
    assigned = {target.id for target in targets if isinstance(target, ast.Name)}
    return {each.name for each in functions_in(solution)} | assigned


@cache
def avoided() -> list[str]:
    """Read which words stand in the table's second column."""
    _, _, words = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("\n## Words\n")
    rows = [line for line in words.partition("\n## ")[0].splitlines() if line.startswith("| ")]
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row.split("|")[2])]


def found_in(text: str) -> list[str]:
    """Return which of these words stand in a text, whatever their ending."""
    return [
        word
        for word in avoided()
        if re.search(rf"\b{re.escape(word)}(?:s|ed|ing|t)?\b", text, re.IGNORECASE)
    ]


def test_the_table_names_words() -> None:
    """It is read, and finds a word whatever its ending, and in no other word."""
    assert len(avoided()) > 20
    assert found_in("Whoever walks, mended it.") == ["mend", "walk", "whoever"]
    assert not found_in("An ideal amendment; a sidewalk.")


def test_a_mistake_is_told_in_terms_that_can_be_looked_up() -> None:
    """Its sentence and hints have none of the words to avoid, and a hint is two lines at most."""
    found = {
        slug: words
        for slug, known in MISTAKES.items()
        if (words := found_in("\n".join((known.sentence, *known.hints))))
    }
    hints = [hint for known in MISTAKES.values() for hint in known.hints]

    assert found == {}
    assert [hint for hint in hints if len(hint) > LONGEST] == []


@pytest.mark.parametrize("exercise", LAB.exercises, ids=lambda exercise: exercise.name)
def test_every_function_has_three_hints_for_the_blank_page(exercise: Exercise) -> None:
    """In the order of the functions, in the same words, and with the name of a tool."""
    starts = read_table(LAB.folder).starts[exercise.name]

    assert tuple(starts) == parts_to_write(LAB, exercise)
    assert {len(hints) for hints in starts.values()} == {3}
    assert not [word for hints in starts.values() for hint in hints for word in found_in(hint)]
    assert max(len(hint) for hints in starts.values() for hint in hints) <= LONGEST
    assert all(re.search(r"`[\w.]+`", tools) for _, tools, _ in starts.values())
    assert not [line for _, _, line in starts.values() if re.search(r"`[^`]*[(=+*][^`]*`", line)]


def test_a_sentence_does_not_speak_to_the_student() -> None:
    """It says `your` at most: the class page, where a teacher reads it, writes `the` there."""
    sentences = {slug: known.sentence for slug, known in MISTAKES.items()}
    to_you = re.compile(r"\byou\b", re.IGNORECASE)

    assert {slug: said for slug, said in sentences.items() if to_you.search(said)} == {}


@pytest.mark.parametrize("suite", SUITES)
def test_a_title_begins_with_what_it_tests(suite: str) -> None:
    """It says, in the same words, what they should do."""
    (file,) = LAB.folder.glob(f"{suite}_*.py")
    known = names_in(LAB.solutions / file.name)
    tests = [each for each in functions_in(file) if each.name.startswith("test_")]
    titles = [str(ast.get_docstring(each)).splitlines()[0] for each in tests]

    assert titles
    assert all(set(title.partition(":")[0].split(", ")) <= known for title in titles)
    assert not [word for title in titles for word in found_in(title)]


@pytest.mark.parametrize("solution", sorted(LAB.solutions.glob("*.py")), ids=lambda file: file.stem)
def test_an_exercise_is_told_in_terms_that_can_be_looked_up(solution: Path) -> None:
    """Its card and docstrings have none of the words to avoid; ex07 is a walk in its title."""
    text = solution.read_text("utf-8").replace("Walking downhill.", "")

    assert not found_in(" ".join(text.replace("\n# ", " ").split()))


MACHINE = [each for each in (ROOT / "grader").rglob("*.py") if LAB.folder not in each.parents]
NOT_READ = {"walk", "mend", "everybody"}  # names in code: of a kind of picture, of columns
NAME = re.compile(r"`everybody`|\beverybody = true|--everybody\b|\.everybody\b")  # in a decision
DOCUMENTS = ("README.md", "TEACHING.md", "COURSES.md", "SECURITY.md")
PAGES = [*(ROOT / "templates").glob("*.html"), *(ROOT / name for name in DOCUMENTS)]


def texts_of(file: Path) -> list[str]:
    """Return a module's texts: docstrings only of commands, where they are the help."""
    tree = ast.parse(file.read_text("utf-8"))
    bare = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    if file.parent.name == "commands":
        commands = [each for each in functions_in(file) if not each.name.startswith("_")]
        bare -= {id(each.body[0].value) for each in commands if isinstance(each.body[0], ast.Expr)}
    texts = (each for each in ast.walk(tree) if isinstance(each, ast.Constant))
    return [each.value for each in texts if isinstance(each.value, str) and id(each) not in bare]


def test_the_machine_speaks_in_these_words() -> None:
    """Its messages, the help of its commands, its pages, and what is read before one starts."""
    texts = [text for file in MACHINE for text in texts_of(file) if text not in NOT_READ]
    texts += [file.read_text("utf-8") for file in PAGES]

    assert len(texts) > 1000
    assert not found_in(NAME.sub("", "\n".join(texts)))
    assert "teacher" not in "\n".join(texts).lower()  # who grades is the instructor
