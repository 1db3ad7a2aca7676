"""Finding and reading what a class handed in as zip files."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest
from the_lab import LAB, find_class, find_submissions

from grader.errors import UsageError
from grader.results.students import StudentRecord
from grader.submissions import MAX_FILE_BYTES, HandIn, Submission
from grader.submissions.archives.zips import MAX_DIRECTORY_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EXERCISE = "ex03_log_softmax"
PY = f"{EXERCISE}.py"


def packed(entries: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip file with these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def zipped(
    tmp_path: Path, entries: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED
) -> Path:
    """Write a class as a zip file."""
    path = tmp_path / "class.zip"
    path.write_bytes(packed(entries, method))
    return path


def only(path: Path) -> Submission:
    """Return the one submission of a class."""
    (submission,) = find_submissions(path)
    return submission


def first(submission: Submission) -> tuple[str, bytes]:
    """Return name and content of the file that was taken."""
    file = submission.read(EXERCISE, LAB).files[0]
    return file.name, file.content


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_is_read_like_a_folder(tmp_path: Path, method: int) -> None:
    """Each folder of the zip is a student."""
    path = zipped(tmp_path, {f"bob/{PY}": b"b" * 99, f"alice/hw/{PY}": b"a"}, method)

    submissions = find_submissions(path)
    assert [s.student for s in submissions] == ["alice", "bob"]
    assert [first(s) for s in submissions] == [(f"hw/{PY}", b"a"), (PY, b"b" * 99)]


def test_a_single_wrapper_folder_is_looked_through(tmp_path: Path) -> None:
    """A folder around all students is not a student."""
    path = zipped(
        tmp_path, {f"class/bob/{PY}": b"b", f"class/alice/{PY}": b"a", "class/to.do": b""}
    )

    assert [s.student for s in find_submissions(path)] == ["alice", "bob"]


def test_a_single_student_is_not_a_wrapper(tmp_path: Path) -> None:
    """A folder that holds exercise files is a student, whatever folders lie beside them."""
    path = zipped(tmp_path, {f"alice/{PY}": b"a", f"alice/old/{PY}": b"b"})

    submission = only(path)
    assert (submission.student, first(submission)) == ("alice", (PY, b"a"))


def test_a_zip_of_exercise_files_is_one_submission(tmp_path: Path) -> None:
    """Exercise files at the root of a zip are one student's, named after the zip."""
    submission = only(zipped(tmp_path, {PY: b"a", "data/numbers.csv": b"1"}))

    assert (submission.student, first(submission)) == ("class", (PY, b"a"))


def test_an_empty_folder_in_a_zip_is_a_student(tmp_path: Path) -> None:
    """A student who handed in nothing is still one."""
    path = zipped(tmp_path, {f"alice/{PY}": b"a", "bob/": b""})

    assert find_submissions(path)[1] == Submission(StudentRecord(id="bob", reader="folder"))


def test_system_files_in_a_zip_are_ignored(tmp_path: Path) -> None:
    """What macOS adds is nobody's work, and does not hide a wrapper folder."""
    path = zipped(
        tmp_path,
        {f"c/alice/{PY}": b"a", f"__MACOSX/c/alice/._{PY}": b"", "c/.DS_Store": b"", ".git/x": b""},
    )

    submission = only(path)
    assert (submission.student, first(submission)) == ("alice", (PY, b"a"))


def test_the_newer_entry_is_taken(tmp_path: Path) -> None:
    """The time in the zip decides between equals; one that is no date is the oldest."""
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.mkdir("bob")
        for name, month in (("a", 0), ("b", 5), ("c", 3)):
            archive.writestr(zipfile.ZipInfo(f"alice/{name}/{PY}", (2024, month, 1, 0, 0, 0)), name)

    assert first(find_submissions(path)[0]) == (f"b/{PY}", b"b")


