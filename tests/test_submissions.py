"""Finding and reading what a class handed in as folders."""

from __future__ import annotations

import os
import pickle
import socket
import unicodedata
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from the_lab import LAB, find_class, find_submissions

from grader.errors import UsageError
from grader.results.students import StudentRecord
from grader.submissions import MAX_FILE_BYTES, File, HandIn, Submission
from grader.submissions.disk.files import FoundFile
from grader.submissions.disk.tree import MAX_DEPTH
from grader.submissions.pieces import MAX_OTHERS

EXERCISE = "ex03_log_softmax"
PY = f"{EXERCISE}.py"
NOTEBOOK = f"{EXERCISE}.ipynb"


def written(path: Path, content: str = "x = 1\n", modified: float | None = None) -> Path:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    if modified is not None:
        os.utime(path, (modified, modified))
    return path


def only(class_folder: Path) -> Submission:
    """Return the one submission of a class."""
    (submission,) = find_submissions(class_folder)
    return submission


def names(hand_in: HandIn) -> list[str]:
    """Return the names of the files that were taken."""
    return [file.name for file in hand_in.files]


def test_each_folder_is_a_student_in_order(tmp_path: Path) -> None:
    """Every sub-folder is a student, named after it, in order."""
    for student in ("carol", "alice", "bob"):
        written(tmp_path / student / PY)

    assert [s.student for s in find_submissions(tmp_path)] == ["alice", "bob", "carol"]


def test_script_and_notebook_are_both_read(tmp_path: Path) -> None:
    """The script comes first, then the notebook; each with its bytes."""
    written(tmp_path / "alice" / NOTEBOOK, "{}")
    written(tmp_path / "alice" / PY, "x = 2\n")

    assert (File(PY, b"x = 2\n"), File(NOTEBOOK, b"{}")) == only(tmp_path).read(EXERCISE, LAB).files


def test_one_student_gets_nothing_of_another(tmp_path: Path) -> None:
    """Files are read from their own student's folder."""
    written(tmp_path / "alice" / PY, "a")
    written(tmp_path / "bob" / "work" / PY, "b")

    contents = [s.read(EXERCISE, LAB).files[0].content for s in find_submissions(tmp_path)]
    assert contents == [b"a", b"b"]


def test_files_are_found_at_depth(tmp_path: Path) -> None:
    """A file in a folder of a folder is found, and named by its path."""
    written(tmp_path / "alice" / "week 1" / "task" / PY)

    assert names(only(tmp_path).read(EXERCISE, LAB)) == [f"week 1/task/{PY}"]


def test_files_below_the_depth_limit_are_left_out(tmp_path: Path) -> None:
    """What lies too deep is not read, and a note says so."""
    written(tmp_path.joinpath("alice", *["d"] * (MAX_DEPTH + 1), PY))

    submission = only(tmp_path)
    assert submission.read(EXERCISE, LAB) == HandIn()
    assert f"more than {MAX_DEPTH} deep" in submission.record.notes[0]


def test_files_at_the_depth_limit_are_found(tmp_path: Path) -> None:
    """The deepest folder that is allowed is looked into."""
    written(tmp_path.joinpath("alice", *["d"] * MAX_DEPTH, PY))

    submission = only(tmp_path)
    assert len(submission.read(EXERCISE, LAB).files) == 1
    assert submission.record.notes == ()


def test_a_folder_of_exercise_files_is_one_submission(tmp_path: Path) -> None:
    """Exercise files side by side are one student's, named after the folder."""
    written(tmp_path / "alice" / PY)
    written(tmp_path / "alice" / "data" / "numbers.csv")

    submission = only(tmp_path / "alice")
    assert (submission.student, names(submission.read(EXERCISE, LAB))) == ("alice", [PY])


def test_student_folders_win_over_files_beside_them(tmp_path: Path) -> None:
    """Exercise files beside student folders (the stubs, say) are nobody's."""
    written(tmp_path / PY)
    written(tmp_path / "alice" / PY)

    assert only(tmp_path).student == "alice"


def test_a_relative_path_still_names_the_submission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dot as the path stands for the folder's real name."""
    written(tmp_path / "alice" / PY)
    monkeypatch.chdir(tmp_path / "alice")

    assert only(Path()).student == "alice"


def test_a_student_without_known_files_is_a_submission(tmp_path: Path) -> None:
    """A folder that holds nothing to grade is still a student."""
    written(tmp_path / "alice" / "essay.txt")
    (tmp_path / "bob").mkdir()

    submissions = find_submissions(tmp_path)
    assert [(s.student, s.read(EXERCISE, LAB)) for s in submissions] == [
        ("alice", HandIn()),
        ("bob", HandIn()),
    ]


