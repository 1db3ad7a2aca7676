"""Tar files: a class's and a student's, however wrong they are."""

from __future__ import annotations

import gzip
import io
import tarfile
from typing import TYPE_CHECKING

import pytest
from the_lab import LAB, find_submissions

from grader.errors import UnreadableFile, UsageError
from grader.submissions.archives.tars import tar_folder
from grader.submissions.disk.files import DiskFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from grader.submissions import Submission

EXERCISE = "ex03_log_softmax"
PY = f"{EXERCISE}.py"


def packed(files: Mapping[str, bytes], kind: str = "w:gz") -> bytes:
    """Pack files by name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=kind) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def contents(submission: Submission) -> list[bytes]:
    """Return what counts for the exercise."""
    return [file.content for file in submission.read(EXERCISE, LAB).files]


@pytest.mark.parametrize("kind", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_class_in_a_tar_file_is_read(tmp_path: Path, kind: str) -> None:
    """Packed by any of the usual programs; the name says nothing."""
    path = tmp_path / "class.tar.gz"
    path.write_bytes(packed({f"alice/{PY}": b"a", f"bob/hw/{PY}": b"bb"}, kind))
    alice, bob = find_submissions(path)

    assert (alice.student, contents(alice)) == ("alice", [b"a"])
    assert (bob.student, contents(bob)) == ("bob", [b"bb"])


def test_a_students_tar_file_is_looked_into(tmp_path: Path) -> None:
    """Also a damaged one costs nobody the place, and a note says why nothing was found."""
    for student, content in (("alice", packed({f"hw/{PY}": b"a"})), ("bob", b"\x1f\x8bno")):
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / "hw.tar.gz").write_bytes(content)
    alice, bob = find_submissions(tmp_path / "class")

    assert contents(alice) == [b"a"]
    assert "hw.tar.gz" in bob.record.notes[0]
    assert [file.name for file in bob.found] == ["hw.tar.gz"]


@pytest.mark.parametrize("name", ["../evil.py", "/etc/evil.py", "C:/evil.py"])
def test_names_that_lead_out_are_ignored(tmp_path: Path, name: str) -> None:
    """As in a zip."""
    path = tmp_path / "class.tar"
    path.write_bytes(packed({name: b"x", f"alice/{PY}": b"a"}, "w"))

    assert [each.student for each in find_submissions(path)] == ["alice"]


def test_links_and_devices_are_not_followed(tmp_path: Path) -> None:
    """A tar file can hold both."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in ((PY, tarfile.SYMTYPE), ("ex01_losses.py", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(f"alice/{name}")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    (tmp_path / "class.tar").write_bytes(buffer.getvalue())
    (alice,) = find_submissions(tmp_path / "class.tar")

    assert "is a link" in alice.read(EXERCISE, LAB).problem
    assert "not a regular file" in alice.read("ex01_losses", LAB).problem


def test_what_swells_is_refused(tmp_path: Path) -> None:
    """A few kilobytes of zeros must not fill the disk."""
    (tmp_path / "bomb.tar.gz").write_bytes(gzip.compress(bytes(2**21)))
    bomb = DiskFile("bomb.tar.gz", root=str(tmp_path), parts=("bomb.tar.gz",))

    with pytest.raises(UnreadableFile, match="more than 1 MB when it is unpacked"):
        tar_folder(bomb, LAB, 2**20, 10)


def test_a_cut_off_tar_file_is_a_usage_error(tmp_path: Path) -> None:
    """A download that was broken off."""
    whole = packed({f"alice/{PY}": bytes(range(256)) * 400})
    (tmp_path / "class.tar.gz").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(UsageError, match=r"class\.tar\.gz"):
        find_submissions(tmp_path / "class.tar.gz")
