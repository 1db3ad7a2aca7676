"""Files beside a student's own, at the desk."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from grader.judge.neighbours import modules_beside, without_neighbours

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a student's file among others, in the folder where the program was started."""
    (tmp_path / "pieces").mkdir()
    for name in ("ex03.py", "my_layers.py", "unused.py", "pieces/__init__.py"):
        (tmp_path / name).write_text("x = 1\n", encoding="utf-8")
    return tmp_path / "ex03.py"


def test_only_what_the_file_names_is_beside_it(file: Path) -> None:
    """The file is not beside itself."""
    content = b"from my_layers import x\nimport ex03"

    assert modules_beside(file, content) == ("my_layers",)


@pytest.mark.parametrize("where", ["", "folder"])
@pytest.mark.parametrize("module", ["my_layers", "pieces", "ex03"])
def test_no_way_leads_to_a_file_beside_it(
    file: Path, module: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m` searches the current folder, and code may add its own."""
    monkeypatch.chdir(file.parent)
    monkeypatch.setattr(sys, "path", [str(file.parent) if where == "folder" else where, *sys.path])
    with without_neighbours(file), pytest.raises(ModuleNotFoundError, match=module):
        __import__(module)

    __import__(module)
    del sys.modules[module]


def test_packages_of_a_folder_around_it_are_not_there_either(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`from exercises.ex01 import …` works in the folder above alone."""
    monkeypatch.setattr(sys, "path", [str(file.parent.parent), *sys.path])
    with without_neighbours(file), pytest.raises(ModuleNotFoundError):
        __import__(file.parent.name)


def test_what_is_installed_is_found(file: Path) -> None:
    """Finders stand as they did before, afterwards."""
    before = list(sys.meta_path)
    sys.modules.pop("colorsys", None)
    with without_neighbours(file):
        __import__("colorsys")

    assert before == sys.meta_path
