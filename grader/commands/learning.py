"""For instructors: `learn`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.course_option import CourseFolder, course_again
from grader.commands.exit_codes import NOT_PASSED
from grader.courses import find_authors_course
from grader.errors import UsageError
from grader.text.wording import plural, printable

if TYPE_CHECKING:
    from grader.authoring.scaffolding import Said
    from grader.courses import Course, Exercise
    from grader.learning.changes import Change, Search
    from grader.proving.proof import Finding
    from grader.results.unnamed import SharedAnswer

__all__ = ["COMMANDS", "learn"]

LISTED, NAMED = 20, 8  # answers, and students of one
STEPS = ("remind", "point", "almost")  # the three hints


def learn(
    fingerprint: Annotated[
        str,
        typer.Argument(
            metavar="[FINGERPRINT]",
            show_default=False,
            help="The wrong answer, as the class page has it. Default: list them.",
        ),
    ] = "",
    output: Annotated[
        Path, typer.Option(metavar="FOLDER", help="The reports of the class.")
    ] = Path("reports"),
    slug: Annotated[
        str,
        typer.Option(
            metavar="NAME", show_default=False, help="What to call the mistake: sum-not-mean."
        ),
    ] = "",
    sentence: Annotated[
        str,
        typer.Option(metavar="TEXT", show_default=False, help="What the report says of it."),
    ] = "",
    hint: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            show_default=False,
            help="One of three hints: remind, point, almost (repeat for each).",
        ),
    ] = None,
    expression: Annotated[
        str,
        typer.Option(
            metavar="CODE",
            show_default=False,
            help="What computes the mistake's answer in the test, where the proposal does not fit: "
            '"lambda x: x.sum()".',
        ),
    ] = "",
    jobs: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes in parallel (default: one per core)."),
    ] = None,
    course: CourseFolder = None,
) -> None:
    """Give a name to a wrong answer that several students share; or list such answers.

    It looks for one change of the solution that gives the same answer, asks what students are to
    read, writes the mistake into mistakes.toml and into the hidden test, and proves the exercise.
    If the proof fails, the course is as it was. Nothing is graded: the next `grader grade` says who
    has a name now.

    Exit codes: 0 the mistake has its name, or was noted with what is left to do; 1 it can't be
    taught like this; 2 bad arguments; 130 stopped by Ctrl-C.
    """
    from grader.authoring.scaffolding import require_new
    from grader.learning.naming import require_expression
    from grader.learning.unnamed import answer_meant, unnamed_answers
    from grader.runs.devices import default_jobs

    if expression:
        require_expression(expression)
    answers = unnamed_answers(output)
    if not fingerprint:
        print("\n".join(_listed(answers, course_again(course))))
        return
    answer = answer_meant(answers, fingerprint)
    where = _Where(find_authors_course(course), answer, jobs or default_jobs())
    if slug:
        require_new(where.course, where.exercise, slug)
    print("\n".join(_about(answer)), flush=True)
    change = _change(where)
    asked = _Asked(slug, sentence, tuple(hint or ()))
    if not _taught(where, change, asked, expression):
        raise typer.Exit(NOT_PASSED)
    print(f"Next: `grader grade CLASS{course_again(course)}` says who has a name now.")


def _listed(answers: list[SharedAnswer[str]], again: str) -> list[str]:
    lines = [
        f"{each.fingerprint}  {plural(len(each.students), 'student')}: {each.exercise}, "
        f"{printable(each.title)}"
        for each in answers[:LISTED]
    ]
    more = len(answers) - LISTED
    left = [f"… and {plural(more, 'more answer')}"] if more > 0 else []
    return ["Wrong answers without a name:", *lines, *left, "", f"Next: `grader learn …{again}`"]


@dataclass
class _Where:
    """The answer that is to have a name, and where its test is."""

    course: Course
    answer: SharedAnswer[str]
    jobs: int

    @cached_property
    def exercise(self) -> Exercise:
        """The exercise that it is of."""
        return self.course.exercise_named(self.answer.exercise)

    @property
    def test(self) -> str:
        """The name of the test's function."""
        return self.answer.test.partition("[")[0]

    @cached_property
    def found(self) -> Search:
        """What gives the answer."""
        from grader.learning.changes import search

        return search(self.course, self.exercise, self.answer, self.jobs)


@dataclass(frozen=True)
class _Asked:
    """What the command line says of the mistake."""

    slug: str
    sentence: str
    hints: tuple[str, ...]


