"""The files of a release, by their paths in it."""

from __future__ import annotations

from importlib.metadata import requires
from io import BytesIO
from string import Template
from typing import TYPE_CHECKING

from grader import __version__
from grader.courses import COUNTED, PACKAGE, carried_course, resource
from grader.courses.files import PACK
from grader.desk.given_out import pristine
from grader.files.zipping import write_zip
from grader.lab import EXERCISES
from grader.release.mistakes import table_of_mistakes
from grader.release.modules import modules_of_the_desk

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["contents"]

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
DIGITS = "data/digits"
ALSO_READ = ("judge/pytest.ini", "lab/course.toml")


def contents(*, almost: bool) -> dict[str, bytes]:
    """Return all files.

    Args:
        almost: whether the hints' third step is in it.
    """
    modules = {f"grader/{name}": (PACKAGE / name).read_bytes() for name in modules_of_the_desk()}
    table = table_of_mistakes((code.decode() for code in modules.values()), almost=almost)
    return {
        **modules,
        "grader/lab/mistakes.toml": table.encode(),
        **{f"grader/{name}": (PACKAGE / name).read_bytes() for name in ALSO_READ},
        f"grader/lab/{COUNTED}": "\n".join(_counted()).encode(),
        **dict(_exercises()),
        **dict(_digits()),
        **dict(_project()),
    }


def _counted() -> Iterator[str]:
    """Say what each hidden suite comes to, for those who don't have it."""
    yield "# What the hidden tests come to; they are not in here.\n"
    for exercise in EXERCISES:
        counts = exercise.counts
        yield f"[{exercise.name}]\npoints = {counts.points}\nhidden_tests = {counts.hidden_tests}\n"


def _exercises() -> Iterator[tuple[str, bytes]]:
    """Go through the stubs: once to work in, once for `reset`, in one file.

    An editor that is asked for `hw3` offers no file that is not to be worked in.
    """
    stubs = {
        name: pristine(carried_course(), exercise, name)
        for exercise in EXERCISES
        for name in exercise.file_names
    }
    for name, content in stubs.items():
        yield f"exercises/{name}", content
    pack = BytesIO()
    write_zip(pack, sorted(stubs.items()))
    yield f"grader/lab/{PACK}", pack.getvalue()


def _digits() -> Iterator[tuple[str, bytes]]:
    for file in sorted((resource("data") / "digits").iterdir()):
        yield f"grader/_lab/{DIGITS}/{file.name}", file.read_bytes()


def _project() -> Iterator[tuple[str, bytes]]:
    """Go through what stands at the top: how to install it, and what to do then."""
    values = {"version": __version__, "dependencies": "\n".join(_dependencies())}
    yield "LICENSE", resource("LICENSE").read_bytes()
    for file in sorted((resource("templates") / "release").iterdir()):
        text = Template(file.read_text(encoding="utf-8")).safe_substitute(values)
        yield file.name, text.encode()


def _dependencies() -> Iterator[str]:

    for requirement in sorted(requires(DISTRIBUTION) or ()):
        name = requirement.partition(">")[0]
        if name in NEEDED:
            yield f'  "{requirement}",'
