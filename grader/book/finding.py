"""Which hand-ins a folder holds, and in which order they come."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from typing import TYPE_CHECKING

from grader.book.hand_ins import RESULTS, read_hand_in
from grader.book.settings import Order
from grader.errors import UsageError
from grader.files.output_folder import STORE
from grader.text.ordering import in_order
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.book.hand_ins import HandIn
    from grader.book.settings import Settings
    from grader.courses import Course

__all__ = ["TABLE", "folders_of", "read_hand_ins", "unfinished"]

TABLE = "book.csv"  # what a folder holds that is a book's
LIKE = "as `grader grade … --output {}` writes it"


def folders_of(folder: Path) -> list[Path]:
    """Return the folders with results in a folder, in order of name: week 2 before week 10.

    Only those that stand in it: what is deeper may be a student's.

    Raises:
        UsageError: there are none, or the folder can't be read.
    """
    if (folder / RESULTS).is_file():
        raise UsageError(
            f"{folder} holds the results of one hand-in: name the folder that its folder is in, "
            "with those of the other hand-ins beside it"
        )
    found = [each for each in _inside(folder) if (each / RESULTS).is_file()]
    if not found:
        like = LIKE.format(folder / "week1")
        raise UsageError(
            f"{folder} holds no hand-in: each is a folder with a {RESULTS} in it, {like}"
        )
    return sorted(found, key=lambda each: (in_order(each.name), each.name))


def unfinished(folder: Path) -> list[str]:
    """Return the folders in which grading was begun, and has left no results."""
    return [
        each.name
        for each in _inside(folder)
        if (each / STORE).is_file() and not any((each / name).exists() for name in (RESULTS, TABLE))
    ]


def read_hand_ins(folders: Sequence[Path], settings: Settings, course: Course) -> list[HandIn]:
    """Read hand-ins, in the order that the settings ask for.

    Raises:
        UsageError: one can't be read or is of another course, two are one hand-in, or they can't be
            ordered so.
    """
    settings.require_known([folder.name for folder in folders])
    found = [read_hand_in(folder, course) for folder in folders]
    for one, other in combinations(found, 2):
        _require_two(one, other)
    if settings.order is Order.GRADED:
        found.sort(key=lambda each: _time(each, settings))
    return found


def _inside(folder: Path) -> Iterator[Path]:
    try:
        names = sorted(folder.iterdir())
    except OSError as error:
        raise UsageError(f"{folder} can't be read: {error.strerror}") from error
    yield from (each for each in names if not each.name.startswith(".") and each.is_dir())


def _time(hand_in: HandIn, settings: Settings) -> datetime:
    try:
        at = datetime.fromisoformat(hand_in.graded_at)
    except ValueError:
        words = f"{hand_in.name} does not say when it was graded: order the hand-ins by name"
        raise settings.error(("order",), words) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _require_two(one: HandIn, other: HandIn) -> None:
    """Refuse two results of one hand-in, whose points would count twice.

    Two sections may be graded apart; a title may be that of two hand-ins of other exercises.
    Results without one are the same where everybody's are.
    """
    if set(one.exercises) != set(other.exercises):
        return
    titles = {one.title.casefold(), other.title.casefold()}
    alike = set(one.entries) == set(other.entries) if "" in titles else len(titles) == 1
    both = {each.id for each in one.entries} & {each.id for each in other.entries}
    if alike and both:
        raise UsageError(
            f"{one.folder} and {other.folder} are results of the same hand-in, {one.shown!r}: they "
            f"have {plural(len(both), 'student')} and all exercises in common, whose points would "
            f"count twice; move one folder away (or give one another --title, and grade it again)"
        )
