"""The files of a release, by their paths in it."""

from __future__ import annotations

import json
import re
from importlib.metadata import requires
from io import BytesIO
from string import Template
from textwrap import fill
from typing import TYPE_CHECKING
from unicodedata import normalize

from grader import __version__
from grader.courses import COUNTED, PACKAGE, carried_course, resource
from grader.courses.declared.reading import FILE
from grader.courses.declared.table import FILE as MISTAKES
from grader.courses.declared.table import GENERAL
from grader.courses.files import PACK, files_in
from grader.desk.given_out import pristine
from grader.files.zipping import write_zip
from grader.release.mistakes import general_table, table_of_mistakes
from grader.release.modules import COURSE, modules_of_the_desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.courses import Course, Exercise

__all__ = ["contents"]

README_WIDTH = 100
DISTRIBUTION = "nn-training-lab"
NEEDED = {
    "cloudpickle",
    "msgspec",
    "numpy",
    "pytest",
    "rich",
    "torch",
    "torchvision",
    "tqdm",
    "typer",
    "watchfiles",
}
DIGITS, READER = "data/digits", "data/reader.npz"
PYTEST = "judge/pytest.ini"


def contents(course: Course, *, almost: bool) -> dict[str, bytes]:
    """Return all files.

    Args:
        course: what students work on.
        almost: whether the hints' third step is in it.

    Raises:
        UsageError: an exercise has no public checks, no hidden suite, or neither a solution nor a
            stub; the message names the file.
        AuthoringError: a stub can't be made from its solution.
    """
    needed = modules_of_the_desk(course)
    modules = {name: file.read_bytes() for name, file in needed.items()}
    table = table_of_mistakes(course, (code.decode() for code in modules.values()), almost=almost)
    return {
        **modules,
        f"grader/{PYTEST}": (PACKAGE / PYTEST).read_bytes(),
        f"{COURSE}/{FILE}": (course.folder / FILE).read_bytes(),
        f"{COURSE}/{MISTAKES}": table.encode(),
        GENERAL.relative_to(PACKAGE.parent).as_posix(): general_table(almost=almost).encode(),
        f"{COURSE}/{COUNTED}": "\n".join(_counted(course)).encode(),
        **dict(_exercises(course)),
        **dict(_beside(course)),
        **(dict(_digits()) if course.folder == carried_course().folder else {}),
        **dict(_project(course)),
    }


def _counted(course: Course) -> Iterator[str]:
    """Say what each hidden suite comes to, for those who don't have it."""
    yield "# What the hidden tests come to; they are not in here.\n"
    for exercise in course.exercises:
        counts = exercise.counts
        yield f"[{exercise.name}]\npoints = {counts.points}\nhidden_tests = {counts.hidden_tests}\n"


def _exercises(course: Course) -> Iterator[tuple[str, bytes]]:
    """Go through the stubs: once to work in, once for `reset`, in one file.

    An editor that is asked for `hw3` offers no file that is not to be worked in.
    """
    stubs: dict[str, bytes] = {}
    for exercise in course.exercises:
        stubs |= _stubs(course, exercise)
    for name, content in stubs.items():
        yield f"exercises/{name}", content
    pack = BytesIO()
    write_zip(pack, sorted(stubs.items()))
    yield f"{COURSE}/{PACK}", pack.getvalue()


def _stubs(course: Course, exercise: Exercise) -> dict[str, bytes]:
    """Return what is given out for an exercise, by path."""
    given = {name: file.read_bytes() for name, file in exercise.given.items()}
    code = [name for name in exercise.file_names if name.endswith((".py", ".ipynb"))]
    return {name: pristine(course, exercise, name) for name in code} | given


def _beside(course: Course) -> Iterator[tuple[str, bytes]]:
    """Go through what is put beside a file that is checked: given modules, and data."""
    for exercise in course.exercises:
        for name, file in exercise.given.items():
            yield f"{COURSE}/given/{exercise.name}/{name}", file.read_bytes()
        for name, file in files_in(exercise.data).items():
            yield f"{COURSE}/data/{name}", file.read_bytes()
            yield f"exercises/data/{name}", file.read_bytes()  # to run code where it is written


def _digits() -> Iterator[tuple[str, bytes]]:
    for file in sorted((resource("data") / "digits").iterdir()):
        yield f"grader/_lab/{DIGITS}/{file.name}", file.read_bytes()
    yield f"grader/_lab/{READER}", resource(READER).read_bytes()


def _project(course: Course) -> Iterator[tuple[str, bytes]]:
    """Go through what stands at the top: how to install it, and what to do then."""
    first = course.exercises[0]
    values = {
        "package": _package(course),
        "description": json.dumps(course.title, ensure_ascii=False),
        "version": __version__,
        "dependencies": "\n".join(_dependencies()),
        "title": course.title,
        "about": fill(course.about, README_WIDTH) or "Work through the exercises in their order.",
        "first": course.short(first),
        "file": first.file_names[0],
    }
    yield "LICENSE", resource("LICENSE").read_bytes()
    for file in sorted((resource("templates") / "release").iterdir()):
        text = Template(file.read_text(encoding="utf-8")).safe_substitute(values)
        yield file.name, text.encode()


def _package(course: Course) -> str:
    """Return what the students' package is called: of a course, by its title.

    It begins with a word of ours: no course is then called as something that it needs.
    """
    if course.folder == carried_course().folder:
        return DISTRIBUTION
    title = normalize("NFKD", course.title.casefold()).encode("ascii", "ignore").decode()
    return "-".join(["course", *re.findall(r"[a-z0-9]+", title)])


def _dependencies() -> Iterator[str]:
    for requirement in sorted(requires(DISTRIBUTION) or ()):
        name = requirement.partition(">")[0]
        if name in NEEDED:
            yield f'  "{requirement}",'