def test_a_missing_path_is_a_usage_error(tmp_path: Path) -> None:
    """A path that does not exist is named in one line."""
    with pytest.raises(UsageError, match=r"there is no .*nowhere; pass a folder or a zip file"):
        find_submissions(tmp_path / "nowhere")


def test_an_empty_folder_is_a_usage_error(tmp_path: Path) -> None:
    """An empty folder says what was expected in it."""
    with pytest.raises(UsageError, match=r"nothing to grade in .*expected one folder per student"):
        find_submissions(tmp_path)


def test_a_folder_of_other_files_is_a_usage_error(tmp_path: Path) -> None:
    """Files that are no exercises, without a student folder, are nothing to grade."""
    written(tmp_path / "readme.txt")

    with pytest.raises(UsageError, match="nothing to grade in"):
        find_submissions(tmp_path)


def test_a_pipe_as_path_is_a_usage_error(tmp_path: Path) -> None:
    """A path that is neither folder nor file is refused without being opened."""
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(UsageError, match="neither a folder nor an archive"):
        find_submissions(tmp_path / "pipe")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_class_is_a_usage_error(tmp_path: Path) -> None:
    """A class folder without permission is named in one line."""
    (tmp_path / "class").mkdir(mode=0)

    with pytest.raises(UsageError, match="Permission denied"):
        find_submissions(tmp_path / "class")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_a_problem(tmp_path: Path) -> None:
    """A file without permission is the student's problem, told in a sentence."""
    written(tmp_path / "alice" / PY).chmod(0)

    assert only(tmp_path).read(EXERCISE, LAB).problem == f"{PY} can't be read: Permission denied."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_student_folder_is_a_note(tmp_path: Path) -> None:
    """A student's folder without permission leaves the class gradable."""
    (tmp_path / "alice").mkdir(mode=0)

    assert only(tmp_path).record.notes == ("The folder alice can't be read: Permission denied.",)


@pytest.mark.parametrize("name", [".git", "__MACOSX", "__pycache__", ".ipynb_checkpoints"])
def test_hidden_and_system_folders_are_ignored(tmp_path: Path, name: str) -> None:
    """They are neither students nor looked into."""
    written(tmp_path / name / PY)
    written(tmp_path / "alice" / name / PY)

    submission = only(tmp_path)
    assert (submission.student, submission.read(EXERCISE, LAB)) == ("alice", HandIn())


@pytest.mark.parametrize("name", [f"._{PY}", "torch.py", "conftest.py", "test_x.py", f"x{PY}"])
def test_other_files_are_listed_and_change_nothing(tmp_path: Path, name: str) -> None:
    """They get no note; those of systems are not even listed."""
    written(tmp_path / "alice" / name)

    submission = only(tmp_path)
    listed = () if name.startswith("._") else (name,)
    assert submission.record == StudentRecord(id="alice", reader="folder", unclaimed=listed)
    assert submission.read(EXERCISE, LAB) == HandIn()


@pytest.mark.parametrize(
    "name",
    [
        "EX03_Log_Softmax.PY",
        f"{EXERCISE} (1).py",
        f"{EXERCISE}(2).py",
        f"{EXERCISE}-1.py",
        f"{EXERCISE}_copy.py",
        f"{EXERCISE}-Copy1.py",
        f"{EXERCISE} - Copy (3).py",
        f"Copy of {EXERCISE}.py",
        f"{EXERCISE}.py.txt",
    ],
)
def test_renamed_downloads_are_recognised(tmp_path: Path, name: str) -> None:
    """A name that a browser or a file manager made of ours still counts, without a note."""
    written(tmp_path / "alice" / name)

    hand_in = only(tmp_path).read(EXERCISE, LAB)
    assert (names(hand_in), hand_in.notes) == ([name], ())


@pytest.mark.parametrize(("name", "is_notebook"), [("a.py.txt", False), ("a.IPYNB.txt", True)])
def test_a_file_knows_whether_it_is_a_notebook(name: str, is_notebook: bool) -> None:
    """The kind survives the suffix that a browser adds."""
    assert File(name, b"").is_notebook is is_notebook


def test_two_files_for_one_exercise_are_told(tmp_path: Path) -> None:
    """The note names both and the one that was graded."""
    written(tmp_path / "alice" / PY)
    written(tmp_path / "alice" / "new" / PY)

    assert only(tmp_path).read(EXERCISE, LAB).notes == (
        f"{PY} and new/{PY} were both handed in; {PY} was graded: it lies in the outermost folder.",
    )


