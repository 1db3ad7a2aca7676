"""Archives are looked into like folders: a download's own, and those that students hand in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from grader.errors import UnreadableFile
from grader.submissions.archives.building import MAX_ENTRIES
from grader.submissions.archives.members import MAX_INNER_ZIP_BYTES
from grader.submissions.archives.tars import tar_folder
from grader.submissions.archives.zips import zip_folder
from grader.submissions.disk.tree import Remark, is_archive

if TYPE_CHECKING:
    from grader.courses import Course
    from grader.submissions.disk.files import FoundFile
    from grader.submissions.disk.tree import Folder

__all__ = ["MAX_NESTED", "open_archives", "opened"]

MAX_NESTED = 3  # archives in archives that one student hands in
MAX_ARCHIVES = 50  # that are opened of one student
MAX_OWN_ENTRIES = 150_000  # files and folders in one student's archives, all together
MAX_DOWNLOAD_BYTES = 20 * 2**30  # of a whole class, unpacked


def opened(
    file: FoundFile,
    course: Course,
    limit: int = MAX_DOWNLOAD_BYTES,
    most: int = MAX_ENTRIES,
) -> Folder:
    """Return what is in an archive.

    Args:
        file: a zip, or else a tar file.
        course: whose exercises are looked for.
        limit: bytes that a tar file may have when it is unpacked.
        most: files and folders that are looked at.

    Raises:
        UnreadableFile: it can't be read.
    """
    if file.name.lower().endswith(".zip") or file.read(2) == b"PK":
        return zip_folder(file, course, most)
    return tar_folder(file, course, limit, most)


def open_archives(folder: Folder) -> Folder:
    """Put each archive's folder in the place of the archive, in one student's folder."""
    left, entries = MAX_ARCHIVES, MAX_OWN_ENTRIES
    waiting = [(each, 0) for _, each in folder.below()]
    for each, depth in waiting:
        kept = []
        for file in each.files:
            if not is_archive(file.name) or not left or depth >= MAX_NESTED:
                kept.append(file)
                continue
            left -= 1
            below = _opened(file, each, entries)
            if below is None:
                kept.append(file)
            else:
                entries = max(0, entries - below.entries)
                each.folders.append(below)
                waiting += [(folder, depth + 1) for _, folder in below.below()]
        each.files = kept
    return folder


def _opened(file: FoundFile, folder: Folder, most: int) -> Folder | None:
    try:
        return opened(file, folder.course, MAX_INNER_ZIP_BYTES, most)
    except UnreadableFile as error:
        folder.remarks.append(Remark("", partial(_said, str(error))))
        return None


def _said(sentence: str, name: str) -> str:
    del name  # the sentence has it
    return sentence
