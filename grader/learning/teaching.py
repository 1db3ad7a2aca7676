"""A mistake written into a course, with its proof; where that fails, the course is as it was."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

from grader.authoring.scaffolding import new_mistake
from grader.courses import works_of
from grader.courses.declared.table import FILE
from grader.errors import UsageError
from grader.files.replacing import replace, replacing_bytes
from grader.proving.cases import Kind
from grader.proving.proof import Finding
from grader.proving.running import prove

if TYPE_CHECKING:
    from grader.authoring.scaffolding import Said
    from grader.courses import Course, Exercise
    from grader.proving.proof import Proof

__all__ = ["Failed", "Lesson", "is_noted", "note_mistake", "teach"]


class Failed(Exception):
    """The suite does not hold with the mistake; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(f"{len(findings)} found")
        self.findings = findings


@dataclass(frozen=True)
class Lesson:
    """A mistake that a course is to know.

    Attributes:
        slug: what it is called.
        said: its words for students, and the test that catches it.
        file: the name of the solution's file that is changed.
        changed: what that is with the mistake.
    """

    course: Course
    exercise: Exercise
    slug: str
    said: Said
    file: str
    changed: str


def teach(lesson: Lesson, suite: str, before: Proof, jobs: int) -> list[Path]:
    """Write a mistake into a course, and prove the exercise; return the files that were written.

    Args:
        lesson: the mistake.
        suite: the text of the hidden suite that names it.
        before: the proof of the exercise without it; what was found there already counts for
            nothing.
        jobs: how many processes grade.

    Raises:
        Failed: something is found that was not found before. The course is as it was.
        GraderError: it can't be written, or no process can be started; likewise. Or a file can't be
            put back, since others have changed it meanwhile.
    """
    kept = _Kept.of(lesson)
    try:
        files = (
            [] if is_noted(lesson.course, lesson.exercise, lesson.slug) else note_mistake(lesson)
        )
        replace(lesson.exercise.hidden_suite, suite)
        kept.note_written()
        _require_proof(lesson, before, jobs)
    except BaseException as error:  # also Ctrl-C
        if left := kept.put_back():
            raise UsageError(
                f"{left[0]} was changed by others meanwhile and is left as it is: take "
                f"{lesson.slug} out of it by hand"
            ) from error
        raise
    return [*files, lesson.exercise.hidden_suite]


def _require_proof(lesson: Lesson, before: Proof, jobs: int) -> None:
    """Require that a proof finds nothing new."""
    (proof,) = prove(lesson.course, [lesson.exercise], jobs)
    new = [each for each in proof.findings if each not in before.findings]
    if not new and not _is_named(lesson, proof):
        new.append(Finding(Kind.WRONG, f"{lesson.slug}: {lesson.said.test} does not name it"))
    if new:
        raise Failed(tuple(new))


def _is_named(lesson: Lesson, proof: Proof) -> bool:
    """Whether the course's work with the mistake gets its name in the test."""
    return any(
        test.mistake == lesson.slug and test.name.partition("[")[0] == lesson.said.test
        for case, got in proof.graded
        if case.kind is Kind.WRONG and case.work and case.work.mistake == lesson.slug
        for test in got.hidden.values()
    )


def is_noted(course: Course, exercise: Exercise, slug: str) -> bool:
    """Return whether the course knows already what a mistake looks like in an exercise.

    Then another test may learn to name it.
    """
    return any(work.mistake == slug for work in works_of(course, exercise))


def note_mistake(lesson: Lesson) -> list[Path]:
    """Write a mistake's words and its change into a course, and nothing into its suite.

    Raises:
        UsageError: it is there already, or a file is in the way; nothing is written then.
    """
    with TemporaryDirectory(prefix="grader-learn-") as folder:
        wrong = Path(folder, Path(lesson.file).name)
        wrong.write_text(lesson.changed, encoding="utf-8")
        made = new_mistake(lesson.course, lesson.exercise, lesson.slug, wrong, lesson.said)
    return made.files


@dataclass
class _Kept:
    """What the files of a course held before, to be put back to the byte.

    A file that somebody has changed since is left alone: what is lost there can't be had again.
    """

    before: dict[Path, bytes | None]
    written: dict[Path, bytes | None]
    folders: tuple[Path, ...]

    @classmethod
    def of(cls, lesson: Lesson) -> Self:
        """Remember the files that a lesson may write to."""
        folder = lesson.course.folder / "wrong" / lesson.exercise.name
        places = (lesson.course.folder / FILE, lesson.exercise.hidden_suite)
        overlay = folder / lesson.slug
        inside = overlay / lesson.file if lesson.exercise.files else overlay.with_suffix(".py")
        before = {file: _content(file) for file in (*places, inside)}
        new = [each for each in (*inside.parents,) if not each.exists()]
        return cls(before, {}, tuple(new))

    def note_written(self) -> None:
        """Remember what was written, to know it from what others write."""
        self.written = {file: _content(file) for file in self.before}

    def put_back(self) -> list[Path]:
        """Put back what is as it was written, delete what was not there; return what is neither."""
        left = []
        for file, content in self.before.items():
            now = _content(file)
            if now == content:
                continue
            if self.written and now != self.written[file]:
                left.append(file)
            elif content is None:
                file.unlink(missing_ok=True)
            else:
                with replacing_bytes(file) as old:
                    old.write(content)
        for folder in self.folders:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        return left


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None
