"""What comes from no LMS of its own: clones, courses of nbgrader, drives, folders with names.

- GitHub Classroom: `gh classroom clone student-repos` makes `SLUG-submissions/` with a clone of
  each repository, `SLUG-username` (`cmd/gh-classroom/clone/student-repos/student-repos.go` of
  github/gh-classroom). All that was given out is in each of them, beside what was worked on.
- nbgrader: `submitted/STUDENT/ASSIGNMENT/`, with `timestamp.txt`, in a course that also has
  `source/`, with the solutions, `release/`, `nbgrader_config.py` and `gradebook.db` (its docs,
  "philosophy" and "managing assignment files").
- Google Drive: a folder's zip is `NAME-20261123T093000Z-1-001.zip` with the folder in it; it may
  hold several files of one name, which the zip numbers: `name(1).py`. It keeps the times.
- Schoolwork and Classroom file what all students handed in as `Name - file`, side by side.
- Teams: `Submitted files/STUDENT/ASSIGNMENT/Version 2/file` in the "Student Work" library of
  the class's site, as lwchkg/teams_assignment_explorer describes it.
- Where there are names only, the second of two people of one name has the login in brackets, as an
  instructor or a directory tells them apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms.packing import Download, Entry, Expected, expecting, files_in, without_text_box
from lms.people import CLASS, Person
from lms.work import EX01, EX03, right, stub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = [
    "called",
    "drive",
    "github",
    "github_name",
    "logins",
    "name_dash_file",
    "names",
    "nbgrader",
    "teams",
]

TITLE = "Training a network"
SLUG = "training"


def github() -> Download:
    """Return a folder of clones."""
    students = without_text_box(CLASS)
    root = f"{SLUG}-submissions"
    entries = [entry for each in students for entry in _clone(each, f"{root}/{_repository(each)}")]
    expected = _expected(students, github_name)
    return Download("github", "classroom", tuple(entries), expected, student_folders=2)


def nbgrader() -> Download:
    """Return a course of nbgrader."""
    students = without_text_box(CLASS)
    entries = [
        Entry("nbgrader_config.py", b"c = get_config()\n"),
        Entry("gradebook.db", b"SQLite format 3\x00"),
        Entry(f"source/{SLUG}/{EX01}.py", right(EX01, "the instructor")),
        Entry(f"source/{SLUG}/{EX03}.py", right(EX03, "the instructor")),
        Entry(f"release/{SLUG}/{EX01}.py", stub(EX01)),
        Entry(f"release/{SLUG}/{EX03}.py", stub(EX03)),
    ]
    for each in students:
        folder = f"submitted/{each.login}/{SLUG}"
        entries += files_in(folder, each.newest)
        stamp = f"{each.at():%Y-%m-%d %H:%M:%S}.948203 UTC"
        entries.append(Entry(f"{folder}/timestamp.txt", stamp.encode()))
    expected = tuple(
        expecting(each, each.login, login=each.login, submitted_at=each.at()) for each in students
    )
    return Download("nbgrader", "nn101", tuple(entries), expected, student_folders=0)


def drive() -> Download:
    """Return a folder of Google Drive with a folder for each student."""
    students = without_text_box(CLASS)
    entries: list[Entry] = []
    for each in students:
        known: dict[str, int] = {}
        for file in each.files:
            number = known[file.name] = known.get(file.name, -1) + 1
            stem, dot, ending = file.name.partition(".")
            name = f"{stem}({number}){dot}{ending}" if number else file.name
            path = f"{TITLE}/{called(each)}/{name}"
            entries.append(Entry(path, file.content, each.at(file.attempt)))
    file_name = f"{TITLE}-20261123T093000Z-1-001"
    return Download("drive", file_name, tuple(entries), _expected(students, called), 2)


def name_dash_file() -> Download:
    """Return the files of all students side by side."""
    students = without_text_box(CLASS)
    entries = [
        Entry(f"{called(each)} - {file.name}", file.content)
        for each in students
        for file in each.newest
    ]
    return Download("name-dash-file", TITLE, tuple(entries), _expected(students, called), 0)


def teams() -> Download:
    """Return the "Submitted files" of a class in Teams, with all versions."""
    students = without_text_box(CLASS)
    entries: list[Entry] = []
    for each in students:
        for attempt in range(1, each.last_attempt + 1):
            folder = f"Submitted files/{called(each)}/{TITLE}/Version {attempt}"
            entries += files_in(folder, each.of_attempt(attempt))
    expected = tuple(
        expecting(each, called(each), name=called(each),
                  attempt=each.last_attempt if each.last_attempt > 1 else 0)
        for each in students
    )  # fmt: skip
    return Download("teams", "Student Work", tuple(entries), expected, student_folders=0)


def logins() -> Download:
    """Return a folder for each student, called by the login."""
    return _plain("logins", lambda each: each.login)


def names() -> Download:
    """Return a folder for each student, called by the name."""
    return _plain("names", called)


def called(student: Person) -> str:
    """Return a student's name, or something that tells two people of one name apart."""
    return student.name if student.login != "jsmith2" else f"{student.name} ({student.login})"


def github_name(student: Person) -> str:
    """Return a student's name at GitHub, which has no dots and no underscores."""
    return student.login.replace(".", "-").replace("_", "-")


def _plain(name: str, folder: Callable[[Person], str]) -> Download:
    students = without_text_box(CLASS)
    entries = [entry for each in students for entry in files_in(folder(each), each.newest)]
    return Download(name, "class", tuple(entries), _expected(students, folder), student_folders=1)


def _repository(student: Person) -> str:
    return f"{SLUG}-{github_name(student)}"


def _clone(student: Person, folder: str) -> Iterator[Entry]:
    yield Entry(f"{folder}/.git/HEAD", b"ref: refs/heads/main\n")
    yield Entry(f"{folder}/.github/classroom/autograding.json", b'{"tests": []}')
    yield Entry(f"{folder}/README.md", b"# Training a network\n")
    given_out = {
        f"{name}{kind}": stub(name, kind) for name in (EX01, EX03) for kind in (".py", ".ipynb")
    }
    worked_on = {file.name: file.content for file in student.newest}
    for name, content in {**given_out, **worked_on}.items():
        yield Entry(f"{folder}/exercises/{name}", content)


def _expected(students: Sequence[Person], id_: Callable[[Person], str]) -> tuple[Expected, ...]:
    return tuple(expecting(each, id_(each)) for each in students)
