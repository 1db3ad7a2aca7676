"""Wrong answers without a name that several students gave: what may be a mistake worth naming.

Equal answers say that the same was computed. They say nothing of who had it from whom, and the
page does not either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import quote

from grader.courses.mistakes import listing
from grader.reports.attention.naming_command import learning_options
from grader.reports.attention.tests_first import anchor_of
from grader.reports.classes.class_findings import People, people
from grader.reports.classes.class_table import Link, link
from grader.reports.code.excerpts import Excerpt, excerpt
from grader.reports.code.highlighting import coloured
from grader.reports.code.room import Room
from grader.reports.ranking import Ranked
from grader.reports.sheets import list_href
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from markupsafe import Markup

    from grader.courses.mistakes import Mistake
    from grader.reports.classes.class_record import ClassRecord, Standing
    from grader.results.unnamed import SharedAnswer
    from grader.results.verdicts import StudentResult
    from grader.runs.grading_run import GradingRun

__all__ = ["LISTED", "SharedAnswers", "SharedGroup", "shared_answers", "shared_groups"]

FEWEST = 3  # hand-ins: two are often a pair who worked together, which is no mistake of a class
SHOWN, LISTED = 8, 48  # answers with code, which takes a screen for each; and all
SIDE_BY_SIDE, LOOKED_AT = 2, 6  # students whose code is shown, and read to find some that differ
ELSEWHERE, CAUSES = 3, 3  # other places of one answer, and mistakes it may come from
MAX_BYTES = 600_000  # of code, on the whole page


@dataclass(frozen=True)
class SharedGroup:
    """Students who gave the same wrong answers in one exercise.

    Attributes:
        place: where it stands among all, from 1.
        answers: one for each test in which all of them did; the first stands for all.
        causes: the mistakes that all of them made in that exercise.
    """

    place: int
    answers: tuple[SharedAnswer[Standing], ...]
    causes: tuple[str, ...]

    @property
    def first(self) -> SharedAnswer[Standing]:
        """The answer that the group is known by."""
        return self.answers[0]

    @property
    def students(self) -> tuple[Standing, ...]:
        """Who they are."""
        return self.first.students

    @property
    def list_name(self) -> str:
        """What the list of them is called."""
        return f"answer-{self.place}"


@dataclass(frozen=True)
class CodeOf:
    """What one student wrote, with a link to all of it, and what to say of it."""

    student: Link
    code: Markup | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class SharedRow:
    """One answer.

    Attributes:
        href: where the test stands on the page; empty where it does not.
        others: the tests in which the same students share an answer, too.
        elsewhere: where other students gave the very same answer to the same question.
        causes: mistakes that all of these students made in the exercise.
        listed: the mistake under which the course lists the answer, and what it says.
        codes: what two of them wrote, side by side, and `about_code` says so.
    """

    students: str
    list_href: str
    title: str
    exercise: str
    href: str
    others: tuple[str, ...]
    elsewhere: tuple[str, ...]
    causes: tuple[str, ...]
    listed: Mistake | None
    people: People
    command: str
    codes: tuple[CodeOf, ...] = ()
    about_code: str = ""


@dataclass(frozen=True)
class SharedAnswers(Ranked[SharedRow]):
    """The answers, the most shared first; those that may follow from a known mistake are folded.

    Attributes:
        fewest: how many hand-ins share one at least.
    """

    fewest: int = FEWEST


def shared_groups(record: ClassRecord) -> list[SharedGroup]:
    """Return who gave the same wrong answers, the largest group first.

    What a team handed in together counts once. Those who all made a known mistake in the exercise
    come last: the answer is likely what followed from it.
    """
    found: dict[tuple[str, tuple[str, ...]], list[SharedAnswer[Standing]]] = {}
    for answer in record.unnamed.shared(FEWEST):
        if len({each.record.group or each.student for each in answer.students}) >= FEWEST:
            who = tuple(each.student for each in answer.students)
            found.setdefault((answer.exercise, who), []).append(answer)
    made = _mistakes_made(record)
    groups = [
        (tuple(slug for slug, by in made.get(exercise, {}).items() if by.issuperset(who)), answers)
        for (exercise, who), answers in found.items()
    ]
    groups.sort(key=lambda each: bool(each[0]))
    return [
        SharedGroup(place, tuple(answers), causes)
        for place, (causes, answers) in enumerate(groups, start=1)
    ]


def _mistakes_made(record: ClassRecord) -> dict[str, dict[str, set[str]]]:
    """Return by whom each known mistake was made, in each exercise."""
    made: dict[str, dict[str, set[str]]] = {}
    for slug, places in record.mistakes.items():
        for exercise, standings in places.items():
            made.setdefault(exercise, {})[slug] = {each.student for each in standings}
    return made


def shared_answers(record: ClassRecord, run: GradingRun, output: Path) -> SharedAnswers:
    """Return what the class page says of them; the code is read for those that are shown first.

    Args:
        record: the class.
        run: in which its students' code is.
        output: the folder of the reports.
    """
    groups, room = shared_groups(record), Room(bytes_=MAX_BYTES)
    alike = _by_fingerprint(groups)
    first = min(sum(not each.causes for each in groups), SHOWN)
    shown, folded = groups[:first], groups[first:LISTED]
    options = learning_options(run.course, output)
    rows = [_row(record, each, alike, _codes(record, run, each, room)) for each in shown]
    others = [_row(record, each, alike) for each in folded]
    return SharedAnswers(
        rows=tuple(replace(each, command=each.command + options) for each in rows),
        folded=tuple(replace(each, command=each.command + options) for each in others),
        summary=_summary(groups[first:]),
        left_out=len(groups[LISTED:]),
    )


def _summary(folded: Sequence[SharedGroup]) -> str:
    follow = sum(bool(each.causes) for each in folded)
    said = plural(len(folded), "more answer")
    some = "" if follow == len(folded) else f"{follow:,} of them "
    return f"{said}, {some}perhaps from a known mistake" if follow else said


def _by_fingerprint(groups: Sequence[SharedGroup]) -> dict[str, list[SharedGroup]]:
    """Return the groups by the fingerprints of their answers."""
    found: dict[str, list[SharedGroup]] = {}
    for group in groups:
        for known_by in dict.fromkeys(each.fingerprint for each in group.answers):
            found.setdefault(known_by, []).append(group)
    return found


def _elsewhere(group: SharedGroup, alike: Mapping[str, Sequence[SharedGroup]]) -> Iterator[str]:
    """Give where other groups have an answer of this one, which two tests may ask for."""
    for answer in group.answers:
        for other in alike[answer.fingerprint]:
            if other is not group:
                where = next(e for e in other.answers if e.fingerprint == answer.fingerprint)
                students = plural(len(other.students), "student")
                yield f"{students} in {where.exercise}: {where.title}"


def _row(
    record: ClassRecord,
    group: SharedGroup,
    alike: Mapping[str, Sequence[SharedGroup]],
    codes: Iterable[CodeOf] = (),
) -> SharedRow:
    answer, shown = group.first, tuple(codes)
    tests = list(record.exercises[answer.exercise].tests)
    number = tests.index(answer.test) + 1 if answer.test in tests else 0
    where = list_href(group.list_name)
    links = (link(each, record.called(each), answer.exercise) for each in group.students)
    return SharedRow(
        students=plural(len(group.students), "student"),
        list_href=where,
        title=answer.title,
        exercise=answer.exercise,
        href=f"#{quote(anchor_of(answer.exercise, number))}" if number else "",
        others=tuple(dict.fromkeys(e.title for e in group.answers if e.title != answer.title)),
        elsewhere=tuple(islice(_elsewhere(group, alike), ELSEWHERE)),
        causes=group.causes[:CAUSES],
        listed=next(filter(None, (_listed(each, record) for each in group.answers)), None),
        people=people(links, where),
        command=f"grader learn {answer.fingerprint}",
        codes=shown,
        about_code="Two students' code" if len(shown) == SIDE_BY_SIDE else "One student's code",
    )


def _listed(answer: SharedAnswer[Standing], record: ClassRecord) -> Mistake | None:
    return listing(answer.fingerprint, record.course)


def _codes(
    record: ClassRecord, run: GradingRun, group: SharedGroup, room: Room
) -> Iterator[CodeOf]:
    """Give what two of the students wrote, if they wrote it differently."""
    seen = set[str]()
    for standing in group.students[:LOOKED_AT]:
        found = _asked_for(run.result_of(standing.student), group.first)
        wording = " ".join(found.text.split())
        if wording and wording not in seen:
            seen.add(wording)
            code, notes = coloured(found.text, found.language, room)
            student = link(standing, record.called(standing), group.first.exercise)
            yield CodeOf(student, code, tuple(filter(None, (*notes, found.note))))
        if len(seen) == SIDE_BY_SIDE:
            return


def _asked_for(result: StudentResult, answer: SharedAnswer[Standing]) -> Excerpt:
    """Return what a student wrote of what a test asks for; of no code, an empty text."""
    exercise = next(each for each in result.exercises if each.exercise == answer.exercise)
    test = next(each for each in exercise.tests if each.name == answer.test)
    return excerpt(exercise.code, test.message.call) if exercise.code else Excerpt("")
