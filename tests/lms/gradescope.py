"""Gradescope: "Export Submissions" of a programming assignment.

- `assignment_NUMBER_export/submission_metadata.yml`, and a folder `submission_NUMBER` for each
  submission, already unzipped.
- The YAML is Ruby's, with symbols for keys. `:submitters`, each with `:name`, `:sid`, `:email`;
  `:created_at`, `:score`, `:status`, `:results`, and `:history` with a `:created_at` and a `:score`
  for each older one: as public parsers read it (`otter/grade/metadata.py` of
  ucbds-infra/otter-grader before it was taken out, and parsers of single courses). Ruby writes a
  string of digits in quotes, and times as `2026-11-20 17:21:00.000000000 Z`.
- A group's submission has several submitters.
- Only the newest submission's files are in it. Nothing tells what is late.
- There is no text box: who wanted to write something handed in a file. Zips are unpacked by the
  site when they are handed in, and `__MACOSX` is left out.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from lms.packing import Download, Entry, Expected, expecting, files_in, without_text_box
from lms.people import CLASS, File, Person, person

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["gradescope"]

FILE_NAME = "assignment_5129874_export"


def gradescope() -> Download:
    """Return what Gradescope gives."""
    students = without_text_box(CLASS)
    submissions: dict[str, list[Person]] = {}
    for each in students:
        folder = f"submission_2026{_speaker(each).number}"
        submissions.setdefault(folder, []).append(each)
    entries = [Entry(f"{FILE_NAME}/submission_metadata.yml", _metadata(submissions))]
    for folder, submitters in submissions.items():
        files = [inner for file in submitters[0].newest for inner in _unpacked(file)]
        entries += files_in(f"{FILE_NAME}/{folder}", files)
    return Download("gradescope", FILE_NAME, tuple(entries), _expected(students), 0)


def _speaker(student: Person) -> Person:
    """Return who handed in."""
    return person("lima") if student.group else student


def _metadata(submissions: dict[str, list[Person]]) -> bytes:
    lines = ["---"]
    for folder, submitters in submissions.items():
        lines += [f"{folder}:", "  :submitters:"]
        for each in submitters:
            lines.append(f"  - :name: {each.name}")
            lines.append(f"    :sid: '{each.sid}'")
            lines.append(f"    :email: {each.email}")
        lines += _of_submission(submitters[0])
    return ("\n".join(lines) + "\n").encode()


def _of_submission(speaker: Person) -> Iterator[str]:
    yield f"  :created_at: {_time(speaker, speaker.last_attempt)}"
    yield "  :score: 0.0"
    yield "  :status: processed"
    yield "  :results:"
    yield "    tests:"
    yield "    - name: 'loss: the mean'"
    yield "      score: 0.0"
    yield "      max_score: 1.0"
    yield "  :history:" + ("" if speaker.last_attempt > 1 else " []")
    for attempt in range(1, speaker.last_attempt):
        yield f"  - :id: {speaker.number * 100 + attempt}"
        yield f"    :created_at: {_time(speaker, attempt)}"
        yield "    :score: 0.0"


def _time(student: Person, attempt: int) -> str:
    return f"{student.at(attempt):%Y-%m-%d %H:%M:%S}.000000000 Z"


def _unpacked(file: File) -> Iterator[File]:
    if not file.name.endswith(".zip"):
        yield file
        return
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        for name in archive.namelist():
            if not name.startswith("__MACOSX/"):
                yield File(name, archive.read(name))


def _expected(students: Sequence[Person]) -> tuple[Expected, ...]:
    return tuple(
        expecting(
            each, each.sid, name=each.name, email=each.email, submitted_at=_speaker(each).at()
        )
        for each in students
    )
