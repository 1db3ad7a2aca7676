"""The grader inside other platforms: bundles are made, run at their paths, and read back."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import os
import tomllib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from platform_readers import read_gradescope
from platforms import INSTALLED, run_inside, unpacked
from tiny_course import NAMES, WORK, write_course, write_work
from typer.testing import CliRunner

from grader.bundles.wheel import CARRIED, wheel
from grader.cli import app

if TYPE_CHECKING:
    from subprocess import CompletedProcess

ROOT = Path(__file__).resolve().parents[1]
AUTOGRADER = "/autograder"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tiny course's folder."""
    return write_course(tmp_path_factory.mktemp("tiny") / "course")


def bundle(platform: str, output: Path, course: Path, *more: str) -> Path:
    """Make a bundle by command."""
    command = ["bundle", platform, str(output), "--course", str(course), *more]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    return output


@pytest.fixture
def autograder(course: Path, tmp_path: Path) -> Path:
    """Return what stands at `/autograder` when Gradescope has built its image."""
    made = bundle("gradescope", tmp_path / "bundle.zip", course)
    source = unpacked(made, tmp_path / "autograder" / "source")
    (source.parent / "submission").mkdir()
    (source.parent / "run_autograder").write_bytes((source / "run_autograder").read_bytes())
    (source.parent / "run_autograder").chmod(0o755)
    return source.parent


def run_autograder(folder: Path) -> tuple[dict[str, Any], CompletedProcess[str]]:
    """Run it as Gradescope does; return what Gradescope reads, and the run."""
    wheel = next((folder / "source").glob("*.whl"), None)
    done = run_inside([f"{AUTOGRADER}/run_autograder"], {AUTOGRADER: folder}, wheel)
    assert done.returncode == 0, done.stderr
    return read_gradescope(folder / "results" / "results.json"), done


def test_gradescope_reads_each_test_with_its_points_and_when_it_is_seen(autograder: Path) -> None:
    """Right, wrong, endless and leaving work beside each other, none of which reads a suite."""
    write_work(autograder / "submission", places=(AUTOGRADER, "/opt/wheel/grader/lab/hidden"))
    results, done = run_autograder(autograder)
    tests = results["tests"]
    hidden = [test for test in tests if "max_score" in test]

    assert results["score"] == 2, done.stdout
    assert [test["score"] for test in hidden] == [2, 0, 0, 0]
    assert {test["visibility"] for test in hidden} == {"after_published"}
    assert {test["visibility"] for test in tests if test not in hidden} == {"visible"}
    assert [test["tags"] for test in hidden] == [[name] for name in NAMES]
    assert results["stdout_visibility"] == "hidden"
    assert "expect_each" not in (autograder / "results" / "results.json").read_text("utf-8")


def test_gradescope_reads_that_nothing_was_handed_in(autograder: Path) -> None:
    """No point, and the names of the files that are looked for."""
    results, _ = run_autograder(autograder)

    assert results["score"] == 0
    assert "double.py or double.ipynb" in results["output"]


@pytest.mark.parametrize("broken", ["bundle.toml", "course/course.toml", "the grader"])
def test_a_broken_bundle_still_leaves_results_that_can_be_read(
    autograder: Path, broken: str
) -> None:
    """No point, a sentence that says whom to tell, and the reason where instructors see it."""
    write_work(autograder / "submission", {"triple": WORK["triple"]})
    file = autograder / "source" / broken
    if file.exists():
        file.write_text("[", encoding="utf-8")
        places = {AUTOGRADER: autograder}
    else:  # it was not installed
        places = {AUTOGRADER: autograder, "/opt/grader": autograder / "submission"}
    done = run_inside([f"{AUTOGRADER}/run_autograder"], places)
    results = read_gradescope(autograder / "results" / "results.json")

    assert (done.returncode, results["score"]) == (0, 0)
    assert "tell your instructor" in results["output"]
    assert (broken if file.exists() else "/opt/grader/bin/python") in done.stdout


def test_what_is_secret_is_closed_to_other_users(course: Path, tmp_path: Path) -> None:
    """What submissions read stays open to them."""
    folder = unpacked(bundle("gradescope", tmp_path / "bundle.zip", course), tmp_path / "source")
    for part in ("beside", "data"):
        (folder / "course" / part).mkdir()
    code = "import sys; from pathlib import Path; from grader.bundles.closing import close; "
    code += "close(Path('/autograder/source'), Path('/autograder/source/course'))"
    inside = [f"{INSTALLED}/bin/python", "-P", "-c", code]
    done = run_inside(inside, {f"{AUTOGRADER}/source": folder}, next(folder.glob("*.whl")))
    closed = 0o700 if os.geteuid() == 0 else 0o755
    modes = {name: (folder / name).stat().st_mode & 0o777 for name in ("course/hidden", ".")}

    assert done.returncode == 0, done.stderr
    assert modes["course/hidden"] == closed
    assert modes["."] in {0o711, 0o755}
    assert (folder / "course" / "beside").stat().st_mode & 0o777 == 0o755


def test_a_bundle_is_the_same_each_time_and_takes_nothing_personal(
    course: Path, tmp_path: Path
) -> None:
    """Whatever else lies in the course's folder stays there."""
    for name in ("manual.csv", "class/ada/double.py", "wrong/double/a.py", ".venv/lib.py"):
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text("", encoding="utf-8")
    first = bundle("gradescope", tmp_path / "1.zip", course, "--exercise", "triple")
    second = bundle("gradescope", tmp_path / "2.zip", course, "--exercise", "triple")
    with zipfile.ZipFile(first) as archive:
        names = archive.namelist()
        settings = tomllib.loads(archive.read("bundle.toml").decode())

    assert first.read_bytes() == second.read_bytes()
    assert {name.split("/")[1] for name in names if name.startswith("course/")} == {
        *("checks", "hidden", "course.toml", "mistakes.toml"),
        *(f"{name}.py" for name in NAMES),
    }
    assert settings["exercises"] == ["triple"]


def test_the_wheel_is_what_a_build_makes(tmp_path: Path) -> None:
    """It has the folders that `pyproject.toml` names, and each file as its list says."""
    file = tmp_path / "wheel.zip"
    file.write_bytes(wheel())
    zipfile.ZipFile(file).extractall(tmp_path / "site")
    (info,) = (tmp_path / "site").glob("*.dist-info")
    listed = importlib.metadata.PathDistribution(info).files or []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    there = {each for each in (tmp_path / "site").rglob("*") if each.is_file()}

    assert {*CARRIED, "LICENSE", "data"} == included.keys()
    assert {each.locate() for each in listed} == there
    for each in listed:
        content = each.read_binary()
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode()
        assert each.hash is None or each.hash.value == digest.rstrip("=")
