"""For instructors: `learn`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path  # noqa: TC003 - typer reads it
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from grader.commands.course_option import CourseFolder, course_again, output_again
from grader.commands.exit_codes import NOT_PASSED
from grader.commands.options.mistake_words import Asked, confirmed
from grader.courses import find_authors_course
from grader.errors import UsageError
from grader.files.default_output import DEFAULT_OUTPUT
from grader.text.wording import plural, printable

if TYPE_CHECKING:
    from grader.courses import Course, Exercise
    from grader.learning.changes import Search
    from grader.proving.proof import Finding
    from grader.results.unnamed import SharedAnswer

__all__ = ["COMMANDS", "learn"]

LISTED, NAMED = 20, 8  # answers, and students of one


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
    ] = DEFAULT_OUTPUT,
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
    take_code: Annotated[
        bool,
        typer.Option(
            "--take-code",
            help="Where no change of the solution gives the answer: take what a student wrote "
            "(shown without --take-code first) into the course.",
        ),
    ] = False,
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
    from grader.learning.unnamed import answer_meant, unnamed_answers
    from grader.learning.writing.naming import require_expression
    from grader.runs.devices import default_jobs

    if expression:
        require_expression(expression)
    answers = unnamed_answers(output)
    if not fingerprint:
        print("\n".join(_listed(answers, f"{output_again(output)}{course_again(course)}")))
        return
    answer = answer_meant(answers, fingerprint)
    found, again = find_authors_course(course), course_again(course)
    where = _Where(found, answers, answer, output, jobs or default_jobs(), again)
    asked = Asked(slug, sentence, tuple(hint or ()))
    asked.require_possible(where.course, where.exercise)
    print("\n".join(_about(where)), flush=True)
    change = _change(where) or _students_change(where, take_code=take_code)
    if change is None or not _taught(where, change, asked, expression):
        raise typer.Exit(NOT_PASSED)
    print(f"Next: `{_grade_again(where)}` says who has a name now.")


def _grade_again(where: _Where) -> str:
    """Return the command that grades the class as it was graded last."""
    from grader.learning.handed_in import class_graded

    graded = class_graded(where.output)
    source = quote(graded.source) if graded.source else "CLASS"
    every = {each.name for each in where.course.exercises}
    is_part = graded.exercises and set(graded.exercises) != every
    only = f" --exercise {','.join(graded.exercises)}" if is_part else ""
    return f"grader grade {source}{only}{output_again(where.output)}{where.again}"


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
    """The answer that is to have a name, and where its test is.

    Attributes:
        again: what a recommended command has at its end, to be about the same course.
    """

    course: Course
    answers: list[SharedAnswer[str]]
    answer: SharedAnswer[str]
    output: Path
    jobs: int
    again: str = ""

    @cached_property
    def exercise(self) -> Exercise:
        """The exercise that it is of."""
        return self.course.exercise_named(self.answer.exercise)

    @property
    def test(self) -> str:
        """The name of the test's function."""
        return self.answer.test.partition("[")[0]

    @cached_property
    def sources(self) -> dict[str, str]:
        """The modules of the solution, by their paths."""
        from grader.authoring import sources_of

        return sources_of(self.course, self.exercise)

    @cached_property
    def found(self) -> Search:
        """What gives the answer."""
        from grader.learning.changes import search

        return search(self.course, self.exercise, self.answer, self.jobs)


def _about(where: _Where) -> list[str]:
    """Say which answer it is, who gave it, and which mistake lists it already."""
    from grader.courses.mistakes import listing

    answer = where.answer
    noted = listing(answer.fingerprint, where.course)
    names = ", ".join(map(printable, answer.students[:NAMED]))
    more = len(answer.students) - NAMED
    others = f" and {more:,} more" if more > 0 else ""
    return [
        f"{answer.exercise}, {answer.test}: {printable(answer.title)}",
        f"{plural(len(answer.students), 'student')} gave the same wrong answer: {names}{others}",
        *([f"mistakes.toml lists it at {noted.slug}: {noted.sentence}"] if noted else []),
        f"Looking for a change of the solution of {answer.exercise} that gives it …",
    ]


@dataclass(frozen=True)
class _Changed:
    """A file of the solution, with the mistake."""

    file: str
    solution: str
    text: str