def test_many_files_for_one_exercise_fit_into_one_note(tmp_path: Path) -> None:
    """The note names a few and counts the rest."""
    for number in range(9):
        written(tmp_path / "alice" / str(number) / PY)

    (note,) = only(tmp_path).read(EXERCISE, LAB).notes
    assert "and 4 more were all handed in" in note


@pytest.mark.parametrize(
    ("taken", "other"),
    [
        (f"deep/er/{EXERCISE} (1).py", PY),
        (f"{EXERCISE}-10.py", f"{EXERCISE} (9).py"),
        (f"deep/er/{PY}", f"Copy of {EXERCISE}.py"),
        (PY, f"{EXERCISE}-Copy3.py"),
        ("EX03_LOG_SOFTMAX.py", f"{EXERCISE}_copy.py"),
        (PY, f"new/{PY}"),
        (f"a/{PY}", f"b/{PY}"),
    ],
)
def test_of_files_as_old_as_each_other_the_name_decides(
    tmp_path: Path, taken: str, other: str
) -> None:
    """The last that was numbered, then exact before a copy, shallow before deep, then the name."""
    for name in (taken, other):
        written(tmp_path / "alice" / name, modified=1000)

    assert names(only(tmp_path).read(EXERCISE, LAB)) == [taken]


@pytest.mark.parametrize("newer", [f"b/{PY}", f"Copy of {EXERCISE}.py", f"{EXERCISE} (2).py"])
def test_the_newest_is_taken(tmp_path: Path, newer: str) -> None:
    """Whatever it is called, and wherever it lies: it is what was worked on last."""
    written(tmp_path / "alice" / f"{EXERCISE}-7.py", modified=500)
    written(tmp_path / "alice" / PY, modified=1000)
    written(tmp_path / "alice" / newer, modified=2000)

    assert names(only(tmp_path).read(EXERCISE, LAB)) == [newer]


def test_a_linked_file_is_a_problem(tmp_path: Path) -> None:
    """A link is not followed, even to a file of the same student."""
    target = written(tmp_path / "alice" / "real.py")
    (tmp_path / "alice" / PY).symlink_to(target)

    problem = f"{PY} is a link, and links are not followed."
    assert only(tmp_path).read(EXERCISE, LAB) == HandIn(problem=problem)


def test_a_linked_folder_is_not_entered(tmp_path: Path) -> None:
    """What lies behind a linked folder is not handed in."""
    written(tmp_path / "elsewhere" / PY)
    (tmp_path / "class" / "alice").mkdir(parents=True)
    (tmp_path / "class" / "alice" / "work").symlink_to(tmp_path / "elsewhere")

    submission = only(tmp_path / "class")
    assert submission.read(EXERCISE, LAB) == HandIn()
    assert submission.record.notes == ("work is a link, and links are not followed.",)


def test_a_linked_student_folder_is_a_problem(tmp_path: Path) -> None:
    """A student folder that is a link is reported, and not read."""
    written(tmp_path / "elsewhere" / PY)
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "alice").symlink_to(tmp_path / "elsewhere")

    submission = only(tmp_path / "class")
    assert submission.record.notes == ("alice is a link, and links are not followed.",)
    assert submission.read(EXERCISE, LAB) == HandIn(problem=submission.record.notes[0])


def test_a_link_in_a_circle_ends(tmp_path: Path) -> None:
    """Links that lead to themselves or upwards do not keep the search busy."""
    written(tmp_path / "alice" / PY)
    (tmp_path / "alice" / "loop").symlink_to("loop")
    (tmp_path / "alice" / "up").symlink_to(tmp_path)
    (tmp_path / "loop").symlink_to("loop")

    assert names(only(tmp_path).read(EXERCISE, LAB)) == [PY]


def test_a_file_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    """A link that appears after the listing is refused when the file is read."""
    secret = written(tmp_path / "secret", "secret")
    handed_in = written(tmp_path / "class" / "alice" / PY)
    submission = only(tmp_path / "class")
    handed_in.unlink()
    handed_in.symlink_to(secret)

    assert submission.read(EXERCISE, LAB).problem == f"{PY} is a link, and links are not followed."


def test_a_folder_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    """A folder on the way that is swapped for a link after the listing is refused."""
    written(tmp_path / "secret" / PY, "secret")
    handed_in = written(tmp_path / "class" / "alice" / "work" / PY)
    submission = only(tmp_path / "class")
    handed_in.unlink()
    handed_in.parent.rmdir()
    handed_in.parent.symlink_to(tmp_path / "secret")

    hand_in = submission.read(EXERCISE, LAB)
    assert hand_in.files == ()
    assert hand_in.problem.startswith(f"work/{PY} can't be read")