def test_a_zip_in_a_student_folder_is_looked_into(tmp_path: Path) -> None:
    """A student may hand in a zip; its name is part of the file's name."""
    (tmp_path / "alice").mkdir()
    (tmp_path / "alice" / "work.zip").write_bytes(packed({f"task/{PY}": b"a"}))

    assert first(only(tmp_path)) == (f"work.zip/task/{PY}", b"a")


def test_a_students_zip_in_a_class_zip_is_looked_into(tmp_path: Path) -> None:
    """The same holds where the class itself is a zip."""
    path = zipped(tmp_path, {"alice/work.zip": packed({PY: b"a"}), f"bob/{PY}": b"b"})

    assert first(find_submissions(path)[0]) == (f"work.zip/{PY}", b"a")


def test_zips_in_zips_are_looked_into_to_a_depth(tmp_path: Path) -> None:
    """Three are opened; what lies deeper is a file that no exercise is known by."""
    inner = packed({"deep.zip": packed({"deeper.zip": packed({PY: b"a"})})})
    (tmp_path / "alice").mkdir()
    (tmp_path / "alice" / "work.zip").write_bytes(inner)
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / "work.zip").write_bytes(packed({"on.zip": inner}))
    alice, bob = find_submissions(tmp_path)

    assert first(alice) == (f"work.zip/deep.zip/deeper.zip/{PY}", b"a")
    assert [file.name for file in bob.found] == ["work.zip/on.zip/deep.zip/deeper.zip"]


@pytest.mark.parametrize(
    "name",
    ["/alice/", "alice/../bob/", "../", "C:/alice/", "c:alice/", "alice\\..\\", "\\alice\\"],
)
def test_entries_that_lead_out_are_ignored_with_a_note(tmp_path: Path, name: str) -> None:
    """Absolute paths, parents and drives are not files of a student."""
    found = find_class(zipped(tmp_path, {f"{name}{PY}": b"evil", "carol/": b""}))

    (submission,) = found.submissions
    assert (submission.student, submission.read(EXERCISE, LAB)) == ("carol", HandIn())
    assert "1 ignored" in found.notes[0]


@pytest.mark.parametrize(
    ("kind", "words"), [(stat.S_IFLNK, "is a link"), (stat.S_IFIFO, "not a regular file")]
)
def test_links_and_odd_entries_are_a_problem(tmp_path: Path, kind: int, words: str) -> None:
    """What a zip marks as a link or a pipe is not read, not even as text."""
    path = tmp_path / "class.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in (PY, "data"):
            info = zipfile.ZipInfo(f"alice/{name}")
            info.external_attr = (kind | 0o644) << 16
            archive.writestr(info, "/etc/passwd")

    submission = only(path)
    assert words in submission.read(EXERCISE, LAB).problem
    assert words in submission.record.notes[0]


def test_an_entry_over_the_limit_is_a_problem(tmp_path: Path) -> None:
    """A large file in a zip gets the same message as one in a folder."""
    path = zipped(tmp_path, {f"alice/{PY}": bytes(MAX_FILE_BYTES + 2**20)})

    assert "it has 11.0 MB, and at most 10.0 MB are read" in only(path).read(EXERCISE, LAB).problem


def test_an_entry_at_the_limit_is_read(tmp_path: Path) -> None:
    """The limit itself is allowed in a zip too."""
    path = zipped(tmp_path, {f"alice/{PY}": bytes(MAX_FILE_BYTES)})

    assert len(first(only(path))[1]) == MAX_FILE_BYTES


def test_a_declared_size_is_not_trusted(tmp_path: Path) -> None:
    """An entry that says it has 5 bytes and unpacks to 20 MB is stopped at the limit."""
    path = zipped(tmp_path, {f"alice/{PY}": bytes(20 * 2**20)})
    lie = path.read_bytes().replace(struct.pack("<L", 20 * 2**20), struct.pack("<L", 5))
    path.write_bytes(lie)

    assert "it has more than 10.0 MB" in only(path).read(EXERCISE, LAB).problem


