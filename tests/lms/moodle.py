r"""Moodle: "Download all submissions", as `mod/assign/classes/downloader.php` does it.

- `get_student_prefix`: the full name with `_` turned into spaces, `_`, and the participant's number
  *of this assignment* (not the user's). `clean_filename` takes out `& < > " ` | ' : \ /` and
  control characters, so `O'Brien` is `OBrien`. With blind marking the name is `Participant`. Where
  teams hand in, it is the group's name and the group's number, once for all members.
- `load_submissionplugin_filelist`: by default (since 3.1) a folder for each kind of hand-in,
  `…_assignsubmission_file`, with the student's own folders in it; and
  `…_assignsubmission_onlinetext/onlinetext.html`. Up to 4.0 the folder's name ended in `_`
  (the comment in `mod/assign/feedback/file/importziplib.php`). With "as folders" off,
  all in one folder: `…_assignsubmission_file_NAME`, the student's own folders left out.
- `mod/assign/submission/onlinetext/locallib.php`, `get_files`: the page around the text.
- `get_zip_filename`: `COURSE-ASSIGNMENT-NUMBER.zip`.
- One file of a name in a student's file area: a newer one takes the older one's place.
- Nothing tells what is late.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lms.packing import Download, Entry, Expected, expecting
from lms.people import CLASS, Person, person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["blind", "flat", "moodle", "older", "participant", "prefix", "teams"]

FILE_NAME = "NN101-Training a network-1207"
GROUP_NUMBERS = {"Gradient Group": 512}


def moodle() -> Download:
    """Return what Moodle gives since 4.1."""
    return _download("moodle", prefix, "")


def older() -> Download:
    """Return what it gave before: each folder's name ends in `_`."""
    return _download("moodle-older", prefix, "_")


def blind() -> Download:
    """Return what it gives while nobody is to know who is who."""
    return _download(
        "moodle-blind", lambda each: f"Participant_{participant(each)}", "", named=False
    )


def flat() -> Download:
    """Return what it gives in one folder for all."""
    handed_in = [each for each in CLASS if each.handed_in]
    entries = [
        replace(entry, path=_flattened(entry.path))
        for each in handed_in
        for entry in _of(each, prefix(each), "")
    ]
    return Download("moodle-flat", FILE_NAME, tuple(entries), _expected(handed_in), 0)


def teams() -> Download:
    """Return what it gives where groups hand in; all but one of them have one member."""
    speaker = person("lima")
    speaking = [each for each in CLASS if each.handed_in and (not each.group or each is speaker)]
    entries: list[Entry] = []
    expected: list[Expected] = []
    for each in speaking:
        name = each.group or f"Team {each.number}"
        number = GROUP_NUMBERS.get(name, 600 + each.number)
        entries += _of(each, f"{name}_{number}", "")
        expected.append(expecting(each, str(number), name=name))
    return Download("moodle-teams", FILE_NAME, tuple(entries), tuple(expected), 0)


def participant(student: Person) -> int:
    """Return the number that a student has in this assignment."""
    return 31_000 + student.number % 100


def prefix(student: Person) -> str:
    """Return what the names of a student's folders begin with."""
    return _clean(f"{student.name.replace('_', ' ')}_{participant(student)}")


def _download(
    name: str, prefixed: Callable[[Person], str], after: str, *, named: bool = True
) -> Download:
    handed_in = [each for each in CLASS if each.handed_in]
    entries = [entry for each in handed_in for entry in _of(each, prefixed(each), after)]
    return Download(name, FILE_NAME, tuple(entries), _expected(handed_in, named=named), 0)


def _of(student: Person, prefixed: str, after: str) -> Iterator[Entry]:
    folder = f"{prefixed}_assignsubmission_file{after}"
    own = "my lab/" if student.login == "brien" else ""
    for file in student.newest:
        yield Entry(f"{folder}/{own}{file.name}", file.content)
    if student.text:
        page = (
            '<!DOCTYPE html><html><head><meta charset="UTF-8"></head><body>'
            f"<p>{student.text}</p></body></html>"
        )
        folder = f"{prefixed}_assignsubmission_onlinetext{after}"
        yield Entry(f"{folder}/onlinetext.html", page.encode())


def _flattened(path: str) -> str:
    folder, *_, name = path.split("/")
    return f"{folder}_{name}"


def _clean(name: str) -> str:
    return re.sub(r"[\x00-\x1f&<>\"`|':\\/]", "", name)


def _expected(handed_in: Sequence[Person], *, named: bool = True) -> tuple[Expected, ...]:
    return tuple(
        expecting(each, str(participant(each)), name=_clean(each.name) if named else "")
        for each in handed_in
    )