def test_a_file_that_vanished_is_a_problem(tmp_path: Path) -> None:
    """A file that is gone when it is read is told so."""
    handed_in = written(tmp_path / "alice" / PY)
    submission = only(tmp_path)
    handed_in.unlink()

    assert "is gone now" in submission.read(EXERCISE, LAB).problem


def test_a_pipe_is_a_problem_and_does_not_block(tmp_path: Path) -> None:
    """A named pipe is not opened."""
    (tmp_path / "alice").mkdir()
    os.mkfifo(tmp_path / "alice" / PY)

    assert "is not a regular file" in only(tmp_path).read(EXERCISE, LAB).problem


def test_a_file_that_became_a_pipe_does_not_block(tmp_path: Path) -> None:
    """A pipe that appears after the listing is recognised once it is open."""
    handed_in = written(tmp_path / "alice" / PY)
    submission = only(tmp_path)
    handed_in.unlink()
    os.mkfifo(handed_in)

    assert "is not a regular file" in submission.read(EXERCISE, LAB).problem


def test_a_socket_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket is not opened."""
    (tmp_path / "alice").mkdir()
    monkeypatch.chdir(tmp_path / "alice")  # a socket's path has at most 107 bytes
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(PY)

    assert "is not a regular file" in only(tmp_path).read(EXERCISE, LAB).problem


def test_a_folder_named_like_a_file_is_a_problem(tmp_path: Path) -> None:
    """A folder where a file belongs is told so."""
    (tmp_path / "alice" / PY).mkdir(parents=True)

    problem = f"{PY} is a folder, and a file was expected."
    assert only(tmp_path).read(EXERCISE, LAB) == HandIn(problem=problem)


def test_a_file_inside_a_folder_of_its_name_is_taken(tmp_path: Path) -> None:
    """Some programs unpack a file into a folder of its name; the file counts."""
    written(tmp_path / "alice" / PY / PY)

    assert names(only(tmp_path).read(EXERCISE, LAB)) == [f"{PY}/{PY}"]


def test_a_readable_file_is_taken_before_a_broken_one(tmp_path: Path) -> None:
    """A link with the better name does not cost the real file; the notes say both."""
    written(tmp_path / "alice" / "old" / PY)
    (tmp_path / "alice" / PY).symlink_to("old")

    hand_in = only(tmp_path).read(EXERCISE, LAB)
    assert names(hand_in) == [f"old/{PY}"]
    assert f"{PY} is a link, and links are not followed." in hand_in.notes
    assert hand_in.problem == ""


def test_a_file_over_the_limit_is_a_problem_with_its_size(tmp_path: Path) -> None:
    """A file that is too large is not read; the sizes are in the message."""
    os.truncate(written(tmp_path / "alice" / PY), 50 * 2**20)

    hand_in = only(tmp_path).read(EXERCISE, LAB)
    assert hand_in.files == ()
    assert "it has 50.0 MB, and at most 10.0 MB are read" in hand_in.problem


def test_a_file_at_the_limit_is_read(tmp_path: Path) -> None:
    """The limit itself is allowed."""
    os.truncate(written(tmp_path / "alice" / PY), MAX_FILE_BYTES)

    assert len(only(tmp_path).read(EXERCISE, LAB).files[0].content) == MAX_FILE_BYTES


def test_an_empty_file_is_handed_in(tmp_path: Path) -> None:
    """What an empty file means is not decided here."""
    written(tmp_path / "alice" / PY, "")

    assert only(tmp_path).read(EXERCISE, LAB) == HandIn(files=(File(PY, b""),))


def test_a_student_with_too_many_entries_is_cut_off(tmp_path: Path) -> None:
    """One student's many files do not fill the memory; those for exercises are all found."""
    written(tmp_path / "alice" / "zzz" / "deep" / PY)
    (tmp_path / "alice" / "many").mkdir()
    for number in range(MAX_OTHERS + 5):
        (tmp_path / "alice" / "many" / str(number)).touch()

    submission = only(tmp_path)
    assert len(submission.found) == MAX_OTHERS + 1
    assert len(submission.read(EXERCISE, LAB).files) == 1
    assert submission.record.notes == ()


