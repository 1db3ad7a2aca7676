"""Find the submissions of a class: one folder a student, in a folder or in a zip file."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UnreadableFile, UsageError
from grader.lab import EXERCISES
from grader.output_folder import STORE, holds_reports
from grader.students import StudentRecord
from grader.submissions.archives import Entry, list_entries, read_directory
from grader.submissions.files import DiskFile, RefusedFile, is_a_link
from grader.submissions.folders import is_folder, list_folder
from grader.submissions.listing import Listing, is_hidden, is_zip, reports_left_out
from grader.submissions.names import hidden, ignored, known_as, printable, told_apart
from grader.submissions.records import Submission

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ClassWork", "find_class", "find_submissions"]

ARCHIVES = (".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar")
ONE_FOLDER_EACH = "one folder per student, each with exNN_name.py or .ipynb"
NOTED = 20  # folders that were left out, of which it is said


@dataclass(frozen=True)
class ClassWork:
    """What a class handed in.

    Attributes:
        submissions: ordered by student.
        notes: what to know about the rest of the folder or zip, as sentences.
    """

    submissions: list[Submission]
    notes: tuple[str, ...] = ()


def find_submissions(path: Path) -> list[Submission]:
    """Find the submissions in a folder or a zip file, ordered by student."""
    return find_class(path).submissions


def find_class(path: Path, output: Path | None = None) -> ClassWork:
    """Find the submissions in a folder or a zip file; what holds reports of the grader is none.

    Nothing of a student's file is read yet, except the directory of a zip.

    Args:
        path: the folder or zip.
        output: where reports will be written; no student, also before there is anything in it.

    Raises:
        UsageError: there is no such path, or nothing in it to grade.
    """
    try:
        place = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise UsageError(_unusable(path, error)) from error
    if place.is_dir():
        return _in_folder(path, place, output.resolve() if output else None)
    if place.is_file():
        return _in_zip(path, place)
    raise UsageError(f"{path} is neither a folder nor a zip file; pass one with {ONE_FOLDER_EACH}")


def _in_folder(path: Path, place: Path, output: Path | None) -> ClassWork:
    """Find the submissions in a folder."""
    try:
        with os.scandir(place) as entries:
            children = sorted(entries, key=lambda e: e.name)
    except OSError as error:
        raise UsageError(_unusable(path, error)) from error
    if STORE in {entry.name for entry in children}:
        raise UsageError(f"{path} holds reports of the grader: pass a folder with hand-ins alone")
    folders = [each for each in children if is_folder(each) and Path(each.path).resolve() != output]
    listings = {each.name: _of_student(each) for each in folders if not ignored(each.name)}
    files = [each.name for each in children if not ignored(each.name) and not is_folder(each)]
    notes = [is_hidden(printable(each.name)) for each in folders if hidden(each.name)]
    notes += [note for each in listings.values() if each.is_reports for note in each.notes]
    listings = {name: each for name, each in listings.items() if not each.is_reports}
    if _is_one_submission(files, listings):
        listings = {place.name or "submission": list_folder(str(place))}
        notes = []
    if not listings:
        raise UsageError(_nothing_in(path, files, notes))
    return ClassWork(_submissions(listings), _some(notes))


def _of_student(entry: os.DirEntry[str]) -> Listing:
    """Look through one student's folder, unless it is a link."""
    if not entry.is_symlink():
        return list_folder(entry.path)
    if _leads_to_reports(entry):
        return Listing(notes=[reports_left_out(printable(entry.name))], is_reports=True)
    problem = is_a_link(printable(entry.name))
    return Listing(
        found=[RefusedFile(f"{exercise.name}.py", problem=problem) for exercise in EXERCISES],
        notes=[problem],
    )


def _leads_to_reports(link: os.DirEntry[str]) -> bool:
    try:
        return holds_reports(os.listdir(link.path))
    except OSError:
        return False


def _in_zip(path: Path, place: Path) -> ClassWork:
    """Find the submissions in a zip file."""
    source = DiskFile(
        printable(place.name),
        size=place.stat().st_size,
        root=str(place.parent),
        parts=(place.name,),
    )
    try:
        directory = read_directory(source)
    except UnreadableFile as error:
        raise UsageError(_no_zip(path, error)) from error
    entries = _unwrapped(directory.entries)
    by_student = _by_student(entries)
    listings = {student: Listing() for student in by_student}
    for student, belongings in by_student.items():
        list_entries(belongings, source, listings[student])
    direct = [entry for entry in entries if len(entry.parts) == 1 and not entry.info.is_dir()]
    files = [entry.parts[0] for entry in direct]
    if _is_one_submission(files, listings):
        listings = {place.stem: Listing()}
        list_entries(entries, source, listings[place.stem])
    if not listings:
        raise UsageError(_nothing_in(path, files, [*directory.notes, *directory.left_out]))
    return ClassWork(_submissions(listings, directory.notes), _some(directory.left_out))


