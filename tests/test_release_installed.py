"""Tests of the zip that students get, installed as they install it, without a network."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient
from the_lab import EXERCISES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANSWERS = {
    "lab-model": "model = nn.Sequential(nn.Linear(784, 10), nn.LogSoftmax(dim=1))\n"
    "criterion = nn.NLLLoss()",
    "lab-training": "optimizer = optim.SGD(model.parameters(), lr=0.003)",
}
NEXT_NOTEBOOK = "%reset_selective -f ."
WHERE_FROM = (
    "import grader, torchvision; print(grader.__file__, vars(torchvision.datasets.MNIST).keys())"
)
PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
NOWHERE = "http://127.0.0.1:9"  # nothing answers there
LAUNCHED = ("-m", "ipykernel_launcher", "-f", "{connection_file}")
STEP_S = 120


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory, release_zip: Path) -> Path:
    """Return the Python of an environment into which pip has installed the zip, as it is.

    What the lab depends on is this environment's; the lab's own modules here are out of reach, as
    a line of a `.pth` file runs no other such file.
    """
    folder = tmp_path_factory.mktemp("student") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=180)
    (packages,) = folder.glob("lib/*/site-packages")
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    offline = ("--no-index", "--no-deps", "--no-build-isolation", "--ignore-installed")
    python = folder / "bin" / "python"
    pip = (python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *offline)
    subprocess.run([*pip, release_zip], cwd=folder, check=True, timeout=300)
    return python


@pytest.fixture
def kernel(python: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the name of that environment's kernel, which will have no network."""
    share = python.parents[1] / "share" / "jupyter"
    spec = share / "kernels" / "student" / "kernel.json"
    spec.parent.mkdir(parents=True)
    about = {"argv": [str(python), *LAUNCHED], "language": "python", "display_name": "student"}
    spec.write_text(json.dumps(about), encoding="utf-8")
    for name in PROXIES:
        monkeypatch.setenv(name, NOWHERE)
    for name in ("HOME", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(python.parents[1]))
    monkeypatch.setenv("JUPYTER_PATH", str(share))
    monkeypatch.delenv("PYTHONPATH", raising=False)  # it may lead to the lab's own modules
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    return "student"


def cells_to_run(folder: Path) -> Iterator[Any]:
    """Go through the code cells of every notebook, with an answer in each that asks for one."""
    for exercise in EXERCISES:
        for cell in nbformat.read(folder / f"{exercise.name}.ipynb", 4).cells:
            if cell.cell_type == "code":
                grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
                yield nbformat.v4.new_code_cell(ANSWERS.get(grade_id, cell.source))
        yield nbformat.v4.new_code_cell(NEXT_NOTEBOOK)
    yield nbformat.v4.new_code_cell(WHERE_FROM)


def test_every_notebook_runs_and_its_last_cell_checks_it(
    release: Path, python: Path, kernel: str
) -> None:
    """One after the other in a new kernel; a cell that fails ends it with its traceback."""
    folder = release / "exercises"
    notebook = nbformat.v4.new_notebook(cells=list(cells_to_run(folder)))
    place = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=STEP_S, resources=place, kernel_name=kernel).execute()

    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    shown = [page for each in outputs if (page := each.get("data", {}).get("text/html"))]
    pictures = [page for page in shown if page.startswith('<div class="shown">')]
    pages = [page for page in shown if page not in pictures]
    assert len(pages) == len(EXERCISES)
    assert "✓" in pictures[-3]  # the lab's notebook begins with a network that reads ten digits
    assert "loss against epoch" in pictures[-1]
    for exercise, page in zip(EXERCISES, pages, strict=True):
        assert f"<b>{exercise.name}</b>" in page
    where_from = notebook.cells[-1].outputs[0].text
    assert where_from.startswith(str(python.parents[1]))
    assert "splits" in where_from  # as the lab's own class has


def test_the_command_works_in_the_unpacked_folder(release: Path, python: Path) -> None:
    """The exercises are found there, and the stubs where it was installed."""
    stub = release / "exercises" / "ex04_autograd.py"
    before = stub.read_bytes()
    stub.write_text("x = 1\n")
    command = [str(python.with_name("grader")), "reset", "ex04"]
    run = subprocess.run(
        command, cwd=release, capture_output=True, text=True, check=False, timeout=180
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert stub.read_bytes() == before


def test_a_python_without_the_lab_is_one_line(release: Path) -> None:
    """What a new terminal has, whose environment is not activated yet."""
    command = [sys.executable, "-S", "-m", "grader", "check"]
    run = subprocess.run(
        command, cwd=release, capture_output=True, text=True, check=False, timeout=180
    )

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("grader: this Python has no typer; activate the lab's environment")
    assert run.stderr.count("\n") == 1
