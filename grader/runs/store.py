"""The store of results: what was graded is kept, keyed by everything that could change it."""

from __future__ import annotations

import hashlib
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from grader.courses import PACKAGE
from grader.courses.code.course_code import CHECKS, HIDDEN
from grader.courses.code.imported import import_closure, place_of
from grader.courses.files import as_given_out, files_in
from grader.courses.mistakes import known_mistakes
from grader.results.changes import Under
from grader.results.verdicts import ExerciseResult, Verdict
from grader.runs.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import TracebackType

    from grader.courses import Exercise
    from grader.results.verdicts import TestResult
    from grader.sandbox.limits import Limits
    from grader.submissions import HandIn

__all__ = [
    "Store",
    "outcome_digest",
    "plain_key",
    "result_key",
    "suite_digest",
    "under_of",
    "work_digest",
]

RECORDS = (
    "grader/errors.py",
    "grader/results/message.py",
    "grader/results/pictures.py",
    "grader/results/saved_notebook.py",
    "grader/results/verdicts.py",
)
WHOLE = ("guest", "sandbox")  # whose every module is in each result
JUDGE, PYTEST = "grader/judge/worker.py", "grader/judge/pytest.ini"
# whose modules count where something imports them
FOLLOWED = (
    "grader/answers/",
    "grader/asking/",
    "grader/expecting/",
    "grader/judge/",
    "grader/suite.py",
    "grader/text/characters.py",
    "grader/text/words.py",
)
UNDER_DIGITS = 16
WORK_DIGITS = 32  # of a class's many digests of work
ASIDE = " "  # in the key of a result that was computed again and is another one now
SLUG = re.compile(rb'"([a-z0-9-]+)"')


