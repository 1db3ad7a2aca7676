"""Which of a student's files counts for an exercise, and why."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from grader.courses.known_names import ASSUMED, LEFTOVER, is_kept_aside, kind_of, known_as
from grader.errors import UnreadableFile
from grader.submissions.disk.files import RefusedFile, whole
from grader.submissions.given import beginning, is_check, is_stub

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.courses import Course
    from grader.courses.known_names import KnownName
    from grader.submissions.disk.files import FoundFile

__all__ = ["MAX_NAMED", "Choice", "File", "best", "choice"]

MAX_TRIED = 20  # files for one exercise; a zip may name 10 MB of its bytes a thousand times over
SAME_AGE_S = 60.0  # a folder that is unpacked or cloned without its times is written in less
# where the lab has its public checks, called like exercises; in the second, until they moved
CHECKS = ("/grader/lab/checks", "/grader/checks")
MAX_NAMED = 5  # files that one note names, problems that one report shows


@dataclass(frozen=True)
class File:
    """One handed-in file.

    Attributes:
        name: its path inside the submission, with forward slashes.
        parts: the files of an exercise that has several, called as in the course; then `content` is
            empty, and `name` that of the exercise.
    """

    name: str
    content: bytes = b""
    parts: tuple[File, ...] = ()

    @property
    def files(self) -> tuple[File, ...]:
        """The files that were read: its parts, or itself."""
        return self.parts or (self,)

    @property
    def digest(self) -> str:
        """SHA-256 of its content, or of the names and digests of its parts."""
        if not self.parts:
            return hashlib.sha256(self.content).hexdigest()
        listed = [f"{part.digest} {part.name}" for part in self.parts]
        return hashlib.sha256("\n".join(listed).encode()).hexdigest()

    @property
    def kind(self) -> str:
        """What it stands for, `.py` or `.ipynb`, also as `.ipynb.txt`."""
        return kind_of(self.name)

    @property
    def is_module(self) -> bool:
        """Whether it is imported, as one of several files."""
        return self.name.endswith(".py")

    @property
    def is_notebook(self) -> bool:
        """Whether it stands for a `.ipynb`."""
        return self.kind == ".ipynb"


class _Rank(NamedTuple):
    """What decides between two files for one exercise, in this order; the smaller one counts."""

    given_out: bool
    of_the_lab: bool
    leftover: bool
    attempt: int
    kept_aside: bool
    assumed: bool
    age_s: float
    number: int
    distance: int
    depth: int
    exact_age_s: float
    name: str


REASONS = {
    "given_out": "the other is the file as it was given out",
    "of_the_lab": "the other lies among the lab's own files",
    "leftover": "the other's name says that it is an old one",
    "attempt": "it is of the newest attempt",
    "kept_aside": "the other lies in a folder for old ones",
    "assumed": "it has the right name",
    "age_s": "it is the newest",
    "number": "it was numbered last",
    "distance": "its name is nearest to the right one",
    "depth": "it lies in the outermost folder",
    "exact_age_s": "it is the newest",
    "name": "its name comes first",
}


@dataclass(frozen=True)
class Choice:
    """The best of the files that stand for the same one.

    Attributes:
        file: the first that could be read, among the best few.
        names: all of them, best first.
        problems: why those before it could not be read.
        reason: why it was taken and not the next.
        assumed: what was assumed of its name, as a sentence, or empty.
    """

    file: File | None
    names: tuple[str, ...]
    problems: tuple[str, ...]
    reason: str = ""
    assumed: str = ""

    def told(self, verb: str) -> Iterator[str]:
        """Say which files compete, which was taken and why, and what its name was taken for."""
        if self.file is None:
            return
        if len(self.names) > 1:
            why = f": {self.reason}" if self.reason else ""
            yield f"{_listed(self.names)} handed in; {self.file.name} was {verb}{why}."
        if self.assumed:
            yield self.assumed


def choice(found: Sequence[FoundFile], exercise: str, kind: str, course: Course) -> Choice:
    """Choose for one exercise and one kind of file (`.py`, `.ipynb`).

    What was given out comes last; else the newest attempt counts, in it a file with its right name
    before one whose name was changed by hand, and the newest of those.
    """
    named = [(known_as(file.name.rpartition("/")[2], course), file) for file in found]
    files = [(k, f) for k, f in named if k and (k.exercise, k.kind) == (exercise, kind)]
    return best(files, exercise, kind, course)


def best(
    files: Sequence[tuple[KnownName, FoundFile]], exercise: str, kind: str, course: Course
) -> Choice:
    """Choose among files that all stand for the same one, as their names say."""
    ranked = _ranked(files, kind, course)
    names = tuple(file.name for _, _, file in ranked)
    problems: list[str] = []
    for place, (rank, known, candidate) in enumerate(ranked[:MAX_TRIED]):
        try:
            content = whole(candidate)
        except UnreadableFile as error:
            problems.append(str(error))
            continue
        if not is_check(content, course):
            reason = _reason(rank, ranked[place + 1][0]) if place + 1 < len(ranked) else ""
            assumed = _assumed(candidate.name, known, exercise)
            file = File(candidate.name, content)
            return Choice(file, names, tuple(problems), reason, assumed)
    return Choice(None, names, tuple(problems))


def _ranked(
    files: Sequence[tuple[KnownName, FoundFile]], kind: str, course: Course
) -> list[tuple[_Rank, KnownName, FoundFile]]:
    """Return the files that stand for one, best first; our checks are left out."""
    newest = max((file.modified for _, file in files), default=0.0)
    ranked = sorted(
        ((_rank(known, file, newest), known, file) for known, file in files),
        key=lambda each: each[0],
    )
    if len(ranked) == 1:
        return ranked
    begun = [(beginning(file), rank, known, file) for rank, known, file in ranked[:MAX_TRIED]]
    told = [
        (rank._replace(given_out=is_stub(content, kind, course)), known, file)
        for content, rank, known, file in begun
        if not is_check(content, course)
    ]
    return [*sorted(told, key=lambda each: each[0]), *ranked[MAX_TRIED:]]


def _rank(known: KnownName, file: FoundFile, newest: float) -> _Rank:
    age = 0.0 if isinstance(file, RefusedFile) else newest - file.modified
    assumed = known.distance >= ASSUMED
    return _Rank(
        given_out=False,
        of_the_lab=f"/{file.name}".rpartition("/")[0].endswith(CHECKS),
        leftover=known.distance == LEFTOVER,
        attempt=-file.attempt,
        kept_aside=is_kept_aside(file.name),
        assumed=assumed,
        age_s=age if age > SAME_AGE_S else 0.0,
        number=-known.number,
        distance=known.distance,
        depth=file.name.count("/"),
        exact_age_s=age,
        name=file.name,
    )


def _reason(taken: _Rank, other: _Rank) -> str:
    """Say what decided between two."""
    field = next(name for name in _Rank._fields if getattr(taken, name) != getattr(other, name))
    return REASONS[field]


def _assumed(name: str, known: KnownName, exercise: str) -> str:
    if known.distance == LEFTOVER:
        return f"{name} was taken for {exercise}, although its name says that it is an old one."
    return f"{name} was taken for {exercise}." if known.distance == ASSUMED else ""


def _listed(names: Sequence[str]) -> str:
    """Return `a and b were both`, `a, b and c were all`."""
    if len(names) == 2:
        return f"{names[0]} and {names[1]} were both"
    if len(names) > MAX_NAMED:
        return f"{', '.join(names[:MAX_NAMED])} and {len(names) - MAX_NAMED} more were all"
    return f"{', '.join(names[:-1])} and {names[-1]} were all"