def test_an_encrypted_entry_is_a_problem(tmp_path: Path) -> None:
    """A file that needs a password is told so; the flag is set by hand."""
    path = zipped(tmp_path, {f"alice/{PY}": b"x"})
    content = path.read_bytes()
    directory = content.index(b"PK\1\2")
    path.write_bytes(content[: directory + 8] + b"\1" + content[directory + 9 :])

    assert "is encrypted" in only(path).read(EXERCISE, LAB).problem


def test_a_damaged_entry_is_a_problem(tmp_path: Path) -> None:
    """A file whose bytes changed after it was packed is not graded."""
    path = zipped(tmp_path, {f"alice/{PY}": b"lr = 0.1"}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"lr = 0.1", b"lr = 9.9"))

    assert only(path).read(EXERCISE, LAB).problem == f"{PY} is damaged in its zip file."


def test_a_rare_method_is_a_problem(tmp_path: Path) -> None:
    """Methods whose memory can't be bounded are not unpacked."""
    path = zipped(tmp_path, {f"alice/{PY}": b"x"}, zipfile.ZIP_LZMA)

    assert "packed by a rare method (14)" in only(path).read(EXERCISE, LAB).problem


@pytest.mark.parametrize("content", [b"", b"no zip", packed({f"alice/{PY}": b"x"})[:-30]])
def test_a_class_that_is_no_zip_is_a_usage_error(tmp_path: Path, content: bytes) -> None:
    """A damaged zip as the class is one line for the user."""
    path = tmp_path / "class.zip"
    path.write_bytes(content)

    with pytest.raises(UsageError, match=r"class.zip can't be read as a zip file.*Pass a folder"):
        find_submissions(path)


def test_an_empty_zip_is_a_usage_error(tmp_path: Path) -> None:
    """A zip without a student says what was expected."""
    with pytest.raises(UsageError, match="nothing to grade in"):
        find_submissions(zipped(tmp_path, {}))


def test_a_students_damaged_zip_is_a_note(tmp_path: Path) -> None:
    """A zip that can't be opened is a note; the rest of the folder still counts."""
    (tmp_path / "alice").mkdir()
    (tmp_path / "alice" / "work.zip").write_bytes(b"PK\3\4 no zip")
    (tmp_path / "alice" / PY).write_bytes(b"a")

    submission = only(tmp_path)
    assert first(submission) == (PY, b"a")
    assert "work.zip can't be read as a zip file" in submission.record.notes[0]


def test_a_zip_that_declares_a_huge_directory_is_refused(tmp_path: Path) -> None:
    """No directory is read that could fill the memory."""
    path = zipped(tmp_path, {f"alice/{PY}": b"x"})
    content = path.read_bytes()
    end = content.index(b"PK\5\6")
    lie = struct.pack("<L", MAX_DIRECTORY_BYTES + 1)
    path.write_bytes(bytes(MAX_DIRECTORY_BYTES) + content[: end + 12] + lie + content[end + 16 :])

    with pytest.raises(UsageError, match="too many entries"):
        find_submissions(path)