class Store:
    """The results in the output folder's database; use it as a context manager.

    Each result is on disk before `put` returns. Of a copy, `of` is what it is a copy of.

    Attributes:
        database: what else is kept beside results.

    Raises:
        UsageError: the database can't be used.
    """

    def __init__(self, path: Path, of: Path | None = None, *, read_only: bool = False) -> None:
        self.database = Database(path, of, read_only=read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.database.__exit__(kind, error, traceback)

    def get(self, key: str) -> ExerciseResult | None:
        """Return the result of a key, if it was graded before; a damaged one was not."""
        content = self.database.get("results", key)
        return None if content is None else msgspec.json.decode(content, type=ExerciseResult)

    @staticmethod
    def keeps(result: ExerciseResult) -> bool:
        """Tell whether a result is kept; a grader fault is not, so that it is tried again."""
        return result.verdict is not Verdict.GRADER_FAULT

    def put(self, results: dict[str, ExerciseResult]) -> None:
        """Keep results by key, but for those that no store keeps.

        A result that is another one than before stays beside it: earlier runs have it.
        """
        kept = {key: result for key, result in results.items() if self.keeps(result)}
        earlier = {key: result for key in kept if (result := self.get(key))}
        aside = {
            f"{key}{ASIDE}{outcome_digest(result.tests)}": result
            for key, result in earlier.items()
            if outcome_digest(result.tests) != outcome_digest(kept[key].tests)
        }
        rows = {key: msgspec.json.encode(result) for key, result in (aside | kept).items()}
        self.database.put("results", rows)

    def row_of(self, key: str, tests: Iterable[TestResult]) -> str:
        """Return under which key a result with this outcome is kept; empty where it is not."""
        key, outcome = plain_key(key), outcome_digest(tests)
        newest = self.get(key)
        if newest is not None and outcome_digest(newest.tests) == outcome:
            return key
        aside = f"{key}{ASIDE}{outcome}"
        return aside if self.database.has("results", aside) else ""


def plain_key(row: str) -> str:
    """Return the key of a result from that of its row, which may be kept beside a later one."""
    return row.partition(ASIDE)[0]


def outcome_digest(tests: Iterable[TestResult]) -> str:
    """Return a digest of what the tests of a result came to."""
    parts = [(each.name, each.public, each.verdict, each.mistake) for each in tests]
    return _digest(msgspec.json.encode(parts))[:WORK_DIGITS]


def result_key(
    exercise: Exercise, hand_in: HandIn, suite: str, device: str, isolation: str, limits: Limits
) -> str:
    """Return the key of a result: the same work under the same suite on the same device.

    Of the limits it holds those that its exercise has.
    """
    work = _work(exercise, hand_in)
    parts = (work, suite, device, isolation, limits.of(exercise.limits))
    return _digest(msgspec.json.encode(parts))


def work_digest(exercise: Exercise, hand_in: HandIn) -> str:
    """Return a digest of what was handed in for an exercise, whatever judges it."""
    return _digest(msgspec.json.encode(_work(exercise, hand_in)))[:WORK_DIGITS]


def _work(exercise: Exercise, hand_in: HandIn) -> tuple[object, ...]:
    content = [(file.name, file.digest) for file in (*hand_in.files, *hand_in.used)]
    untouched = [file.name for file in hand_in.untouched]
    about = (hand_in.problem, hand_in.lacking, hand_in.notes, untouched)
    return exercise.name, content, about


def suite_digest(exercise: Exercise) -> str:
    """Return a digest of everything of ours that decides an exercise's results.

    That is the machine, and of what belongs to the exercise: its suites with all that they import,
    its entry in the course, and which of the known mistakes they name. The words of a mistake are
    not in it: they are looked up when a result is shown.
    """
    files = _files(exercise)
    return _digest(msgspec.json.encode(_parts(exercise, files, _environment())))


def under_of(exercise: Exercise, device: str, isolation: str, limits: Limits) -> Under:
    """Return digests that tell what changes the key of an exercise's results."""
    files = _files(exercise)
    ours = {file: place for file, place in files.items() if file.startswith("grader/")}
    of_tests = {file: place for file, place in files.items() if file not in ours}
    return Under(
        tests=_short(_parts(exercise, of_tests, "")),
        limits=_short(limits.of(exercise.limits)),
        software=_short((_environment(), _digests(ours))),
        place=_short((device, isolation)),
    )


def _files(exercise: Exercise) -> dict[str, Path]:
    """Return where the files are that decide an exercise's results, by their names."""
    course = exercise.code
    roots = {"grader": PACKAGE, **course.roots}
    suites = import_closure(
        (f"{HIDDEN}/{exercise.name}.py", f"{CHECKS}/{exercise.name}.py"), roots, _is_followed
    )
    files = sorted(suites | course.hook_files | machine())
    return {file: place_of(file, roots) for file in files}


def _parts(exercise: Exercise, files: Mapping[str, Path], environment: str) -> tuple[object, ...]:
    contents = [_content(place) for place in files.values()]
    named = {name.decode() for content in contents for name in SLUG.findall(content)}
    return (
        environment,
        (exercise.cells, exercise.switched_off, exercise.instead),
        sorted(named & known_mistakes(exercise).keys()),
        [(file, _digest(content)) for file, content in zip(files, contents, strict=True)],
        [_digest(file.read_bytes()) for file in exercise.code.data_files()],
        _beside(exercise),
    )


def _digests(files: Mapping[str, Path]) -> list[tuple[str, str]]:
    return [(file, _digest(_content(place))) for file, place in files.items()]


def _environment() -> str:
    return f"{sys.version} {installed()}"


def _short(parts: object) -> str:
    return _digest(msgspec.json.encode(parts))[:UNDER_DIGITS]


def _beside(exercise: Exercise) -> list[tuple[str, str]]:
    """Return names and digests of what comes with a submission, and of what it consists of."""
    files = [*exercise.all_given.items(), *files_in(exercise.data).items()]
    asked = [
        (name, _digest(as_given_out(exercise.folder, name) or b"")) for name in exercise.file_names
    ]
    return [*asked, *((name, _digest(file.read_bytes())) for name, file in files)]


def machine() -> frozenset[str]:
    """Return the files of ours that decide every result."""
    whole = [
        f"grader/{file.relative_to(PACKAGE).as_posix()}"
        for name in WHOLE
        for file in PACKAGE.glob(f"{name}/**/*.py")
    ]
    judge = import_closure([JUDGE], {"grader": PACKAGE}, _is_followed)
    return judge.union(whole, RECORDS, [PYTEST])


def _is_followed(file: str) -> bool:
    """Whether a file counts where it is imported: all of the course's, and what judges."""
    return not file.startswith("grader/") or file.startswith(FOLLOWED)


def _content(file: Path) -> bytes:
    """Return what a file holds; one that is not there keeps the others from nothing."""
    return file.read_bytes() if file.is_file() else b"is not there"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@cache
def installed() -> tuple[str, ...]:
    """Return all packages but ours, with their versions: a submission may import any of them."""
    packages = {
        file.stem  # NAME-VERSION, without a look inside: there are hundreds
        for folder in sys.path
        for kind in ("*.dist-info", "*.egg-info")
        for file in Path(folder).glob(kind)
    }
    return tuple(sorted(each for each in packages if not each.startswith("nn_training_lab-")))
