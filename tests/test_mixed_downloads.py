"""Downloads that somebody added to, and hand-ins that make a class look like another LMS's."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from the_lab import find_class

if TYPE_CHECKING:
    from pathlib import Path

    from grader.submissions import ClassWork

PY = "ex01_losses.py"
NAMES = ("ana", "ben", "cy")
CANVAS = [f"{name}smith_440{at}_7700{at}_{PY}" for at, name in enumerate(NAMES)]
MOODLE = [f"{name} Li_440{at}_assignsubmission_file/{PY}" for at, name in enumerate(NAMES)]
NUMBERS = ["4400", "4401", "4402"]


def laid_out(root: Path, *paths: str) -> Path:
    """Write a file at each path; what ends in `.zip` holds the work of one student."""
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_packed(PY) if path.endswith(".zip") else path.encode())
    return root


def _packed(*paths: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in paths:
            archive.writestr(path, "x = 1\n")
    return stream.getvalue()


def students(work: ClassWork) -> list[str]:
    """Name the students that were found."""
    return [each.student for each in work.submissions]


@pytest.mark.parametrize("beside", ["feedback/ana.html", "grading/notes.txt"])
@pytest.mark.parametrize("files", [CANVAS, [f"{name} - {PY}" for name in NAMES]])
def test_a_folder_beside_a_flat_download_makes_it_no_single_student(
    tmp_path: Path, beside: str, files: list[str]
) -> None:
    """An instructor keeps things there; what they are is said."""
    work = find_class(laid_out(tmp_path, *files, beside))

    assert len(work.submissions) == len(files)
    assert "No work was found in these folders" in work.notes[0]
    assert beside.partition("/")[0] in work.notes[0]


@pytest.mark.parametrize("download", [CANVAS, MOODLE], ids=["Canvas", "Moodle"])
def test_what_was_added_by_hand_is_read_or_named(tmp_path: Path, download: list[str]) -> None:
    """A folder with work is a student's; of a file nobody knows whose it is."""
    work = find_class(laid_out(tmp_path, *download, f"Late Kim/{PY}", f"kim_{PY}", "losses_lee.py"))

    assert students(work) == [*NUMBERS, "Late Kim"]
    assert f"were not graded: kim_{PY}, losses_lee.py." in " ".join(work.notes)


@pytest.mark.parametrize(
    "path", ["students/{}/hw 3/", "hw3/{}/week 2/", "2026/{}/Exercise 1/", "class/students/{}/1/"]
)
@pytest.mark.parametrize("names", [NAMES, ("101", "102", "103"), ("4400001", "4400002", "4400003")])
def test_a_class_some_folders_down_is_no_single_student(
    tmp_path: Path, path: str, names: tuple[str, ...]
) -> None:
    """Also where each hand-in has one more folder, and where students are numbers."""
    root = laid_out(tmp_path / "in", *(path.format(name) + PY for name in names))
    packed = tmp_path / "packed.zip"
    packed.write_bytes(_packed(*(path.format(name) + PY for name in names)))

    for work in (find_class(root), find_class(packed)):
        assert (students(work), work.doubt) == ([*names], "")


def test_folders_1_2_3_may_be_students_or_attempts(tmp_path: Path) -> None:
    """Of which nothing tells: it is asked."""
    work = find_class(laid_out(tmp_path, *(f"hw3/{number}/{PY}" for number in (1, 2, 3))))

    assert "hw3/ with 3 folders that hold the same exercise; pass that folder" in work.doubt


@pytest.mark.parametrize(
    "files",
    [
        [PY, "ex01_losses (1).py", "ex01_losses (2).py"],
        [PY, f"ana_{PY}", f"ben_{PY}"],
        [PY, "ex01_losses_relu.py", "ex01_losses_tanh.py"],
    ],
)
@pytest.mark.parametrize("around", ["", "hw3/"])
def test_files_that_do_not_say_whose_they_are_are_asked_about(
    tmp_path: Path, files: list[str], around: str
) -> None:
    """They may be one student's versions, or all that a browser saved of a class."""
    work = find_class(laid_out(tmp_path / "hw3", *(around + each for each in files)))

    assert students(work) == ["hw3"]
    assert work.doubt.startswith("3 files side by side are for the same exercise")
    assert "add --student 'hw3' if all are one student's" in work.doubt


