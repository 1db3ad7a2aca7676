r"""Canvas: "Download Submissions", as `lib/content_zipper.rb` of instructure/canvas-lms writes it.

- A flat zip. `get_filename`: the sortable name in lower case, `LATE`, the user's number, joined by
  `_`, and then everything that is no letter, digit or underscore of any script is taken out. So
  `Smith, Jane` is `smithjane`. `add_upload_submission`: then `_`, the attachment's number, `_` and
  the display name, in which runs of `\0 / \ : * ? " < > |` are one `_`. In older downloads the
  word is `late`; public scripts read both.
- `_text.html` and `_link.html` stand after the user's number; they have no attachment's number.
- Anonymous: no name, and `anon_` with five letters and digits in the place of the number, after
  `LATE` (`[users_name, LATE, id].compact`).
- Group assignments (`get_user_name`: "pulling out of this hash to get group names"): the group's
  name, and the number of the student who stands for it. No member is named; a student without a
  group stands for himself.
- Only the newest hand-in is in it. `Attachment.make_unique_filename` in `app/models/attachment.rb`
  gives a file `-1`, `-2` before its ending where its student has handed in one of that name before.
- The zip is called `short_name_slug-title_slug submissions`, spaces as `_`.
- The pages of text entries are `app/views/assignments/text_entry_page.html.erb`: a title and the
  text.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lms.packing import Download, Entry, Expected, expecting
from lms.people import CLASS, File, Person, person

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["GROUP", "anonymous", "anonymous_id", "canvas", "groups", "older", "squashed"]

FILE_NAME = "nn-101-training-a-network_submissions"
TITLE = "Training a network"
GROUP = "Team_7"  # as instructors name groups: with an underscore, which stays


def canvas() -> Download:
    """Return what Canvas gives today."""
    handed_in = [each for each in CLASS if each.handed_in]
    entries = [entry for each in handed_in for entry in _named(each, _prefix(each, "LATE"))]
    return Download("canvas", FILE_NAME, tuple(entries), _expected(handed_in), student_folders=0)


def older() -> Download:
    """Return what it gave when late was written in small letters."""
    handed_in = [each for each in CLASS if each.handed_in]
    entries = [entry for each in handed_in for entry in _named(each, _prefix(each, "late"))]
    return Download(
        "canvas-older", FILE_NAME, tuple(entries), _expected(handed_in), student_folders=0
    )


def anonymous() -> Download:
    """Return what it gives where the assignment is graded anonymously."""
    handed_in = [each for each in CLASS if each.handed_in]
    entries: list[Entry] = []
    for each in handed_in:
        prefix = "LATE_" * each.late + f"anon_{anonymous_id(each)}"
        entries += _named(each, prefix)
    expected = tuple(expecting(each, anonymous_id(each), late=each.late) for each in handed_in)
    return Download("canvas-anonymous", FILE_NAME, tuple(entries), expected, student_folders=0)


def groups() -> Download:
    """Return what it gives of a group assignment in which three work together."""
    speaker = person("lima")
    speaking = [each for each in CLASS if each.handed_in and (not each.group or each is speaker)]
    named = [
        replace(each, given="", family=GROUP if each.group else each.sortable) for each in speaking
    ]
    entries = [entry for each in named for entry in _named(each, _prefix(each, "LATE"))]
    return Download("canvas-groups", FILE_NAME, tuple(entries), _expected(named), student_folders=0)


def squashed(name: str) -> str:
    """Return a name as Canvas writes it into a file's name."""
    return re.sub(r"[^\w]", "", name.lower())


def anonymous_id(student: Person) -> str:
    """Return the five characters that stand for a student."""
    return hashlib.sha256(student.login.encode()).hexdigest()[:5]


def attachments(student: Person) -> Iterator[tuple[int, File]]:
    """Number the files of the newest hand-in, as Canvas has renamed them.

    Priya's second hand-in has all her files in it, the old ones too: Canvas lets a student choose
    from what was uploaded before.
    """
    first = student.number * 10
    files = student.files if student.login == "patel" else student.newest
    for place, file in enumerate(files):
        again = student.last_attempt > 1 and (file.attempt > 1 or student.login != "patel")
        yield first + place, replace(file, name=_numbered(file.name) if again else file.name)


def _prefix(student: Person, late: str) -> str:
    name = squashed(student.sortable)
    return "_".join(filter(None, (name, late if student.late else "", str(student.number))))


def _named(student: Person, prefix: str) -> Iterator[Entry]:
    if student.text and not student.files:
        page = f"<html><head><title>{TITLE}</title></head><body><p>{student.text}</p></body></html>"
        yield Entry(f"{prefix}_text.html", page.encode())
    for number, file in attachments(student):
        display_name = re.sub(r'[\x00/\\:*?"<>|]+', "_", file.name)
        yield Entry(f"{prefix}_{number}_{display_name}", file.content)


def _numbered(name: str) -> str:
    stem, dot, ending = name.partition(".")
    return f"{stem}-1{dot}{ending}"


def _expected(handed_in: list[Person]) -> tuple[Expected, ...]:
    return tuple(
        expecting(each, str(each.number), name=squashed(each.sortable), late=each.late)
        for each in handed_in
    )
