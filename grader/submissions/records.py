"""What a student handed in, and which of several files counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UnreadableFile
from grader.submissions.files import FoundFile, RefusedFile, whole
from grader.submissions.given import MAX_GIVEN_BYTES, is_check, is_stub
from grader.submissions.names import known_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.students import StudentRecord
    from grader.submissions.names import KnownName

__all__ = ["File", "HandIn", "Submission", "was_given_out"]

KINDS = (".py", ".ipynb")
MAX_TRIED = 20  # files for one exercise; a zip may name 10 MB of its bytes a thousand times over
SAME_AGE_S = 60.0  # a folder that is unpacked or cloned without its times is written in less
MAX_NAMED = 5  # files that one note names, problems that one report shows


@dataclass(frozen=True)
class File:
    """One handed-in file.

    Attributes:
        name: its path inside the submission, with forward slashes.
        is_notebook: whether it stands for a `.ipynb`, also as `.ipynb.txt`.
        kind: `.py` or `.ipynb`.
    """

    name: str
    content: bytes

    @property
    def kind(self) -> str:
        """What it stands for, `.py` or `.ipynb`."""
        return ".ipynb" if self.is_notebook else ".py"

    @property
    def is_notebook(self) -> bool:
        """Whether it stands for a `.ipynb`, also as `.ipynb.txt`."""
        return self.name.lower().removesuffix(".txt").endswith(".ipynb")


@dataclass(frozen=True)
class HandIn:
    """What one student handed in for one exercise.

    Attributes:
        files: at most one `.py` and one `.ipynb`, the `.py` first; empty where nothing was handed
            in or nothing could be read.
        notes: which of several files was taken, and which could not be read, as sentences.
        problem: why nothing of what is there can be read (too large, a folder, a link), or empty.
    """

    files: tuple[File, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Submission:
    """One student's submission; its files are read when they are asked for.

    Attributes:
        record: who the student is, and what is known of the hand-in as a whole.
        found: the known files that were found, none of them read.
    """

    record: StudentRecord
    found: tuple[FoundFile, ...] = ()

    @property
    def student(self) -> str:
        """The student's id."""
        return self.record.id

    def read(self, exercise: str) -> HandIn:
        """Read the files of one exercise, once, following no link."""
        choices = [_Choice.among(self.found, exercise, kind) for kind in KINDS]
        files = tuple(choice.file for choice in choices if choice.file is not None)
        every = dict.fromkeys(problem for choice in choices for problem in choice.problems)
        problems = list(every)[:MAX_NAMED]
        if not files:
            return HandIn(problem=" ".join(problems))
        verb = "graded" if len(files) == 1 else "taken"
        told = [choice.told(verb) for choice in choices if choice.file and len(choice.names) > 1]
        return HandIn(files=files, notes=(*told, *problems))


@dataclass(frozen=True)
class _Choice:
    """The best of the files that stand for the same one.

    Attributes:
        file: the first that could be read, among the best few.
        names: all of them, best first.
        problems: why those before it could not be read.
    """

    file: File | None
    names: tuple[str, ...]
    problems: tuple[str, ...]

    @classmethod
    def among(cls, found: Sequence[FoundFile], exercise: str, kind: str) -> _Choice:
        """Choose for one exercise and one kind of file."""
        ranked = _ranked(found, exercise, kind)
        if len(ranked) > 1:
            ranked = _work_first(ranked, kind)
        names = tuple(candidate.name for candidate in ranked)
        problems: list[str] = []
        for candidate in ranked[:MAX_TRIED]:
            try:
                content = whole(candidate)
            except UnreadableFile as error:
                problems.append(str(error))
            else:
                if not is_check(content):
                    return cls(File(candidate.name, content), names, tuple(problems))
        return cls(None, names, tuple(problems))

    def told(self, verb: str) -> str:
        """Say which files compete and which was taken."""
        taken = self.file.name if self.file else "none"
        return f"{_listed(self.names)} handed in; {taken} was {verb}."


def _ranked(found: Sequence[FoundFile], exercise: str, kind: str) -> list[FoundFile]:
    """Return the files that stand for one, best first.

    The newest comes first. Where all are about as old, as after a download that kept no times, it
    is the last that a browser or an LMS numbered, then the better name, the shallower path.
    """
    known = [(known_as(file.name.rpartition("/")[2]), file) for file in found]
    files = [(k, f) for k, f in known if k and (k.exercise, k.kind) == (exercise, kind)]
    newest = max((file.modified for _, file in files), default=0.0)

    def rank(of: tuple[KnownName, FoundFile]) -> tuple[float | str, ...]:
        name, file = of
        age = 0.0 if isinstance(file, RefusedFile) else newest - file.modified
        return (
            age if age > SAME_AGE_S else 0.0,
            -name.number,
            name.distance,
            file.name.count("/"),
            age,
            file.name,
        )

    return [file for _, file in sorted(files, key=rank)]


def _work_first(ranked: Sequence[FoundFile], kind: str) -> list[FoundFile]:
    """Put the stubs that were given out last, and leave out our checks."""
    work: list[FoundFile] = []
    stubs: list[FoundFile] = []
    for file in ranked[:MAX_TRIED]:
        content = _beginning(file)
        if not is_check(content):
            (stubs if is_stub(content, kind) else work).append(file)
    return [*work, *stubs, *ranked[MAX_TRIED:]]


def was_given_out(file: FoundFile, kind: str) -> bool:
    """Tell whether a file is a stub or a check of the lab, and nobody's work."""
    content = _beginning(file)
    return is_stub(content, kind) or is_check(content)


def _beginning(file: FoundFile) -> bytes:
    """Return what decides whether a file was given out; nothing of what can't be read."""
    try:
        return file.read(MAX_GIVEN_BYTES + 1)
    except UnreadableFile:
        return b""


def _listed(names: Sequence[str]) -> str:
    """Return `a and b were both`, `a, b and c were all`."""
    if len(names) == 2:
        return f"{names[0]} and {names[1]} were both"
    if len(names) > MAX_NAMED:
        return f"{', '.join(names[:MAX_NAMED])} and {len(names) - MAX_NAMED} more were all"
    return f"{', '.join(names[:-1])} and {names[-1]} were all"
