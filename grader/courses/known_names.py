"""Which exercise a file is for, by its name, as students, browsers and LMSs change it.

A name is taken apart into words and numbers, and searched for those of an exercise:
`Kim_ex1-Losses (2).py` holds `ex`, `1`, `losses`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.courses.course import Course

__all__ = ["ASSUMED", "LEFTOVER", "KnownName", "is_kept_aside", "kind_of", "known_as"]

MAX_NAME = 300  # characters; a file system has 255 bytes for one
MAX_WORDS = 40
MAX_DIGITS = 3  # of a number that counts downloads or versions; a longer one is a student's
SHORTENED = 4  # letters by which the word after a number is still known: `hw1_loss.py`
EXACT, OTHER_CASE, COPY, ASSUMED, LEFTOVER = range(5)
PACKAGE = "__init__.py"
REMEMBERED = 50_000
_KIND = re.compile(r"(?P<kind>\.ipynb|\.py)", re.IGNORECASE)
_ENDINGS = re.compile(r"(?:\.ipynb|\.py|\.txt|\.json)+", re.IGNORECASE)
_CJK = (
    "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # written without spaces, beside Latin letters, too
)
_WORD = re.compile(rf"[{_CJK}]+|[^\W\d_{_CJK}]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Words that programs put into the names of copies, in the languages that they speak.
_OF_COPIES = (
    "copy of copie de copia di kopie von kopia kopi af van c\u00f3pia kopio kopyas\u0131 "
    "m\u00e1solat \u043a\u043e\u043f\u0438\u044f \u526f\u672c \u7684\u526f\u672c \u8907\u88fd "
    "\u30b3\u30d4\u30fc \u306e\u30b3\u30d4\u30fc \ubcf5\uc0ac\ubcf8"
)
# Words that people put behind a name, and that change nothing about what it is for.
_OF_VERSIONS = (
    "v version final finished done complete completed solution solutions solved submission submit "
    "submitted new newest latest last fixed update updated answer answers my revised rev corrected "
    "exercise homework hw assignment task neu fertig abgabe aufgabe \u00fcbung l\u00f6sung loesung "
    "nuevo soluci\u00f3n solucion entrega rendu consegna"
)
# Words of files that are kept aside; they count where there is nothing else.
_OF_LEFTOVERS = (
    "old backup bak draft wip unfinished original orig stub template alt entwurf sicherung"
)
# Words of files that are for an exercise and are no answer to it.
_OF_NO_WORK = "test tests check checks conftest helper helpers util utils notes"
COPIES, VERSIONS = frozenset(_OF_COPIES.split()), frozenset(_OF_VERSIONS.split())
LEFTOVERS, NO_WORK = frozenset(_OF_LEFTOVERS.split()), frozenset(_OF_NO_WORK.split())


@dataclass(frozen=True)
class KnownName:
    """What a file's name says.

    Attributes:
        exercise: the exercise that it is for.
        kind: `.py` or `.ipynb`.
        distance: `EXACT`; `OTHER_CASE`; a `COPY` as programs name it; `ASSUMED`, where the name was
            changed by hand; `LEFTOVER`, where it says that it is an old one.
        number: what a browser or an LMS counts downloads and hand-ins by: 2 in `name (2)` and
            `name-2`, 0 in a copy that somebody made.
        others: the words that belong neither to the exercise nor to a copy or version; somebody's
            name, mostly.
        part: which file of an exercise that has several, as a path; empty for any other.
    """

    exercise: str
    kind: str
    distance: int
    number: int = 0
    others: tuple[str, ...] = ()
    part: str = ""


@lru_cache(REMEMBERED)
def known_as(name: str, course: Course) -> KnownName | None:
    """Recognise a file's name, without its folder; one that fits two exercises is not guessed.

    Args:
        name: the file's.
        course: whose exercises there are.
    """
    return _of_one_file(name, course) or _parts(course).get(name.casefold())


def _of_one_file(name: str, course: Course) -> KnownName | None:
    ending = _ending(name)
    if ending is None:
        return None
    stem, kind = unicodedata.normalize("NFKC", name[: ending.start()]), ending["kind"].lower()
    words = [each for part in _CAMEL.split(stem[:MAX_NAME]) for each in _WORD.findall(part)]
    if len(words) > MAX_WORDS:
        return None
    plain = [_plain(word) for word in words]
    names = tuple(each.name for each in course.exercises if not each.files)
    found = _found(plain, names, _place) or _found(plain, names, _place_of_rest)
    if len(found) != 1 or NO_WORK.intersection(plain):
        return None
    exercise, (start, end) = found[0]
    known = course.known(exercise)
    if known is None or exercise + kind not in known.file_names:
        return None
    around = [
        *zip(words[:start], plain[:start], strict=True),
        *zip(words[end:], plain[end:], strict=True),
    ]
    return KnownName(
        exercise,
        kind,
        _distance(name, stem, exercise + kind, {word for _, word in around}),
        _number(plain[end:], plain[:start]),
        tuple(word for word, same in around if not _is_of_a_version(same)),
    )


@cache
def _parts(course: Course) -> dict[str, KnownName]:
    """Return the files of exercises that have several, by name; not what every package has."""
    return {
        PurePosixPath(path).name.casefold(): KnownName(
            each.name, PurePosixPath(path).suffix, EXACT, part=path
        )
        for each in course.exercises
        if each.files
        for path in each.file_names
        if PurePosixPath(path).name != PACKAGE
    }


def _found(
    plain: Sequence[str],
    names: tuple[str, ...],
    place_in: Callable[[Sequence[str], str, tuple[str, ...]], tuple[int, int] | None],
) -> list[tuple[str, tuple[int, int]]]:
    """Return the exercises that are found among words, and where."""
    likely = [name for name in names if _numbers_of(name).issubset(plain)]
    return [(name, place) for name in likely if (place := place_in(plain, name, names))]


def is_kept_aside(path: str) -> bool:
    """Tell whether a file lies in a folder for old ones: `Backup 2/hw1_losses.py`."""
    folders = path.rpartition("/")[0].casefold().split("/")
    return any(folder.rstrip("0123456789 _-") in LEFTOVERS for folder in folders)


def kind_of(name: str) -> str:
    """Return what a file's name says it is, `.py` or `.ipynb`, whatever was hung on to that."""
    ending = _ending(name)
    return ending["kind"].lower() if ending else ""