def test_entries_past_the_limit_are_not_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A class's own archive is refused, so that nobody is lost; a student's is cut off."""
    monkeypatch.setattr("grader.submissions.archives.opening.opened.__defaults__", (2**20, 3))
    monkeypatch.setattr("grader.submissions.archives.opening.MAX_OWN_ENTRIES", 3)
    many = {PY: b"a", **{str(number): b"" for number in range(3)}}
    path = zipped(tmp_path, many)
    with pytest.raises(UsageError, match="too many entries for one archive: unpack it"):
        find_submissions(path)

    alice = only(zipped(tmp_path, {"alice/own.zip": packed(many)}))
    assert first(alice) == (f"own.zip/{PY}", b"a")
    assert alice.record.notes == ("Only the first 3 files and folders of own.zip were looked at.",)


def test_names_written_without_a_flag_are_read_as_utf8(tmp_path: Path) -> None:
    """Some programs write UTF-8 names without saying so."""
    path = zipped(tmp_path, {f"zoX/{PY}": b"a"})
    path.write_bytes(path.read_bytes().replace(b"zoX/", "zö/".encode()))

    assert only(path).student == "zö"


def test_each_zip_of_a_class_of_zips_is_a_student(tmp_path: Path) -> None:
    """Whether they lie in a folder or in a zip; what no zip is loses nobody the place."""
    works = {"kim.zip": packed({PY: b"k"}), "lee.zip": packed({f"hw3/{PY}": b"l"}), "ng.zip": b"?"}
    (tmp_path / "class").mkdir()
    for name, content in works.items():
        (tmp_path / "class" / name).write_bytes(content)

    for place in (tmp_path / "class", zipped(tmp_path, works)):
        kim, lee, ng = find_submissions(place)
        assert (kim.student, first(kim)) == ("kim", (PY, b"k"))
        assert (lee.student, first(lee)) == ("lee", (f"hw3/{PY}", b"l"))
        assert ng.student == "ng"
        assert "ng.zip can't be read as a zip file" in ng.record.notes[0]


def test_backslashes_in_a_zip_stand_for_folders(tmp_path: Path) -> None:
    """Old programs for Windows write them, in a class as in a student's own zip."""
    own = packed({f"hw\\{PY}": b"l"})
    path = zipped(tmp_path, {f"class\\kim\\{PY}": b"k", "class\\lee\\own.zip": own})
    kim, lee = find_submissions(path)

    assert (kim.student, first(kim)) == ("kim", (PY, b"k"))
    assert (lee.student, first(lee)) == ("lee", (f"own.zip/hw/{PY}", b"l"))


def test_hidden_folders_are_named_and_those_of_programs_are_not(tmp_path: Path) -> None:
    """Of the class, and of a student."""
    hidden = {f".bob/{PY}": b"b", f"alice/.work/{PY}": b"w", f"alice/.git/{PY}": b"g"}
    path = zipped(tmp_path, {f"alice/{PY}": b"a", **hidden, f".git/{PY}": b"g"})
    found = find_class(path)

    assert [note.split(" was")[0] for note in found.notes] == [".bob"]
    assert [note.split(" was")[0] for note in found.submissions[0].record.notes] == [".work"]


def test_a_small_zip_takes_no_memory_for_folders_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One entry may make sixty folders, and its name is said once only."""
    monkeypatch.setattr("grader.submissions.archives.opening.MAX_OWN_ENTRIES", 100)
    deep = {f"{at}/{'a/' * 50}b.py": b"" for at in range(50)}
    alice = only(zipped(tmp_path, {f"alice/{PY}": b"a", "alice/own.zip": packed(deep)}))

    assert len(alice.found) < 5
    assert alice.record.notes == (
        "Only the first 100 files and folders of own.zip were looked at.",
    )


def test_all_archives_of_a_student_share_one_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty of them cost no more than one."""
    monkeypatch.setattr("grader.submissions.archives.opening.MAX_OWN_ENTRIES", 100)
    inner = packed({str(at): b"" for at in range(60)})
    alice = only(zipped(tmp_path, {f"alice/part {at}.zip": inner for at in range(10)}))

    assert len(alice.found) <= 110


def test_a_path_that_no_system_could_unpack_is_left_out(tmp_path: Path) -> None:
    """It would stand before each name in a zip that lies there."""
    long = "/".join(["p" * 1000] * 5)
    inner = packed({PY: b"a"})
    alice = only(zipped(tmp_path, {f"alice/{PY}": b"a", f"alice/{long}/own.zip": inner}))

    assert [file.name for file in alice.found] == [PY]