def _change(where: _Where) -> _Changed | None:
    """Return the change of the solution that gives the answer, and show it; None if there is none.

    Raises:
        UsageError: the solution itself does not pass.
    """
    exercise = where.exercise.name
    if where.found.is_broken:
        raise UsageError(
            f"the solution does not pass its own tests: see `grader prove {exercise}{where.again}`"
        )
    if not where.found.changes:
        return None
    change = where.found.changes[0]
    mutant = change.mutant
    print(f"\nThe solution gives it with one change ({change.file}, line {mutant.line}):")
    for sign, text in (("-", mutant.was), ("+", mutant.now)):
        print("\n".join(f"  {sign} {line}" for line in text.splitlines()))
    return _Changed(change.file, where.sources[change.file], mutant.source)


def _students_change(where: _Where, *, take_code: bool) -> _Changed | None:
    """Show what the student wrote whose code differs least, and return it if that is wanted.

    Raises:
        UsageError: there is none to take; the message says why.
    """
    from grader.learning.representative import first_that_gives, representatives

    print("No single change of the solution gives it.")
    exercise = where.exercise
    by_hand = (
        f"write the mistake yourself: `grader new mistake {exercise.name} NAME --from FILE"
        f"{where.again}` takes a student's file"
    )
    found = representatives(where.course, exercise, where.answer, where.output)
    if not found:
        raise UsageError(f"no student's code can be compared with the solution; {by_hand}")
    if refused := found[0].stripped.refused:
        raise UsageError(f"{printable(found[0].student)}'s code is not taken: {refused}; {by_hand}")
    chosen = first_that_gives(found, where.course, exercise, where.answer)
    if chosen is None:
        raise UsageError(
            "what differs in the students' functions does not give the answer by itself, or the "
            f"tests have changed since: grade again, or {by_hand}"
        )
    print(f"\n{printable(chosen.student)} wrote, without comments, texts and own names:\n")
    print("\n".join(f"  {line}" for line in printable(chosen.stripped.code).splitlines()))
    print(
        "\nIt gives the same answer in the sandbox. In the course it is run without one, by "
        "`grader prove`\nand by the hidden test: read it."
    )
    question = "Does it only compute, and tell nothing of a person? Then take it into the course"
    if not take_code and not confirmed(question, "--take-code"):
        print("Nothing was changed.")
        return None
    ((file, solution),) = where.sources.items()
    return _Changed(file, solution, chosen.stripped.changed)


def _taught(where: _Where, change: _Changed, asked: Asked, expression: str) -> bool:
    """Write the mistake into the course, if its proof then holds; say what was done."""
    from grader.courses.declared.strict import read_text
    from grader.learning.teaching import Failed, Lesson, is_noted, note_mistake, teach
    from grader.learning.unnamed import alike
    from grader.learning.writing.expressions import NotComputable
    from grader.learning.writing.naming import Unnamed, namings

    suite = read_text(where.exercise.hidden_suite)
    slug, said = asked.complete(where.course, where.exercise, where.test)
    lesson = Lesson(where.course, where.exercise, slug, said, change.file, change.text)
    try:
        reached = where.found.reached
        unnamed = Unnamed(slug, where.test, change.solution, change.text, reached, expression)
        ways = namings(suite, unnamed)
    except NotComputable as reason:
        if not is_noted(where.course, where.exercise, slug):
            print("\n".join(f"wrote {file}" for file in note_mistake(lesson)))
        print(f"The test can't be changed for you: {reason}.")
        print(f"In {where.exercise.hidden_suite}, {where.test}, among the mistakes, add:")
        print(f'    "{slug}": {expression or "lambda …: what it computes"},')
        prove = f"grader prove {where.exercise.name}{where.again}"
        print(f"Then `{prove}` says whether it is caught and named.")
        return True
    print(f"Proving {where.exercise.name} with the mistake …", flush=True)
    findings: tuple[Finding, ...] = ()
    for way in ways:
        try:
            files = teach(lesson, way.suite, where.found.before, where.jobs)
        except Failed as error:
            findings = findings or error.findings  # of the way that is most likely to be meant
            continue
        print("\n".join(f"wrote {file}" for file in files))
        print(f'In the test, line {way.line}: "{slug}": {way.value}')
        for other in alike(where.answers, where.answer):
            options = f"{output_again(where.output)}{where.again}"
            again = f"`grader learn {other.fingerprint} --slug {slug}{options}`"
            print(f"The same students share an answer in {other.test}, too: {again}")
        return True
    print(f"It can't be named like this, and nothing was changed: {where.test} with")
    print(f'    "{slug}": {ways[0].value}')
    print("\n".join(f"  {each.kind}: {each.words}" for each in findings))
    print("Pass --expression with what computes the answer, or use `grader new mistake`.")
    return False


COMMANDS = (learn,)
