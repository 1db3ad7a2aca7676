"""What is written for an author to begin with: a course, an exercise, a mistake."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from grader.authoring.differing import edit_between, overlay_between
from grader.authoring.regions import BEGIN, END
from grader.courses import load_course, resource
from grader.courses.declared.reading import FILE
from grader.courses.declared.strict import read_text
from grader.courses.declared.table import FILE as MISTAKES
from grader.courses.declared.table import read_table
from grader.courses.mistakes import known_mistakes
from grader.errors import UsageError
from grader.files.replacing import replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.courses import Course, Exercise

__all__ = ["NewMistake", "Said", "new_course", "new_exercise", "new_mistake", "require_new"]

FIRST = "mean_error"  # the exercise that a new course has
ACCEPTED = "accepted.toml"  # what a proof may find, and why
SLUG = "sum-not-mean"  # the mistake that a new exercise has
UNSAID = "Your result is … (say what happened). It should be … (say what is right)."
HINTS = (
    "Remind: what is this quantity?",
    "Point: look at where …",
    "Almost: name the tool, never the line.",
)
PLACE = re.compile(r"^.*, line \d+: ")  # in front of what a course's file is told
TEST = re.compile(r"^def (test\w*)", re.MULTILINE)


def new_course(folder: Path, title: str = "") -> list[Path]:
    """Make a course with one exercise in a folder that is new or empty; return what was written.

    Raises:
        UsageError: there is something in it.
    """
    if (folder / FILE).exists():
        raise UsageError(
            f"{folder} is a course already; `grader new NAME --course {folder}` adds an exercise"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty; name a new folder")
    head = _template("course/course.toml", title=title or _as_title(folder.resolve().name))
    mistakes = _template("exercise/mistake.toml") + _template("exercise/wrong.toml", name=FIRST)
    new = {
        **_exercise(FIRST, ""),
        MISTAKES: mistakes.lstrip(),
        ACCEPTED: _template("exercise/accepted.toml", name=FIRST).lstrip(),
        FILE: head + _entry(FIRST, ""),
    }
    return _write(folder, new, {})


def new_exercise(course: Course, name: str, title: str = "") -> list[Path]:
    """Add an exercise to a course: solution, public check, hidden test, mistake; return the files.

    Raises:
        UsageError: there is one of this name, the name can't be one, or a file is in the way.
    """
    table = (course.folder / FILE).read_text(encoding="utf-8") + _entry(name, title)
    with TemporaryDirectory() as folder:  # what can't be read is not written
        Path(folder, FILE).write_text(table, encoding="utf-8")
        try:
            load_course(Path(folder))
        except UsageError as error:
            raise UsageError(PLACE.sub("", str(error))) from error  # a line that is not written
    new = _exercise(name, title)
    if course.solutions != course.folder:
        new[str(course.solutions / f"{name}.py")] = new.pop(f"{name}.py")
    mistake = _template("exercise/mistake.toml") if SLUG not in known_mistakes(course) else ""
    wrong = mistake + _template("exercise/wrong.toml", name=name)
    accepted = _template("exercise/accepted.toml", name=name)
    more = {MISTAKES: wrong, ACCEPTED: accepted, FILE: _entry(name, title)}
    return _write(course.folder, new, more)


@dataclass(frozen=True)
class Said:
    """What is said of a mistake, and the test that must catch it; empty for the author to write."""

    sentence: str = UNSAID
    hints: tuple[str, ...] = HINTS
    test: str = ""


@dataclass(frozen=True)
class NewMistake:
    """What was written for a mistake.

    Attributes:
        files: what is new, or has more in it now.
        line: what to write in the suite, beside the right answer.
        suite: where.
        is_to_be_changed: whether the file of what differs is the solution's, to be made wrong.
    """

    files: list[Path]
    line: str
    suite: Path
    is_to_be_changed: bool


def new_mistake(
    course: Course,
    exercise: Exercise,
    slug: str,
    wrong: Path | None = None,
    said: Said | None = None,
) -> NewMistake:
    """Add a mistake to a course.

    Args:
        course: whose it is.
        exercise: in which it is made.
        slug: what it is called: `sum-not-mean`.
        wrong: a file with the mistake, as it was handed in; without one, the solution's functions
            are laid out, to be changed.
        said: the words for students; where the course knows the mistake already, its own stay.

    Raises:
        UsageError: the mistake is there, can't be called so, or the file has none.
    """
    require_new(course, exercise, slug)
    said = said or Said()
    edit, overlays = _difference(course, exercise, slug, wrong)
    tests = _tests_of(exercise)
    work = ["", f"[[{slug}.wrong]]", f"exercise = {_toml(exercise.name)}"]
    work += [f"edit = [{', '.join(map(_toml, edit))}]"] if edit else []
    work += [f"test = {_toml(said.test or tests[0])}", ""]
    words = _words_of(slug, said) if slug not in known_mistakes(course) else ""
    files = _write(course.folder, overlays, {MISTAKES: words + "\n".join(work)})
    return NewMistake(
        files, f'"{slug}": lambda …: what it computes,', exercise.hidden_suite, wrong is None
    )


def require_new(course: Course, exercise: Exercise, slug: str) -> None:
    """Require that a mistake can be called so, and has no entry for an exercise.

    Raises:
        UsageError: it has, and the message says in which line; or it can't be called so.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", slug):
        raise UsageError(f"a mistake is called in small words with hyphens, not {slug!r}")
    table = read_table(course.folder)
    for entry, name, place in table.entries:
        if slug == (entry.name or name) and course.exercise_named(entry.exercise) == exercise:
            raise table.file.error(place, f"{exercise.name} has {slug!r} already")


