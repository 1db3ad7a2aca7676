"""The grader inside other platforms: bundles are made, run at their paths, and read back."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from platform_readers import read_gradescope, read_prairielearn
from platforms import INSTALLED, run_inside, unpacked
from small_course import FOLDER as SMALL
from tiny_course import NAMES, WORK, write_course, write_work
from typer.testing import CliRunner

from grader.bundles.wheel import CARRIED, wheel
from grader.cli import app
from grader.errors import UsageError

if TYPE_CHECKING:
    from subprocess import CompletedProcess

pytestmark = pytest.mark.proof

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
    command, places = [f"{AUTOGRADER}/run_autograder"], {AUTOGRADER: folder}
    done = run_inside(command, places, wheel, container=True)
    assert done.returncode == 0, done.stderr
    return read_gradescope(folder / "results" / "results.json"), done


def test_gradescope_reads_each_test_with_its_points_and_when_it_is_seen(autograder: Path) -> None:
    """Right, wrong, endless and leaving work beside each other, none of which reads a suite."""
    write_work(autograder / "submission", places=(AUTOGRADER, "/opt/wheel/grader/lab/hidden"))
    results, done = run_autograder(autograder)
    tests = results["tests"]
    hidden = [test for test in tests if "max_score" in test]

    assert results["score"] == 2, done.stdout
    assert "landlock sandbox, which is weaker" in done.stdout
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


def test_prairielearn_reads_a_share_of_the_points(course: Path, tmp_path: Path) -> None:
    """The exercise that the question asks for is graded, and no other."""
    made = bundle("prairielearn", tmp_path / "made", course)
    question = json.loads((made / "questions" / "triple" / "info.json").read_text("utf-8"))
    options = question["externalGradingOptions"]
    job = tmp_path / "grade"
    shutil.copytree(made / "serverFilesCourse", job / "serverFilesCourse")
    write_work(job / "student", {"triple": WORK["triple"], "double": WORK["double"]})
    done = run_inside(options["entrypoint"], {"/grade": job})
    results = read_prairielearn(job / "results" / "results.json")

    assert (results["gradable"], results["score"]) == (True, 0), done.stdout
    assert [(test["points"], test["max_points"]) for test in results["tests"]] == [(0, 0), (0, 2)]
    assert all(test["name"] == "triple: triple: twice the number." for test in results["tests"])


def test_prairielearn_takes_no_attempt_where_nothing_could_be_graded(
    course: Path, tmp_path: Path
) -> None:
    """The results that the script leaves can be read, and say so."""
    made = bundle("prairielearn", tmp_path / "made", course)
    shutil.copytree(made / "serverFilesCourse", tmp_path / "grade" / "serverFilesCourse")
    next((tmp_path / "grade").rglob("course.toml")).unlink()
    run_inside(["/grade/serverFilesCourse/grader/run.sh", "triple"], {"/grade": tmp_path / "grade"})
    results = read_prairielearn(tmp_path / "grade" / "results" / "results.json")

    assert not results["gradable"]
    assert "tell your instructor" in results["message"]


def test_prairielearn_can_t_take_files_in_folders(tmp_path: Path) -> None:
    """The command says which exercise is meant, and what to do."""
    command = ["bundle", "prairielearn", str(tmp_path / "made"), "--course", str(SMALL)]
    refused = CliRunner().invoke(app, command)

    assert isinstance(refused.exception, UsageError)
    assert "autograd_engine has files in folders" in str(refused.exception)
    assert not (tmp_path / "made").exists()


def test_github_shows_a_summary_and_keeps_the_page(course: Path, tmp_path: Path) -> None:
    """What was handed in is text in it, whatever it looks like."""
    made = bundle("github", tmp_path / "made", course, "--exercise", "triple")
    work = "def triple(x):\n    raise ValueError('<img src=x> ![](a)\\n\\n</table>')\n"
    write_work(tmp_path / "work", {"triple": work})
    command = ["bash", "/grader/run.sh", "/work-of-one", "/report"]
    (tmp_path / "report").mkdir()
    places = {"/grader": made / "grader", "/work-of-one": tmp_path / "work"}
    places["/report"] = tmp_path / "report"
    done = run_inside(command, places, next((made / "grader").glob("*.whl")))
    summary = (tmp_path / "report" / "summary.md").read_text("utf-8")

    assert done.returncode == 0, done.stdout
    assert summary.startswith("## 0 of 2 points\n")
    assert "triple: triple: twice the number." in summary
    assert "&lt;img" in summary
    assert "<img" not in summary
    assert "\n\n" not in summary.partition("<table>")[2]
    assert "ValueError" in (tmp_path / "report" / "report.html").read_text("utf-8")


def test_a_workflow_takes_nothing_from_a_pull_request_but_data() -> None:
    """It has no right to write, leaves no key behind, and puts no text of others into a command."""
    text = (ROOT / "templates/bundles/github/grade.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    steps = workflow["jobs"]["grade"]["steps"]
    checkouts = [each["with"] for each in steps if each.get("uses", "").startswith("actions/ch")]

    assert workflow["permissions"] == {"contents": "read"}
    assert {each["persist-credentials"] for each in checkouts} == {False}
    assert not [each for each in steps if "${{" in each.get("run", "")]


@pytest.mark.parametrize("script", sorted(ROOT.glob("templates/bundles/**/*.sh")))
def test_a_script_is_one_that_bash_can_read(script: Path) -> None:
    """Its syntax is checked without running it."""
    subprocess.run(["bash", "-n", script], check=True)


def test_docker_gets_the_course_where_the_grader_looks_for_it(course: Path, tmp_path: Path) -> None:
    """The image begins in the course's folder; which exercises count is said there."""
    made = bundle("docker", tmp_path / "made", course)
    command = ["bundle", "docker", str(tmp_path / "other"), "--course", str(course)]
    refused = CliRunner().invoke(app, [*command, "--exercise", "triple"])

    lab = tmp_path / "lab"
    CliRunner().invoke(app, ["bundle", "docker", str(lab)])
    reads = {each: (each / "README.md").read_text("utf-8") for each in (made, lab)}

    assert '-v "$PWD/hw3:/class:ro"' in reads[lab]
    assert "--output reports --course /opt/bundle/course\n" in reads[made]
    assert "--course" not in reads[lab]  # there is no such folder in it
    assert "WORKDIR /opt/bundle/course\n" in (made / "Dockerfile").read_text("utf-8")
    assert (made / "course" / "hidden" / "triple.py").is_file()
    assert "leave it out here" in str(refused.exception)