def _ending(name: str) -> re.Match[str] | None:
    """Return where a file's ending begins, with all that was hung on to it."""
    if len(name) > MAX_NAME:
        return None
    return next(
        (each for each in _KIND.finditer(name) if _ENDINGS.fullmatch(name, each.start())), None
    )


def _plain(word: str) -> str:
    """Return a word as it is compared: in small letters, a number without zeros before it."""
    return (word.lstrip("0") or "0") if word.isdigit() else word.casefold()


@cache
def _words_of(exercise: str) -> tuple[str, ...]:
    return tuple(map(_plain, _WORD.findall(exercise)))


@cache
def _numbers_of(exercise: str) -> frozenset[str]:
    return frozenset(word for word in _words_of(exercise) if word.isdigit())


@cache
def _first_words(names: tuple[str, ...]) -> Counter[str]:
    return Counter(_words_of(name)[0] for name in names)


@cache
def _words_of_others(own: tuple[str, ...], names: tuple[str, ...]) -> frozenset[str]:
    """Return the long words by which other exercises are known, so that a number is not enough."""
    words = {word for name in names for word in _words_of(name)}
    return frozenset(word for word in words if len(word) >= SHORTENED) - VERSIONS - {*own}


def _place(plain: Sequence[str], exercise: str, names: tuple[str, ...]) -> tuple[int, int] | None:
    """Return from where to where the words of a name are those of an exercise."""
    own = _words_of(exercise)
    for start in range(len(plain)):
        if end := _whole(plain, start, "".join(own)) or _numbered(plain, start, own, names):
            return start, end
    is_alone = plain[:1] == [own[0]] and all(word in COPIES | VERSIONS for word in plain[1:])
    return (0, 1) if is_alone and len(own) > 1 and _first_words(names)[own[0]] == 1 else None


def _place_of_rest(
    plain: Sequence[str], exercise: str, names: tuple[str, ...]
) -> tuple[int, int] | None:
    """Return where number and title stand without the first word: `01_losses`, `hw1_losses`."""
    del names
    own = _words_of(exercise)
    if len(own) < 3 or not own[1].isdigit():
        return None
    start = next((place for place, word in enumerate(plain) if word not in VERSIONS), 0)
    end = _whole(plain, start, "".join(own[1:]))
    return (start, end) if end else None


def _whole(plain: Sequence[str], start: int, own: str) -> int:
    """Return where all the words of an exercise end, wherever they are separated; or 0."""
    text = ""
    for end in range(start, len(plain)):
        text += plain[end]
        if text == own:
            return end + 1
        if not own.startswith(text):
            return 0
    return 0


def _numbered(
    plain: Sequence[str], start: int, own: tuple[str, ...], names: tuple[str, ...]
) -> int:
    """Return where `ex 1` or `ex 1 loss` ends, for an exercise of which that is enough; or 0."""
    if len(own) < 3 or not own[1].isdigit() or tuple(plain[start : start + 2]) != tuple(own[:2]):
        return 0
    end = start + 2
    following = plain[end] if end < len(plain) else ""
    if len(following) >= SHORTENED and "".join(own[2:]).startswith(following):
        return end + 1
    is_free = not following or _is_of_a_version(following)
    return end if is_free and not _words_of_others(own, names).intersection(plain) else 0


def _is_of_a_version(word: str) -> bool:
    """Tell whether a word says which copy or version a file is, and not whose."""
    return _is_of_a_program(word) or word in VERSIONS or word in LEFTOVERS


def _is_of_a_program(word: str) -> bool:
    return word in COPIES or (word.isdigit() and len(word) <= MAX_DIGITS)


def _distance(name: str, stem: str, right: str, around: set[str]) -> int:
    if name.lower() == right:
        return EXACT if name == right else OTHER_CASE
    if LEFTOVERS & around:
        return LEFTOVER
    as_programs_do = all(map(_is_of_a_program, around))
    return COPY if as_programs_do and right.rpartition(".")[0] in stem.lower() else ASSUMED


def _number(after: Sequence[str], before: Sequence[str]) -> int:
    """Return the last number behind a name, unless it is that of a copy somebody made."""
    if COPIES.intersection([*before, *after]):
        return 0
    numbers = [word for word in after if word.isdigit() and len(word) <= MAX_DIGITS]
    return int(numbers[-1]) if numbers else 0