def _unwrapped(entries: Sequence[Entry]) -> list[Entry]:
    """Look through a single folder around everything, if it holds folders and no known file."""
    folders = {entry.parts[0] for entry in entries if len(entry.parts) > 1 or entry.info.is_dir()}
    near = [entry for entry in entries if len(entry.parts) <= 2]
    holds_files = any(known_as(entry.parts[-1]) for entry in near if not entry.info.is_dir())
    holds_folders = any(len(entry.parts) > 2 for entry in entries) or any(
        len(entry.parts) == 2 and entry.info.is_dir() for entry in near
    )
    if len(folders) != 1 or holds_files or not holds_folders:
        return list(entries)
    return [Entry(entry.parts[1:], entry.info) for entry in entries if len(entry.parts) > 1]


def _by_student(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Group what lies in folders by the outermost one, whose name is cut off."""
    students: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if len(entry.parts) > 1:
            students[entry.parts[0]].append(Entry(entry.parts[1:], entry.info))
        elif entry.info.is_dir():
            students[entry.parts[0]] += []
    return students


def _is_one_submission(files: Sequence[str], listings: Mapping[str, Listing]) -> bool:
    """Tell whether known files lie side by side, and none in a folder."""
    if any(listing.found for listing in listings.values()):
        return False
    return any(map(known_as, files))


def _submissions(listings: Mapping[str, Listing], notes: Sequence[str] = ()) -> list[Submission]:
    """Name the students; a name that had to be changed to be unique gets a note."""
    alike = Counter(map(printable, listings))
    submissions = []
    for folder, student in told_apart(listings).items():
        listing = listings[folder]
        name = printable(folder)
        about = [*notes, *([_says_alike(name, student)] if alike[name] > 1 else []), *listing.notes]
        record = StudentRecord(id=student, notes=tuple(about))
        submissions.append(Submission(record, tuple(listing.found)))
    return sorted(submissions, key=lambda submission: submission.student)


def _says_alike(name: str, student: str) -> str:
    """Say that several folders have the same name for the eye."""
    return f"Several folders are called {name}; this one is reported as {student}."


def _nothing_in(path: Path, files: Sequence[str], notes: Sequence[str]) -> str:
    """Say that there is nothing to grade, and what may be the reason."""
    zips = [printable(name) for name in files if is_zip(name)]
    do = f"expected {ONE_FOLDER_EACH}"
    if zips:
        do = f"unpack each of its {len(zips)} zip files ({zips[0]}, …) into a folder of its own"
    why = f" ({' '.join(_some(notes))})" if notes else ""
    return f"nothing to grade in {path}: it holds no student folder{why}; {do}"


def _no_zip(path: Path, error: UnreadableFile) -> str:
    """Say what a file is that is no zip, as far as its name tells, and what to pass instead."""
    suffix = path.suffix.lower()
    if suffix in {".py", ".ipynb"}:
        kind = "notebook" if suffix == ".ipynb" else "Python file"
        return f"{path} is a single {kind}: pass the folder with {ONE_FOLDER_EACH}"
    if suffix in ARCHIVES:
        return (
            f"{path} is an archive, but not a zip file: unpack it, and pass the folder with "
            f"{ONE_FOLDER_EACH}"
        )
    return f"{error} Pass a folder or a zip file with {ONE_FOLDER_EACH}"


def _some(notes: Sequence[str]) -> tuple[str, ...]:
    """Return as many sentences as a page can show."""
    more = len(notes) - NOTED
    return (*notes[:NOTED], *([f"{more} more folders were left out."] if more > 0 else []))


def _unusable(path: Path, error: Exception) -> str:
    """Say why a path can't be used."""
    if isinstance(error, FileNotFoundError):
        return f"there is no {path}; pass a folder or a zip file with one folder per student"
    reason = error.strerror if isinstance(error, OSError) else error
    return f"{path} can't be read: {reason}; pass a folder or a zip file that you may read"
