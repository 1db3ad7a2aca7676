"""Grade one student's work inside a platform, by the command line that everybody uses."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.bundles.closing import close
from grader.bundles.platform import Graded
from grader.courses import carried_course, find_course
from grader.errors import InfrastructureError
from grader.exports.results import read_results
from grader.runs.devices import JOB_BYTES, available_memory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.bundles.settings import Bundle

__all__ = ["grade_one"]

ONE = "submission_1"  # the class is laid out as Gradescope's own export, so that one is a class
METADATA = "submission_metadata.yml"
GRADED = (0, 3)  # exit codes with results: every verdict, or a fault on some exercise
SCANT = "There are {:.1f} GB of memory, and grading takes {:.1f}: give it more if it is killed."


def grade_one(bundle: Path, settings: Bundle, work: Path, scratch: Path) -> Graded:
    """Grade what lies in a folder as one student's.

    What the grader prints, instructors can read.

    Args:
        bundle: the folder of the bundle.
        settings: of the bundle.
        work: what was handed in; nothing in it is followed or believed.
        scratch: an empty folder of ours.

    Raises:
        InfrastructureError: there are no results; the message says why.
        UsageError: the bundle holds no course.
    """
    course = find_course(bundle / settings.course) if settings.course else carried_course()
    close(bundle, course.folder)
    if (free := available_memory()) < JOB_BYTES:
        print(SCANT.format(free / 2**30, JOB_BYTES / 2**30), flush=True)
    reports = scratch / "reports"
    command = _grading(_class(work, scratch), reports, course.folder, settings.exercises)
    done = subprocess.run(command, check=False)  # noqa: S603 - the command is ours
    results = reports / "results.json"
    if done.returncode not in GRADED or not results.is_file():
        raise InfrastructureError(f"`grade` left no results (exit code {done.returncode})")
    student = next(iter(read_results(results).students))
    page = reports / student.page if student.page else None
    return Graded(student, course, page if page and page.is_file() else None)


def _grading(
    class_: Path, reports: Path, course: Path, exercises: Iterable[str]
) -> tuple[str, ...]:
    chosen = [word for name in exercises for word in ("--exercise", name)]
    command = (sys.executable, "-P", "-m", "grader", "grade", str(class_), "--output", str(reports))
    return (*command, "--course", str(course), "--sandbox", "auto", "--jobs", "1", *chosen)


def _class(work: Path, scratch: Path) -> Path:
    """Lay out a class of one: copies of the files and links that were handed in."""
    class_ = scratch / "class"
    if work.is_dir():
        shutil.copytree(work, class_ / ONE, symlinks=True, ignore=_special)
    else:
        (class_ / ONE).mkdir(parents=True)
    (class_ / METADATA).write_text(f"{ONE}: {{}}\n", encoding="utf-8")
    return class_


def _special(folder: str, names: list[str]) -> list[str]:
    """Name what is no file, no folder and no link: reading a pipe would never end."""
    places = {name: Path(folder, name) for name in names}
    return [
        name
        for name, place in places.items()
        if not (place.is_symlink() or place.is_file() or place.is_dir())
    ]