def test_names_that_look_equal_are_kept_apart(tmp_path: Path) -> None:
    """Two spellings of one name become two students, each with a note."""
    for form in ("NFC", "NFD"):
        written(tmp_path / unicodedata.normalize(form, "zoë") / PY, form)

    submissions = find_submissions(tmp_path)
    assert [s.student for s in submissions] == ["zoë", "zoë (2)"]
    assert all("Several folders are called zoë" in s.record.notes[0] for s in submissions)
    assert {s.read(EXERCISE, LAB).files[0].content for s in submissions} == {b"NFC", b"NFD"}


def test_a_number_that_is_taken_is_not_given_twice(tmp_path: Path) -> None:
    """A student really called `zoë (2)` keeps that name."""
    for name in ("zoe\u0308", "zo\u00eb", "zoë (2)"):
        written(tmp_path / name / PY, name)

    found = {
        s.student: s.read(EXERCISE, LAB).files[0].content.decode()
        for s in find_submissions(tmp_path)
    }
    assert sorted(found) == ["zoë", "zoë (2)", "zoë (3)"]
    assert found["zoë (2)"] == "zoë (2)"


@pytest.mark.parametrize(
    ("raw", "student"),
    [(b"a\nb\x1b", "a\ufffdb\ufffd"), (b"caf\xe9", "caf\\xe9"), ("a\u202eb".encode(), "a\ufffdb")],
)
def test_names_are_made_printable(tmp_path: Path, raw: bytes, student: str) -> None:
    """Control characters and bytes that are not UTF-8 do not reach the reports."""
    written(tmp_path / os.fsdecode(raw) / PY)

    submission = only(tmp_path)
    assert (submission.student, names(submission.read(EXERCISE, LAB))) == (student, [PY])


def test_a_long_name_still_fits_a_report_file(tmp_path: Path) -> None:
    """A student's name leaves room for the ending of a file name."""
    written(tmp_path / ("é" * 127) / PY)

    assert len(f"{only(tmp_path).student}.feedback.html".encode()) <= 255


def test_submissions_travel_to_other_processes(tmp_path: Path) -> None:
    """A submission can be pickled unread, and is read where it arrives."""
    written(tmp_path / "alice" / PY)

    arrived = pickle.loads(pickle.dumps(only(tmp_path)))  # noqa: S301 - made in the line itself
    assert names(arrived.read(EXERCISE, LAB)) == [PY]


@dataclass(frozen=True)
class TooLarge(FoundFile):
    """A file that is too large, and counts how often that was found out."""

    tries: list[str] = field(default_factory=list)

    def open(self) -> BytesIO:
        """Give more than is read of a file."""
        self.tries.append(self.name)
        return BytesIO(bytes(MAX_FILE_BYTES + 1))


def test_of_a_thousand_files_for_one_exercise_a_few_are_tried() -> None:
    """A zip may name the same ten megabytes over and over; nobody waits for them all."""
    tries: list[str] = []
    found = [TooLarge(f"{number:03}/{PY}", tries=tries) for number in range(1000)]

    hand_in = Submission(StudentRecord(id="mallory"), found=tuple(found)).read(EXERCISE, LAB)

    assert "too large" in hand_in.problem
    assert 1 < len(tries) <= 40  # each one's beginning, and then the whole


def test_a_hidden_folder_of_a_student_is_a_note(tmp_path: Path) -> None:
    """What a program keeps there is none."""
    written(tmp_path / "alice" / ".work" / PY)
    written(tmp_path / "alice" / ".venv" / PY)

    assert [note.split(" was")[0] for note in only(tmp_path).record.notes] == [".work"]


def test_reports_in_a_students_folder_are_not_looked_into(tmp_path: Path) -> None:
    """Nor behind a link beside the students; each is named where it was left out."""
    written(tmp_path / "class" / "alice" / PY)
    written(tmp_path / "class" / "alice" / "reports" / ".grader.sqlite3")
    written(tmp_path / "class" / "alice" / "reports" / "old" / PY)
    written(tmp_path / "elsewhere" / ".grader.sqlite3")
    (tmp_path / "class" / "linked").symlink_to(tmp_path / "elsewhere")
    found = find_class(tmp_path / "class")

    (alice,) = found.submissions
    assert names(alice.read(EXERCISE, LAB)) == [PY]
    assert alice.record.notes == ("reports was left out: it holds reports of the grader.",)
    assert found.notes == ("linked was left out: it holds reports of the grader.",)


def test_a_student_who_hands_in_a_store_is_graded_all_the_same(tmp_path: Path) -> None:
    """A folder with work in it is a student's."""
    written(tmp_path / "alice" / PY)
    written(tmp_path / "alice" / ".grader.sqlite3")

    assert names(only(tmp_path).read(EXERCISE, LAB)) == [PY]
