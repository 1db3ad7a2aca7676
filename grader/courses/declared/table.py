"""`mistakes.toml`: which mistakes a course knows, in words, and what each looks like in code.

    [sum-not-mean]
    sentence = "Your result is the sum. It should be the mean."
    hints = ["remind", "point", "almost"]

    [[sum-not-mean.wrong]]
    exercise = "hw1"
    edit = ["errors.mean()", "errors.sum()"]
    test = "test_the_mean_is_taken"

A work without an `edit` is the file `wrong/hw1/sum-not-mean.py`. `[[wrong]]`, under no mistake, is
a work that has no name to get, and `[[right]]` one that must lose nothing.

`[not-started.hw1]` has the same three steps for each function or answer cell of an exercise in
which nothing is written yet: `mean = ["what is it", "which tools", "the first line in words"]`.

A mistake may list `fingerprints` of answers that are known to be it: for the instructor, who sees
that an answer without a name was seen before. No student gets a name by one; see `Mistake`.

What is about Python and PyTorch and no exercise's own stands in `known.toml`, which has the same
form and counts in every course. A course's own words for such a mistake count before these; one
that has only works for it, `[[no-graph.wrong]]`, needs no words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import msgspec

from grader.courses.declared.strict import StrictFile, meant, read_text
from grader.results.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from grader.courses.declared.strict import Place

__all__ = ["FILE", "GENERAL", "Entry", "Mistake", "Table", "general_mistakes", "read_table"]

FILE = "mistakes.toml"
GENERAL = Path(__file__).parents[1] / "known.toml"
KINDS = RIGHT, WRONG = "right", "wrong"
NOT_STARTED = "not-started"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)+\Z"

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Hints = Annotated[tuple[Words, ...], msgspec.Meta(min_length=2, max_length=3)]
Fingerprint = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}\Z")]
Edit = Annotated[tuple[str, ...], msgspec.Meta(min_length=2)]
Slug = Annotated[str, msgspec.Meta(pattern=SLUG, max_length=80)]
Failing = Literal["wrong", "crashed", "timed_out", "not_started", "missing", "unreadable"]
Test = Annotated[str, msgspec.Meta(pattern=r"^test\w*\Z", max_length=200)]


@dataclass(frozen=True)
class Mistake:
    """One mistake.

    Attributes:
        slug: its name in suites and results: `sum-not-mean`.
        sentence: what the report says when it was recognised, modestly.
        hints: three steps: remind, point, almost; two where a course was given out without the
            last.
        fingerprints: of answers that the instructor knows to be this mistake. They give it to
            no student: they are constants and no function of the case, and rounded, so that two
            answers may have one, which the rules for names exclude (`grader.proving.rules`).
    """

    slug: str
    sentence: str
    hints: tuple[str, ...]
    fingerprints: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True):
    """What stands under `[[SLUG.wrong]]`, `[[wrong]]` or `[[right]]`.

    Attributes:
        exercise: which exercise's solution is changed.
        name: what the work is called; the slug, if it says nothing.
        edit: what is replaced in the solution, and by what: old, new, and so on.
        test: the hidden test that must catch it.
        verdict: what it must get there.
        lost: how many points it costs in all, where that is said.
    """

    exercise: str
    name: str = ""
    edit: tuple[str, ...] = ()
    test: str = ""
    verdict: Verdict = Verdict.WRONG
    lost: float | None = None


class _Named(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a work that has a mistake's name to get may say."""

    exercise: Words
    name: Slug = ""
    edit: Edit = ()
    test: Test
    verdict: Failing = "wrong"
    lost: Annotated[float, msgspec.Meta(gt=0)] = 0


class _Unnamed(_Named, kw_only=True):
    """What one that has none to get must say."""

    name: Slug


class _Right(msgspec.Struct, forbid_unknown_fields=True):
    """What one that must lose nothing says; without an edit it is a file, and nothing here."""

    exercise: Words
    name: Slug
    edit: Edit


class _Mistake(msgspec.Struct, forbid_unknown_fields=True):
    sentence: Words
    hints: Hints
    fingerprints: tuple[Fingerprint, ...] = ()
    wrong: list[dict[str, Any]] = []


class _Works(msgspec.Struct, forbid_unknown_fields=True):
    right: list[dict[str, Any]] = []
    wrong: list[dict[str, Any]] = []


EXPECTED = {
    "sentence": "what the report says, up to 1,000 characters",
    "hints": "a list of three steps: remind, point, almost",
    "fingerprints": "a list of fingerprints, of 16 digits 0-9a-f, as the class page has them",
    "wrong": "a table of its own for each, under `[[SLUG.wrong]]` or `[[wrong]]`",
    "right": "a table `[[right]]` for each",
    "exercise": "the name of an exercise",
    "name": "small words with hyphens between, such as `sum-not-mean`",
    "edit": "a list of an old text and the new one, or of several such pairs",
    "test": "the name of a hidden test",
    "verdict": f"one of {', '.join(get_args(Failing))}",
    "lost": "a number of points",
}


