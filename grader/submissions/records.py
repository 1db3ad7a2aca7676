"""What a student handed in, and which of several files counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UnreadableFile
from grader.submissions.files import FoundFile, whole
from grader.submissions.names import known_as

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["File", "HandIn", "Submission"]

KINDS = (".py", ".ipynb")
MAX_TRIED = 20  # files for one exercise; a zip may name 10 MB of its bytes a thousand times over
MAX_NAMED = 5  # files that one note names, problems that one report shows


@dataclass(frozen=True)
class File:
    """One handed-in file.

    Attributes:
        name: its path inside the submission, with forward slashes.
        is_notebook: whether it stands for a `.ipynb`, also as `.ipynb.txt`.
    """

    name: str
    content: bytes

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
        student: the student's id, as it stands in the reports; also a file name there.
        notes: what to know about the submission as a whole.
        found: the known files that were found, none of them read.
    """

    student: str
    notes: tuple[str, ...] = ()
    found: tuple[FoundFile, ...] = ()

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
        names = tuple(candidate.name for candidate in ranked)
        problems: list[str] = []
        for candidate in ranked[:MAX_TRIED]:
            try:
                file = File(candidate.name, whole(candidate))
            except UnreadableFile as error:
                problems.append(str(error))
            else:
                return cls(file, names, tuple(problems))
        return cls(None, names, tuple(problems))

    def told(self, verb: str) -> str:
        """Say which files compete and which was taken."""
        taken = self.file.name if self.file else "none"
        return f"{_listed(self.names)} handed in; {taken} was {verb}."


def _ranked(found: Sequence[FoundFile], exercise: str, kind: str) -> list[FoundFile]:
    """Return the files that stand for one, best first.

    An exact name comes before a suffixed one, then the shallower path, the newest, the name.
    """
    ranks: list[tuple[tuple[int, int, float, str], int, FoundFile]] = []
    for file in found:
        known = known_as(file.name.rpartition("/")[2])
        if known and (known.exercise, known.kind) == (exercise, kind):
            order = (known.distance, file.name.count("/"), -file.modified, file.name)
            ranks.append((order, len(ranks), file))
    return [file for *_, file in sorted(ranks)]


def _listed(names: Sequence[str]) -> str:
    """Return `a and b were both`, `a, b and c were all`."""
    if len(names) == 2:
        return f"{names[0]} and {names[1]} were both"
    if len(names) > MAX_NAMED:
        return f"{', '.join(names[:MAX_NAMED])} and {len(names) - MAX_NAMED} more were all"
    return f"{', '.join(names[:-1])} and {names[-1]} were all"
