"""Find the submissions of a class: one folder a student, in a folder or in a zip file."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from grader.errors import UnreadableFile, UsageError
from grader.lab import EXERCISES
from grader.submissions.archives import Entry, list_entries, read_directory
from grader.submissions.files import DiskFile, RefusedFile, is_a_link
from grader.submissions.folders import is_folder, list_folder
from grader.submissions.listing import Listing
from grader.submissions.names import ignored, known_as, printable, told_apart
from grader.submissions.records import Submission

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["find_submissions"]


def find_submissions(path: Path) -> list[Submission]:
    """Find the submissions in a folder or a zip file, ordered by student.

    Nothing of a student's file is read yet, except the directory of a zip.

    Raises:
        UsageError: there is no such path, or nothing in it to grade.
    """
    try:
        place = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise UsageError(_unusable(path, error)) from error
    if place.is_dir():
        return _in_folder(path, place)
    if place.is_file():
        return _in_zip(path, place)
    raise UsageError(f"{path} is neither a folder nor a zip file; pass one with a folder a student")


def _in_folder(path: Path, place: Path) -> list[Submission]:
    """Find the submissions in a folder."""
    try:
        with os.scandir(place) as entries:
            children = sorted((e for e in entries if not ignored(e.name)), key=lambda e: e.name)
    except OSError as error:
        raise UsageError(_unusable(path, error)) from error
    listings = {entry.name: _of_student(entry) for entry in children if is_folder(entry)}
    files = [entry.name for entry in children if not is_folder(entry)]
    if _is_one_submission(files, listings):
        listings = {place.name or "submission": list_folder(str(place))}
    return _submissions(path, listings)


def _of_student(entry: os.DirEntry[str]) -> Listing:
    """Look through one student's folder, unless it is a link."""
    if not entry.is_symlink():
        return list_folder(entry.path)
    problem = is_a_link(printable(entry.name))
    return Listing(
        found=[RefusedFile(f"{exercise.name}.py", problem=problem) for exercise in EXERCISES],
        notes=[problem],
    )


def _in_zip(path: Path, place: Path) -> list[Submission]:
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
        message = f"{error} Pass a folder, or a zip file, with a folder a student"
        raise UsageError(message) from error
    entries = _unwrapped(directory.entries)
    by_student = _by_student(entries)
    listings = {student: Listing() for student in by_student}
    for student, belongings in by_student.items():
        list_entries(belongings, source, listings[student])
    direct = [entry for entry in entries if len(entry.parts) == 1 and not entry.info.is_dir()]
    if _is_one_submission([entry.parts[0] for entry in direct], listings):
        listings = {place.stem: Listing()}
        list_entries(entries, source, listings[place.stem])
    return _submissions(path, listings, directory.notes)


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


def _submissions(
    path: Path, listings: Mapping[str, Listing], notes: Sequence[str] = ()
) -> list[Submission]:
    """Name the students; a name that had to be changed to be unique gets a note."""
    if not listings:
        raise UsageError(
            f"nothing to grade in {path}: it holds no student folder; "
            "expected one folder per student, each with exNN_name.py or .ipynb"
        )
    alike = Counter(map(printable, listings))
    submissions = []
    for folder, student in told_apart(listings).items():
        listing = listings[folder]
        name = printable(folder)
        about = [*notes, *([_says_alike(name, student)] if alike[name] > 1 else []), *listing.notes]
        submissions.append(Submission(student, tuple(about), tuple(listing.found)))
    return sorted(submissions, key=lambda submission: submission.student)


def _says_alike(name: str, student: str) -> str:
    """Say that several folders have the same name for the eye."""
    return f"Several folders are called {name}; this one is reported as {student}."


def _unusable(path: Path, error: Exception) -> str:
    """Say why a path can't be used."""
    if isinstance(error, FileNotFoundError):
        return f"there is no {path}; pass a folder or a zip file with one folder per student"
    reason = error.strerror if isinstance(error, OSError) else error
    return f"{path} can't be read: {reason}; pass a folder or a zip file that you may read"