def test_parts_of_one_work_are_not_several_students(tmp_path: Path) -> None:
    """`Name - file` is how some platforms name files, and how people number theirs."""
    files = ["week 1 - ex01_losses.py", "week 2 - ex02_heads.py"]

    assert students(find_class(laid_out(tmp_path, *(f"kim/{each}" for each in files)))) == ["kim"]


@pytest.mark.parametrize("names", [["ex01", "ex02_heads"], ["part 1", "part 2"], ["final", "v2"]])
def test_several_zips_of_one_student_are_not_several_students(
    tmp_path: Path, names: list[str]
) -> None:
    """Called after what is in them, and not after people."""
    work = find_class(laid_out(tmp_path, *(f"kim/{name}.zip" for name in names)))

    assert students(work) == ["kim"]


def test_an_archive_beside_a_folder_of_its_name_is_named(tmp_path: Path) -> None:
    """An empty folder gives way to it."""
    root = laid_out(tmp_path, "ana.zip", f"ana/{PY}", "ben.zip", f"cy/{PY}")
    (root / "ben").mkdir()
    work = find_class(root)

    assert students(work) == [*NAMES]
    assert [len(each.found) for each in work.submissions] == [1, 1, 1]
    assert work.notes == (
        "A folder of the same name lies beside each of these, and was read in its place: ana.zip.",
    )


def test_a_zip_called_submitted_makes_no_course_of_a_class(tmp_path: Path) -> None:
    """Only a course's own folders do; else one student's zip would be all that is read."""
    root = laid_out(tmp_path, *(f"{name}.zip" for name in NAMES))
    (root / "submitted.zip").write_bytes(_packed("x/hw/timestamp.txt", f"x/hw/{PY}"))

    assert students(find_class(root)) == [*NAMES, "submitted"]


@pytest.mark.parametrize(
    "download",
    [[f"{name}_{PY}" for name in NAMES], [f"{name}/{PY}" for name in NAMES]],
    ids=["flat", "folders"],
)
def test_a_file_called_like_gradescopes_makes_no_export_of_a_class(
    tmp_path: Path, download: list[str]
) -> None:
    """What it says about nobody here stops nobody's class."""
    root = laid_out(tmp_path, *download)
    (root / "submission_metadata.yml").write_text("submission_1: {}\n")

    assert students(find_class(root)) == [*NAMES]


def test_copies_of_folders_are_not_one_student_of_sakai(tmp_path: Path) -> None:
    """One of them has a file that Sakai writes, too."""
    folders = [f"{name} (1)" for name in NAMES]
    root = laid_out(tmp_path, *(f"{each}/{PY}" for each in folders), "ana (1)/timestamp.txt")

    assert students(find_class(root)) == folders


def test_a_file_name_of_blackboard_claims_nobody_elses_work(tmp_path: Path) -> None:
    """What a student calls a file stands last, and may look like another's receipt."""
    root = laid_out(tmp_path, *(f"HW_{name}_attempt_2026-11-20-10-00-00_{PY}" for name in NAMES))
    claim = root / "HW_ana_attempt_2026-11-20-10-00-00_HW_ben_attempt_2026-11-25-10-00-00"
    claim.with_name(claim.name + ".txt").write_text("Name: Ben (ben)\n")
    claim.with_name(f"{claim.name}_{PY}").write_text("x = 1\n")
    work = find_class(root)

    assert students(work) == [*NAMES]
    assert [file.name for file in work.submissions[1].found] == [PY]


def test_a_name_with_anothers_number_in_it_claims_no_work_in_canvas(tmp_path: Path) -> None:
    """Where users may change their names, one is called like a file of somebody's."""
    files = [*CANVAS, f"x_4400_9_5000_777_{PY}"]
    ana, *_ = find_class(laid_out(tmp_path, *files)).submissions

    assert (ana.student, ana.record.name) == ("4400", "anasmith")
    assert [file.name for file in ana.found] == [PY]


def test_a_time_that_is_none_costs_no_class_of_gradescope(tmp_path: Path) -> None:
    """Somebody's script may have written the list."""
    root = laid_out(tmp_path, f"submission_1/{PY}")
    about = (
        "submission_1:\n  :created_at: 2026-99-99 99:99:99 UTC\n  :submitters: [{':sid': '007'}]\n"
    )
    (root / "submission_metadata.yml").write_text(about)
    (only,) = find_class(root).submissions

    assert (only.student, only.record.submitted_at) == ("007", "")
