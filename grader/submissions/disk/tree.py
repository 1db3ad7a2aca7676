"""A download as a tree of folders, whether it lies on the disk or in an archive."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.courses.known_names import known_as
from grader.files.output_folder import holds_reports
from grader.submissions.disk.files import RefusedFile, is_a_link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from grader.courses import Course
    from grader.courses.known_names import KnownName
    from grader.submissions.disk.files import FoundFile

__all__ = [
    "MAX_DEPTH",
    "Folder",
    "Remark",
    "is_archive",
    "is_hidden",
    "is_reports",
    "is_too_deep",
    "pruned",
    "without_ending",
]

MAX_DEPTH = 64  # folders below a student's; real submissions have three or four
MAX_NAME = 100  # characters of a path that a note shows
ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar")
INSTALLED = frozenset({"node_modules", "site-packages"})
ENVIRONMENTS = frozenset({"pyvenv.cfg", "conda-meta"})  # what lies in a virtual environment


@dataclass(frozen=True)
class Remark:
    """Something to say about a thing in a folder, once it is known what to call it.

    Attributes:
        of: its name in the folder; empty for the folder itself.
        sentence: makes a sentence of its path in the hand-in.
    """

    of: str
    sentence: Callable[[str], str]


@dataclass
class Folder:
    """A folder, or an archive that is looked into like one.

    Attributes:
        name: printable; for an archive without its ending.
        course: whose exercises are looked for.
        ending: of an archive's name, such as `.zip`; empty for a folder.
        folders: what lies in it, in order of name.
        files: what lies in it, in order of name, each with no more than its own name.
        is_link: whether it is a link, which is not followed.
        has_store: whether a store of the grader lies in it.
        is_cut_off: whether an archive has more entries than are looked at.
        entries: how many files and folders an archive has, as far as they were looked at.
    """

    name: str
    course: Course
    ending: str = ""
    folders: list[Folder] = field(default_factory=list)
    files: list[FoundFile] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    is_link: bool = False
    has_store: bool = False
    is_cut_off: bool = False
    entries: int = 0

    @property
    def full_name(self) -> str:
        """The name with its ending."""
        return self.name + self.ending

    def known_as(self, name: str) -> KnownName | None:
        """Recognise the name of a file that lies in it."""
        return known_as(name, self.course)

    def holding(
        self,
        files: Iterable[FoundFile] = (),
        folders: Iterable[Folder] = (),
        remarks: Iterable[Remark] = (),
        *,
        name: str = "",
    ) -> Folder:
        """Return a folder of the same class, with other things in it."""
        return Folder(name, self.course, "", [*folders], [*files], [*remarks])

    def add(self, file: FoundFile) -> None:
        """Take in a file; one that is refused is a remark, unless it may stand for an exercise."""
        if isinstance(file, RefusedFile) and not self.known_as(file.name):
            self.remarks.append(Remark(file.name, file.why))
        else:
            self.files.append(file)

    def below(self) -> Iterator[tuple[str, Folder]]:
        """Give the folder itself and all below, shallow ones first, with their paths in it."""
        waiting = deque([("", self)])
        while waiting:
            path, folder = waiting.popleft()
            yield path, folder
            waiting += [(_joined(path, each.full_name), each) for each in folder.folders]

    def all_files(self) -> Iterator[FoundFile]:
        """Give the files at any depth, shallow ones first, named by their paths in the folder."""
        for path, folder in self.below():
            for file in folder.files:
                yield replace(file, name=_joined(path, file.name)) if path else file

    def all_notes(self) -> Iterator[str]:
        """Give what is to be said about what lies in the folder, at any depth."""
        for path, folder in self.below():
            if folder.is_link:
                yield is_a_link(path or folder.full_name)
            for remark in folder.remarks:
                yield remark.sentence(_joined(path, remark.of) or folder.full_name)


def is_archive(name: str) -> bool:
    """Tell whether a file calls itself an archive that can be read."""
    return bool(without_ending(name)[1])


def without_ending(name: str) -> tuple[str, str]:
    """Return a name and the ending that it has as an archive, or nothing for that."""
    for ending in ARCHIVES:
        if name.lower().endswith(ending):
            return name[: -len(ending)], name[-len(ending) :]
    return name, ""


def pruned(folder: Folder) -> Folder:
    """Take out what is nobody's work: reports of the grader, and installed packages."""
    for _, each in folder.below():
        kept = []
        for below in each.folders:
            names = {file.name for file in below.files}.union(f.name for f in below.folders)
            is_ours = below.has_store or holds_reports(names)
            if is_ours and not any(map(folder.known_as, names)):
                each.remarks.append(Remark(below.name, is_reports))
            elif not names & ENVIRONMENTS and below.name not in INSTALLED:
                kept.append(below)
        each.folders = kept
    return folder


def is_reports(name: str) -> str:
    """Say that a folder is no work that was handed in."""
    return f"{name[:MAX_NAME]} was left out: it holds reports of the grader."


def is_hidden(name: str) -> str:
    """Say that a folder is not looked into, so that whoever meant it can rename it."""
    why = "since its name begins with a dot: rename it if it holds work"
    return f"{name[:MAX_NAME]} was not read, {why}."


def is_too_deep(name: str) -> str:
    """Say that a folder is not looked into."""
    del name  # it would fill the page
    return f"Folders more than {MAX_DEPTH} deep, or with very long names, were not looked into."


def _joined(path: str, name: str) -> str:
    return f"{path}/{name}" if path and name else path or name
