"""Files beside a student's own, at the desk."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import pytest
from the_lab import exercise_named

from grader.guest.crossing.wire import Call, Raised, Returned
from grader.judge.loading.neighbours import modules_beside, without_neighbours
from grader.judge.local import LocalAttempt


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
    with without_neighbours(file.parent), pytest.raises(ModuleNotFoundError, match=module):
        __import__(module)

    __import__(module)
    del sys.modules[module]


def test_packages_of_a_folder_around_it_are_not_there_either(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`from exercises.ex01 import …` works in the folder above alone."""
    monkeypatch.setattr(sys, "path", [str(file.parent.parent), *sys.path])
    with without_neighbours(file.parent), pytest.raises(ModuleNotFoundError):
        __import__(file.parent.name)


def test_what_is_installed_is_found(file: Path) -> None:
    """Finders stand as they did before, afterwards."""
    before = list(sys.meta_path)
    sys.modules.pop("colorsys", None)
    with without_neighbours(file.parent):
        __import__("colorsys")

    assert before == sys.meta_path


def test_code_runs_in_a_folder_of_its_own_as_it_does_when_it_is_graded(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table beside it is not read, what it writes it finds again, and nothing stays behind."""
    monkeypatch.chdir(file.parent)
    (file.parent / "table.csv").write_text("1")
    file.write_text(
        "import os\n"
        "from pathlib import Path\n"
        "def table(): return Path('table.csv').read_text()\n"
        "def kept():\n"
        "    before = Path('mine.txt').read_text() if Path('mine.txt').exists() else ''\n"
        "    Path('mine.txt').write_text(before + 'x')\n"
        "    return f'{os.getcwd()} {before}'\n"
    )
    channel = LocalAttempt(exercise_named("ex03"), file).channel()
    refused, first, second = [channel.ask(Call(name, (), 0)) for name in ("table", "kept", "kept")]

    assert isinstance(refused, Raised)
    assert refused.type_name == "FileNotFoundError"
    assert isinstance(first, Returned)
    assert isinstance(second, Returned)
    folder = str(first.value).strip()
    assert second.value == f"{folder} x"
    assert Path.cwd() == file.parent
    assert not (file.parent / "mine.txt").exists()
    del channel
    gc.collect()  # what was raised holds its frames in a circle
    assert not Path(folder).exists()