def _about(answer: SharedAnswer[str]) -> list[str]:
    """Say which answer it is, and who gave it."""
    more = len(answer.students) - NAMED
    names = ", ".join(map(printable, answer.students[:NAMED])) + (
        f" and {more:,} more" * (more > 0)
    )
    return [
        f"{answer.exercise}, {answer.test}: {printable(answer.title)}",
        f"{plural(len(answer.students), 'student')} gave the same wrong answer: {names}",
        f"Looking for a change of the solution of {answer.exercise} that gives it …",
    ]


def _change(where: _Where) -> Change:
    """Return the change of the solution that gives the answer, and show it.

    Raises:
        UsageError: there is none.
    """
    exercise = where.exercise.name
    if where.found.is_broken:
        raise UsageError(f"the solution does not pass its own tests: see `grader prove {exercise}`")
    if not where.found.changes:
        raise UsageError(
            "no small change of the solution gives this answer. Write the mistake yourself: "
            f"`grader new mistake {exercise} NAME --from FILE`, with a student's file"
        )
    change = where.found.changes[0]
    mutant = change.mutant
    print(f"\nThe solution gives it with one change ({change.file}, line {mutant.line}):")
    for sign, text in (("-", mutant.was), ("+", mutant.now)):
        print("\n".join(f"  {sign} {line}" for line in text.splitlines()))
    return change


def _taught(where: _Where, change: Change, asked: _Asked, expression: str) -> bool:
    """Write the mistake into the course, if its proof then holds; say what was done."""
    from grader.courses.declared.strict import read_text
    from grader.learning.expressions import NotComputable
    from grader.learning.naming import namings
    from grader.learning.teaching import Failed, Lesson, note_mistake, teach

    suite = read_text(where.exercise.hidden_suite)
    slug, said = _words(where, asked)
    lesson = Lesson(where.course, where.exercise, slug, said, change.file, change.mutant.source)
    try:
        ways = namings(suite, where.test, slug, change.mutant.source, expression)
    except NotComputable as reason:
        files = note_mistake(lesson)
        print("\n".join(f"wrote {file}" for file in files))
        print(f"The test can't be changed for you: {reason}.")
        print(f"In {where.exercise.hidden_suite}, {where.test}, in `mistakes={{...}}`, add:")
        print(f'    "{slug}": lambda …: what it computes,')
        print(f"Then `grader prove {where.exercise.name}` says whether it is caught and named.")
        return True
    print(f"Proving {where.exercise.name} with the mistake …", flush=True)
    findings: tuple[Finding, ...] = ()
    for way in ways:
        try:
            files = teach(lesson, way.suite, where.found.before, where.jobs)
        except Failed as error:
            findings = error.findings
            continue
        print("\n".join(f"wrote {file}" for file in files))
        print(f'In the test, line {way.line}: "{slug}": {way.value}')
        return True
    print(f"It can't be named like this, and nothing was changed: {where.test} with")
    print(f'    "{slug}": {ways[-1].value}')
    print("\n".join(f"  {each.kind}: {each.words}" for each in findings))
    print("Pass --expression with what computes the answer, or use `grader new mistake`.")
    return False


def _words(where: _Where, asked: _Asked) -> tuple[str, Said]:
    """Return what the mistake is called and what is said of it; ask for what is missing.

    Raises:
        UsageError: something is missing, and this is no terminal to ask in.
    """
    from grader.authoring.scaffolding import Said, require_new
    from grader.courses.mistakes import known_mistakes

    known = known_mistakes(where.course)
    is_known = asked.slug in known
    lacking = [
        *(["--slug NAME"] if not asked.slug else []),
        *(["--sentence TEXT"] if not (asked.sentence or is_known) else []),
        *["--hint TEXT"] * (0 if is_known else len(STEPS) - len(asked.hints)),
    ]
    if lacking and not sys.stdin.isatty():
        raise UsageError(f"this is no terminal to ask in; add {' '.join(lacking)}")
    slug = asked.slug
    while not slug:
        slug = _answer("Name of the mistake, such as sum-not-mean")
        try:
            require_new(where.course, where.exercise, slug)
        except UsageError as error:
            print(error)
            slug = ""
    if slug in known:
        print(f"{slug} keeps its sentence: {known[slug].sentence}")
        return slug, Said(test=where.test)
    sentence = asked.sentence or _answer("What happened, and what should happen (one sentence)")
    steps = STEPS[len(asked.hints) :]
    hints = (*asked.hints, *(_answer(f"Hint: {step}") for step in steps))
    return slug, Said(sentence, hints, where.test)


def _answer(question: str) -> str:
    """Ask for a line."""
    try:
        return str(typer.prompt(question)).strip()
    except typer.Abort:
        raise KeyboardInterrupt from None


COMMANDS = (learn,)
