"""The shape of the code: which way imports run, what packages offer, what a start costs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "grader"
# What stands in a row imports nothing of ours but the rows above it.
LAYERS = (
    {"__init__", "errors"},
    {"results"},
    {"courses", "files", "text"},
    {"authoring", "guest", "lists", "pictures", "submissions"},
    {"roster"},
    {"sandbox"},
    {"answers"},
    {"asking"},
    {"expecting"},
    {"suite"},
    {"judge"},
    {"digits", "leaks", "play", "runs"},
    {"exports", "reports"},
    {"book", "desk", "doctor", "proving", "redteam"},
    {"cluster", "learning"},
    {"bundles", "release"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
# What each part of a course may import of ours, and of itself.
OF_A_COURSE = {
    "beside": {"beside", "grader.guest.probing"},
    "kit": {"beside", "grader.errors", "grader.guest.probing", "grader.suite", "kit"},
}
OF_A_COURSE |= {"checks": OF_A_COURSE["kit"], "hidden": OF_A_COURSE["kit"]}
LAB = PACKAGE / "lab"
OF_THE_LAB = re.compile(r"mnist|\bex\d\d|lab_", re.IGNORECASE)
MOST_MODULES = 12  # in a folder
SLOW = {"distributed", "torch", "pytest", "jinja2", "numpy", "IPython", "nbformat", "rich.console"}


def module_name(file: Path) -> str:
    """Return the dotted name of a module's file, as it is imported."""
    of_the_lab = file.is_relative_to(LAB) and file.parent != LAB
    parts = file.relative_to(LAB if of_the_lab else ROOT).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


WORKS = {PACKAGE / "lab" / kind for kind in ("play", "right", "wrong")}  # no modules of ours
MODULES = {
    module_name(file): file
    for file in sorted(PACKAGE.rglob("*.py"))
    if WORKS.isdisjoint(file.parents)
}


def part(module: str) -> str:
    """Return which part of the grader a module belongs to: a folder, or a module at the top.

    What the lab consists of are parts of their own.
    """
    first, *names = module.split(".")
    if first in OF_A_COURSE:
        return first
    return names[0] if names else "__init__"


@cache
def tree_of(module: str) -> ast.Module:
    """Parse a module, once for all tests; nobody changes it."""
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imports_in(tree: ast.AST) -> Iterator[str]:
    """Name the modules of ours that code imports, also inside functions."""
    ours = {"grader", *OF_A_COURSE}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] in ours)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ours:
            inner = (f"{node.module}.{name.name}" for name in node.names)
            yield from (each if each in MODULES else str(node.module) for each in inner)


def without_type_checking(tree: ast.Module) -> ast.Module:
    """Return it without what only type checkers import."""
    body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    ]
    return ast.Module(body, type_ignores=[])


def public_names(tree: ast.Module) -> Iterator[str]:
    """Name what a package's `__init__` imports or defines for others."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            yield from (name.asname or name.name for name in node.names)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def exported(module: str) -> list[str]:
    """Return a module's `__all__`."""
    names: list[str] = import_module(module).__all__
    return names


EXPORTING = [name for name in MODULES if "__all__ = [" in MODULES[name].read_text("utf-8")]


def test_every_part_of_the_grader_has_its_layer() -> None:
    """A new folder is placed before it is used."""
    placed = [name for layer in LAYERS for name in layer]

    assert sorted(placed) == sorted({part(module) for module in MODULES} - OF_A_COURSE.keys())


def test_imports_run_one_way() -> None:
    """A module imports its own package and the layers before it, wherever the import stands."""
    found = {
        module: foreign
        for module in MODULES
        if part(module) not in OF_A_COURSE
        and (foreign := {part(name) for name in imports_in(tree_of(module))} - allowed_in(module))
    }

    assert found == {}


def allowed_in(module: str) -> set[str]:
    """Return which parts a module may import."""
    place = next(place for place, layer in enumerate(LAYERS) if part(module) in layer)
    return {part(module)}.union(*LAYERS[:place])


@pytest.mark.parametrize("name", OF_A_COURSE)
def test_a_course_imports_the_suites_language_and_its_own(name: str) -> None:
    """What goes into the sandbox has nothing of the judge's side, as other courses' must have."""
    modules = [module for module in MODULES if part(module) == name]
    allowed = OF_A_COURSE[name]
    foreign = {
        (module, found)
        for module in modules
        for found in imports_in(tree_of(module))
        if found not in allowed and found.split(".")[0] not in allowed - {"grader"}
    }

    assert modules
    assert not foreign


