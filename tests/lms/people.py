"""A class of twenty, and what each of them handed in for two exercises.

What a grader has to know of it stands with each person: `graded` is the content that counts for
each exercise, `unclaimed` the files that are for no exercise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from lms.work import EX01, EX03, notebook, right, stub, wrong, zipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["CLASS", "DUE", "File", "Person", "person"]

DUE = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)


@dataclass(frozen=True)
class File:
    """One file as its student named it, and the attempt that it was handed in with."""

    name: str
    content: bytes
    attempt: int = 1


@dataclass(frozen=True)
class Person:
    """One student.

    Attributes:
        number: the LMS's own number of the user.
        login: what the student signs in with; one has an underscore in it, one a dot.
        given: empty where somebody has one name only.
        spoken: the name as it is spoken, where that is not the given name before the family name.
        files: in the order in which they were handed in.
        graded: by exercise, the content that counts.
        unclaimed: names of the files that are for no exercise.
        text: typed into the LMS's text box; of one student it is all there is.
        group: whose work it is, where the LMS has groups.
    """

    number: int
    login: str
    given: str
    family: str
    section: str = "Section A"
    files: tuple[File, ...] = ()
    graded: Mapping[str, bytes] = field(default_factory=dict)
    unclaimed: tuple[str, ...] = ()
    text: str = ""
    group: str = ""
    late: bool = False
    spoken: str = ""

    @property
    def name(self) -> str:
        """The name as it is spoken."""
        return self.spoken or f"{self.given} {self.family}".strip()

    @property
    def sortable(self) -> str:
        """The name as lists are sorted by it."""
        return ", ".join(filter(None, (self.family, self.given)))

    @property
    def email(self) -> str:
        """The address of the university."""
        return f"{self.login}@example.edu"

    @property
    def sid(self) -> str:
        """The number on the student card."""
        return f"2026{self.number}"

    @property
    def handed_in(self) -> bool:
        """Whether there is anything, a text alone included."""
        return bool(self.files or self.text)

    @property
    def last_attempt(self) -> int:
        """The number of the newest attempt, from 1."""
        return max((file.attempt for file in self.files), default=1)

    @property
    def newest(self) -> tuple[File, ...]:
        """What is there where a file replaces an older one of its name."""
        return tuple({file.name: file for file in self.files}.values())

    def of_attempt(self, attempt: int) -> tuple[File, ...]:
        """Return what was handed in with one attempt."""
        return tuple(file for file in self.files if file.attempt == attempt)

    def at(self, attempt: int = 0) -> datetime:
        """Return when an attempt was handed in, by default the newest."""
        before = self.last_attempt - (attempt or self.last_attempt)
        when = DUE + (timedelta(hours=3) if self.late else timedelta(hours=-5))
        return when + timedelta(minutes=self.number % 60) - timedelta(days=before)


def person(login: str) -> Person:
    """Return the student with this login."""
    return next(each for each in CLASS if each.login == login)


def _py(exercise: str) -> str:
    return f"{exercise}.py"


def _all_right(login: str) -> tuple[File, ...]:
    return tuple(File(_py(each), right(each, login)) for each in (EX01, EX03))


def _graded(files: Sequence[File]) -> dict[str, bytes]:
    """Return what counts of files with their right names, the last one given for each."""
    return {file.name.partition(".")[0]: file.content for file in files}


def _plain(
    number: int, login: str, given: str, family: str, *, text: str = "", spoken: str = ""
) -> Person:
    """Return somebody who handed in both files, right and well named."""
    files = _all_right(login)
    return Person(
        number, login, given, family, files=files, graded=_graded(files), text=text, spoken=spoken
    )


def _in_a_zip() -> Person:
    work = _all_right("mensah")
    inside = {f"homework/{file.name}": file.content for file in work}
    inside["__MACOSX/homework/._ex01_losses.py"] = b"\x00\x05\x16\x07"
    inside["homework/.DS_Store"] = b"\x00\x00\x00\x01Bud1"
    files = (File("homework.zip", zipped(inside)),)
    return Person(4415, "mensah", "Kwame", "Mensah", files=files, graded=_graded(work))


def _in_a_group(number: int, login: str, given: str, family: str) -> Person:
    files = _all_right("the group")
    return Person(
        number, login, given, family, files=files, graded=_graded(files), group="Gradient Group"
    )


def _misnamed(
    number: int, login: str, given: str, family: str, names: Mapping[str, str], spoken: str = ""
) -> Person:
    """Return somebody whose files have names of their own; those of notebooks say so."""
    files, graded = [], {}
    for exercise, name in names.items():
        content = right(exercise, login)
        content = notebook(content) if ".ipynb" in name else content
        files.append(File(name, content))
        graded[exercise] = content
    return Person(number, login, given, family, files=tuple(files), graded=graded, spoken=spoken)


def _jane_the_second() -> Person:
    work = File(_py(EX03), wrong(EX03, "jsmith2"))
    own = File("losses_final.py", right(EX01, "jsmith2"))
    return Person(
        number=4402,
        login="jsmith2",
        given="Jane",
        family="Smith",
        section="Section B",
        files=(work, own),
        graded={EX03: work.content},
        unclaimed=(own.name,),
    )


def _with_notes() -> Person:
    files = _all_right("brien")
    notes = File("notes.txt", b"I wasn't sure about exercise 3.\n")
    return Person(
        4405, "brien", "Seán", "O'Brien",
        files=(*files, notes), graded=_graded(files), unclaimed=(notes.name,),
    )  # fmt: skip


def _with_drafts() -> Person:
    """Handed in an archive, too, of a kind that is not opened."""
    files = _all_right("jrewing")
    drafts = File("drafts.7z", b"7z\xbc\xaf\x27\x1c\x00\x04")
    return Person(
        4407, "jrewing", "J. R.", "Ewing Jr.",
        files=(*files, drafts), graded=_graded(files), unclaimed=(drafts.name,),
    )  # fmt: skip


def _twice_the_same_names() -> Person:
    """Handed in all of it again: the old ex03 is wrong, the new one right."""
    first = (File(_py(EX01), right(EX01, "patel")), File(_py(EX03), wrong(EX03, "patel")))
    again = tuple(File(file.name, file.content, 2) for file in _all_right("patel"))
    return Person(4409, "patel", "Priya", "Patel", files=(*first, *again), graded=_graded(again))


def _one_file_again() -> Person:
    """Handed in ex03 again, and not ex01, which still counts."""
    first = (File(_py(EX01), right(EX01, "dvorak")), File(_py(EX03), wrong(EX03, "dvorak")))
    files = (*first, File(_py(EX03), right(EX03, "dvorak"), 2))
    return Person(4410, "dvorak", "Tomáš", "Dvořák", files=files, graded=_graded(files))


def _notebook_beside_a_stub() -> Person:
    ex01 = File(_py(EX01), right(EX01, "lucia"))
    ex03 = File(f"{EX03}.ipynb", notebook(right(EX03, "lucia")))
    given_out = File(_py(EX03), stub(EX03))
    return Person(
        4416, "lucia", "Lucía", "Fernández",
        files=(ex01, given_out, ex03), graded=_graded((ex01, ex03)),
    )  # fmt: skip


def _late() -> Person:
    files = (File(_py(EX01), wrong(EX01, "meiling")), File(_py(EX03), right(EX03, "meiling")))
    return Person(
        4411, "meiling", "Mei-Ling", "Chen", files=files, graded=_graded(files), late=True
    )


CLASS = (
    _plain(4401, "jsmith1", "Jane", "Smith"),
    _jane_the_second(),
    _misnamed(
        4403, "wang.xm", "小明", "王",
        {EX01: f"{EX01}.ipynb.json", EX03: f"{EX03}[1].ipynb"}, spoken="王小明",
    ),
    _plain(4404, "nhung_nt", "Thị Hồng Nhung", "Nguyễn", spoken="Nguyễn Thị Hồng Nhung"),
    _with_notes(),
    _misnamed(
        4406, "annemarie", "Anne-Marie", "Müller-Lüdenscheidt",
        {EX01: f"Kopie von {EX01}.py", EX03: f"{EX03} - Kopie.py"},
    ),
    _with_drafts(),
    _plain(4408, "suharto", "", "Suharto", text="Both files are attached."),
    _twice_the_same_names(),
    _one_file_again(),
    _late(),
    _in_a_group(4412, "lima", "Ana", "Lima"),
    _in_a_group(4413, "okafor", "Ben", "Okafor"),
    _in_a_group(4414, "rossi", "Chiara", "Rossi"),
    _in_a_zip(),
    _notebook_beside_a_stub(),
    _misnamed(4417, "kpark", "Kim", "Park", {EX01: "ex01.py", EX03: f"Kim_{EX03}.ipynb"}),
    _misnamed(
        4418, "ivanova", "Ольга", "Иванова",
        {EX01: f"{EX01}.py.txt", EX03: f"{EX03}_final.py"},
    ),
    Person(4419, "zoe", "Zoë", "Washington", text="My file would not upload."),
    Person(4420, "bjorn", "Björn", "Andersen", section="Section B"),
)  # fmt: skip