def _difference(
    course: Course, exercise: Exercise, slug: str, wrong: Path | None
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the edit that makes a file of the solution; or else the overlay, by its path."""
    place = f"wrong/{exercise.name}/{slug}"
    if wrong is not None and wrong.suffix == ".ipynb":
        return (), {f"{place}.ipynb": _read(wrong)}
    name, file = _file_meant(course, exercise, wrong)
    path = f"{place}/{name}" if exercise.files else f"{place}.py"
    solution = read_text(file)
    if wrong is None:
        return (), {path: _without_markers(solution)}
    if edit := edit_between(solution, _read(wrong)):
        return edit, {}
    about = f"{slug}: what differs from the solution."
    overlay = overlay_between(solution, _read(wrong), about)
    if not overlay:
        raise UsageError(f"{wrong} does what the solution of {exercise.name} does")
    return (), {path: _without_markers(overlay)}


def _without_markers(text: str) -> str:
    lines = (line for line in text.splitlines() if line.strip() not in {BEGIN, END})
    return "\n".join(lines) + "\n"


def _file_meant(course: Course, exercise: Exercise, wrong: Path | None) -> tuple[str, Path]:
    """Return which file of the solution one stands for, of several by its name; else the first."""
    first = course.solution_of(exercise)
    if not exercise.files:
        return first.name, first
    modules = exercise.modules
    if wrong is None:
        texts = {name: read_text(file) for name, file in modules.items()}
        name = next(name for name in modules if BEGIN in texts[name])
        return name, modules[name]
    meant = [(name, file) for name, file in modules.items() if file.name == wrong.name]
    if len(meant) != 1:
        raise UsageError(
            f"{exercise.name} has several files, and {wrong.name} stands for none of them alone; "
            f"call it as one of {', '.join(modules)}"
        )
    return meant[0]


def _read(file: Path) -> str:
    try:
        return read_text(file)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"there is no {file}") from None


def _tests_of(exercise: Exercise) -> list[str]:
    suite = exercise.hidden_suite
    tests = TEST.findall(read_text(suite)) if suite.is_file() else []
    if not tests:
        raise UsageError(f"{suite} has no test yet, and one must catch the mistake")
    return tests


def _exercise(name: str, title: str) -> dict[str, str]:
    """Return the files of a new exercise, by their paths in the course."""
    words = {"name": name, "title": title or _as_title(name)}
    return {
        f"{name}.py": _template("exercise/solution.py", **words),
        f"checks/{name}.py": _template("exercise/checks.py", **words),
        f"hidden/{name}.py": _template("exercise/hidden.py", **words),
    }


def _entry(name: str, title: str) -> str:
    return _template("exercise/entry.toml", name=name, title=title or _as_title(name))


def _words_of(slug: str, said: Said) -> str:
    hints = "".join(f"  {_toml(hint)},\n" for hint in said.hints)
    return f"\n[{slug}]\nsentence = {_toml(said.sentence)}\nhints = [\n{hints}]\n"


def _template(file: str, **words: str) -> str:
    text = (resource("templates") / "new" / file).read_text(encoding="utf-8")
    quoted = {key: value.replace("\\", "").replace('"', "'") for key, value in words.items()}
    return Template(text).substitute(quoted)


def _as_title(name: str) -> str:
    words = " ".join(name.replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:]


def _toml(text: str) -> str:
    """Return a text as TOML has it, which takes what JSON writes."""
    return json.dumps(text, ensure_ascii=False)


def _write(folder: Path, new: Mapping[str, str], more: Mapping[str, str]) -> list[Path]:
    """Write new files, then add to those that are there; return all of them.

    One that is there with the same text was written by a command that was killed in between.

    Raises:
        UsageError: one of the new files is there; nothing is written then.
    """
    files = {folder / name: text for name, text in new.items()}
    if taken := [file for file, text in files.items() if file.exists() and not _holds(file, text)]:
        raise UsageError(f"{taken[0]} is there already; nothing was written")
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        replace(file, text)
    for name, text in more.items():
        file = folder / name
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        replace(file, (before.rstrip("\n") + "\n" + text).lstrip("\n"))
    return [*files, *(folder / name for name in more)]


def _holds(file: Path, text: str) -> bool:
    return file.is_file() and file.read_bytes() == text.encode()