def test_the_machine_knows_nothing_of_the_lab() -> None:
    """No exercise, no file and no data set of it: another course is graded just the same."""
    outside = {*OF_A_COURSE, "digits"}
    machine = {name for name in MODULES if part(name) not in outside}
    named = {
        (name, found[0])
        for name in machine
        if (found := OF_THE_LAB.search(MODULES[name].read_text("utf-8")))
    }

    assert not named


def test_what_runs_in_the_sandbox_imports_nothing_else_of_ours() -> None:
    """The sandbox holds the guest's files alone, and no other file of the grader."""
    guest = [module for module in MODULES if part(module) == "guest"]

    assert guest
    assert {part(name) for module in guest for name in imports_in(tree_of(module))} == {"guest"}


def test_no_imports_go_in_a_circle() -> None:
    """Inside a package there is an order, too; what type checkers import does not count."""
    graph = {
        name: set(imports_in(without_type_checking(tree_of(name)))) - {name} for name in MODULES
    }

    assert list(TopologicalSorter(graph).static_order())


def test_no_room_holds_more_than_a_dozen_modules() -> None:
    """Whoever opens a folder sees at a glance what is in it."""
    rooms = Counter(file.parent for file in MODULES.values() if file.name != "__init__.py")

    assert {room.name: count for room, count in rooms.items() if count > MOST_MODULES} == {}


def test_the_map_names_every_room() -> None:
    """CONTRIBUTING's table has each folder and module of the grader."""
    _, _, table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("\n| room | what |\n")
    named = set(re.findall(r"`(\w+)/?`", table.partition("\n\n")[0]))

    rooms = {each.stem for each in PACKAGE.iterdir() if not each.name.startswith("_")}
    assert rooms <= named, rooms - named


def test_no_import_is_relative() -> None:
    """A name says where it comes from, and the tests above see it."""
    nodes = [node for module in MODULES for node in ast.walk(tree_of(module))]

    assert not [node for node in nodes if isinstance(node, ast.ImportFrom) and node.level]


@pytest.mark.parametrize("folder", ["exercises", "solutions"])
def test_what_students_read_imports_nothing_of_ours(folder: str) -> None:
    """Stubs and solutions need torch and the standard library; the lab also draws its digits."""
    known = {*sys.stdlib_module_names, "torch", "torchvision", "numpy", "__future__"}
    for file in (ROOT / folder).glob("*.py"):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        names = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
        names |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}

        assert {name.split(".")[0] for name in names - {"grader.digits", "grader.play"}} <= known, (
            file
        )


def test_what_a_module_exports_is_sorted_and_there() -> None:
    """Constants come first, then classes, then functions, each in order."""
    listed = {module: exported(module) for module in EXPORTING}

    assert {each: names for each, names in listed.items() if names != in_order(names)} == {}
    assert [
        (each, name)
        for each, names in listed.items()
        for name in names
        if not hasattr(import_module(each), name)
    ] == []


def in_order(names: list[str]) -> list[str]:
    """Return each name once, in the order in which they are listed."""
    return sorted({*names}, key=lambda name: (not name.isupper(), not name[0].isupper(), name))


def test_a_package_exports_what_it_offers() -> None:
    """`__all__` and the names in `__init__` are the same."""
    packages = [name for name in MODULES if MODULES[name].name == "__init__.py"]
    offered = {each: {*public_names(tree_of(each))} - {"__all__"} for each in packages}
    listed = {each: {*exported(each)} if each in EXPORTING else set() for each in packages}

    assert offered == listed


@pytest.mark.parametrize("command", ["import grader.cli", "from grader.cli import main; main()"])
def test_the_command_line_starts_without_what_is_slow(command: str) -> None:
    """Neither the import nor `--help` loads torch, pytest or Jinja."""
    script = (
        "import sys, atexit; sys.argv[1:] = ['--help']\n"
        "atexit.register(lambda: print('loaded', *sys.modules, file=sys.stderr))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script + command],
        capture_output=True,
        text=True,
        check=True,
        timeout=180,
    )

    loaded, *modules = run.stderr.split()
    assert loaded == "loaded"
    assert "grader.cli" in modules
    assert not SLOW & set(modules)
    assert ("check" in run.stdout) == ("main" in command)


def test_a_sandbox_is_launched_before_torch_is_loaded() -> None:
    """Else the judge and the sandbox would load it one after the other, in every run."""
    script = "import sys, grader.judge.worker, grader.sandbox.sandbox; print(*sys.modules)"
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=180)

    assert "torch" not in run.stdout.split()