@dataclass(frozen=True)
class Table:
    """What a `mistakes.toml` holds.

    Attributes:
        own: the mistakes that it has words for, by slug.
        mistakes: those and the general ones.
        entries: each work that it describes, with the slug that must be named and its place.
        starts: the hints for what is not started, by exercise and by function or answer cell.
        file: to say of a place what is wrong there.
    """

    own: dict[str, Mistake]
    mistakes: dict[str, Mistake]
    entries: tuple[tuple[Entry, str | None, Place], ...]
    starts: Mapping[str, Mapping[str, tuple[str, ...]]]
    file: StrictFile


def read_table(folder: Path) -> Table:
    """Read the table of the course in a folder; one without has the general mistakes alone.

    Raises:
        UsageError: it can't be read; the message names file and line.
    """
    file = folder / FILE
    try:
        found = file.stat()
    except OSError:
        return Table({}, general_mistakes(), (), {}, StrictFile(file, ""))
    return _read(file, found.st_mtime_ns, found.st_size)


@cache
def _read(file: Path, changed: int, size: int) -> Table:
    """Read a file once, as long as it stays what it is."""
    del changed, size
    return _TableFile(file, read_text(file), general_mistakes()).read()


@cache
def general_mistakes() -> dict[str, Mistake]:
    """Return the mistakes that can be named in every course, by slug."""
    return _TableFile(GENERAL, read_text(GENERAL), {}).read().own


class _TableFile(StrictFile):
    """A `mistakes.toml` while it is read.

    Args:
        general: the mistakes for which it needs no words.
    """

    def __init__(self, file: Path, text: str, general: Mapping[str, Mistake]) -> None:
        super().__init__(file, text)
        self._general = general

    def read(self) -> Table:
        """Return what it holds."""
        table = self.parse()
        starts = self._starts(table.pop(NOT_STARTED, {}))
        works = {kind: table.pop(kind) for kind in (RIGHT, WRONG) if kind in table}
        self.check(works, _Works, (), EXPECTED, "the table")
        own = {
            slug: self._mistake(slug, entry)
            for slug, entry in table.items()
            if not self._is_general(slug, entry)
        }
        self._refuse_shared_fingerprints(own.values())
        entries = [
            *self._entries(works.get(RIGHT, []), _Right, (RIGHT,), None),
            *self._entries(works.get(WRONG, []), _Unnamed, (WRONG,), None),
        ]
        for slug, entry in table.items():
            entries += self._entries(entry.get(WRONG, []), _Named, (slug, WRONG), slug)
        return Table(own, {**self._general, **own}, tuple(entries), starts, self)

    def _starts(self, tables: object) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return the hints for what is not started."""
        every = self._tables(tables, (NOT_STARTED,))
        return {
            exercise: {
                part: self._steps(hints, (NOT_STARTED, exercise, part))
                for part, hints in self._tables(parts, (NOT_STARTED, exercise)).items()
            }
            for exercise, parts in every.items()
        }

    def _tables(self, table: object, place: Place) -> dict[str, Any]:
        if not isinstance(table, dict):
            words = f"`[{NOT_STARTED}.EXERCISE]` has a list of hints for each function"
            raise self.error(place, words)
        return table

    def _steps(self, hints: object, place: Place) -> tuple[str, ...]:
        try:
            return msgspec.convert(hints, Hints)
        except msgspec.ValidationError as error:
            words = "a list of three steps: what is it, which tools, the first line in words"
            raise self.error(place, f"{place[-1]!r} must be {words}") from error

    def _is_general(self, slug: str, entry: object) -> bool:
        """Whether the general table says it all, and this one what it looks like in code."""
        return slug in self._general and isinstance(entry, dict) and entry.keys() == {WRONG}

    def _mistake(self, slug: str, entry: object) -> Mistake:
        try:
            msgspec.convert(slug, Slug)
        except msgspec.ValidationError as error:
            words = f"{slug!r} is no mistake's name, as {EXPECTED['name']}; {meant(slug, KINDS)}"
            raise self.error((slug,), words) from error
        self.check(entry, _Mistake, (slug,), EXPECTED, f"the mistake {slug!r}")
        known = msgspec.convert(entry, _Mistake)
        return Mistake(slug, known.sentence, known.hints, known.fingerprints)

    def _refuse_shared_fingerprints(self, mistakes: Iterable[Mistake]) -> None:
        """Refuse two mistakes that list the same answer, which can be no more than one of them."""
        listed: dict[str, str] = {}
        for mistake in mistakes:
            for each in mistake.fingerprints:
                other = listed.setdefault(each, mistake.slug)
                if other != mistake.slug:
                    place = (mistake.slug, "fingerprints")
                    raise self.error(
                        place, f"the fingerprint {each} is listed at {other!r} already"
                    )

    def _entries(
        self,
        tables: list[dict[str, Any]],
        kind: type[msgspec.Struct],
        place: Place,
        slug: str | None,
    ) -> Iterator[tuple[Entry, str | None, Place]]:
        for number, table in enumerate(tables):
            here = (*place, number)
            self.check(table, kind, here, EXPECTED, "the work")
            edit = table.get("edit", ())
            if len(edit) % 2 or "" in edit[::2]:
                raise self.error((*here, "edit"), f"'edit' must be {EXPECTED['edit']}")
            given = table if kind is not _Right else {**table, "verdict": Verdict.PASSED}
            yield msgspec.convert({"name": slug, **given}, Entry), slug, here
