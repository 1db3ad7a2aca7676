"""What a suite has to show before it is worth its points, and what is found when it does not."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from grader.courses.declared.table import NOT_STARTED
from grader.proving.accepted import FILE, Accepted
from grader.proving.cases import Kind
from grader.proving.mutation import TriedMutant, faults_of, tried
from grader.proving.trying.reach import changed_functions
from grader.results.verdicts import Verdict, totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.courses import Exercise, Work
    from grader.proving.cases import Case
    from grader.proving.trying.graded import Graded
    from grader.results.verdicts import TestResult

__all__ = ["Finding", "Proof"]


@dataclass(frozen=True)
class Finding:
    """Something that a suite does not show.

    Attributes:
        kind: what it is about: `stub`, `wrong work`.
        words: what is wrong, and where.
    """

    kind: str
    words: str


@dataclass(frozen=True)
class Proof:
    """What one exercise's suites were tried with, and what came of it.

    Attributes:
        graded: each case with what it got, the solution first.
        accepted: what the course says may be found.
        without_hints: functions that have no hints for a student who has written nothing yet, where
            others of the exercise have some.
    """

    exercise: Exercise
    graded: tuple[tuple[Case, Graded], ...]
    accepted: Accepted = field(default_factory=Accepted)
    without_hints: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in the order of the cases; of a broken suite, only what breaks it."""
        broken = [Finding(Kind.SOLUTION, words) for words in self._broken()]
        if broken:
            return tuple(broken)
        found = [
            Finding(case.kind, words) for case, got in self.graded for words in self._of(case, got)
        ]
        mutants = faults_of(self.mutants, self.accepted.mutants, self._functions)
        return (
            *found,
            *self._blank_pages(),
            *self._rules(),
            *(Finding(Kind.MUTANT, words) for words in mutants),
        )

    @cached_property
    def mutants(self) -> tuple[TriedMutant, ...]:
        """What became of the mutants, in the order of the solution's lines."""
        listed = self.accepted.mutants
        return tuple(tried(case.mutant, got, listed) for case, got in self.graded if case.mutant)

    def of_kind(self, kind: Kind) -> dict[str, tuple[Case, Graded]]:
        """Return the cases of a kind by name, with what each got."""
        return {case.name: (case, got) for case, got in self.graded if case.kind is kind}

    @cached_property
    def seconds(self) -> float:
        """How long grading took, all processes together."""
        return sum(got.seconds for _, got in self.graded)

    @cached_property
    def _functions(self) -> dict[str, set[str] | None]:
        """Return which functions the works with each mistake change; None for any."""
        solution = self.graded[0][0].files
        found: dict[str, set[str] | None] = {}
        for case, _ in self.graded:
            if case.work and case.work.mistake:
                changed = changed_functions(solution, case.files)
                known = found.setdefault(case.work.mistake, set())
                both = None if changed is None or known is None else changed | known
                found[case.work.mistake] = both
        return found

    def _of(self, case: Case, got: Graded) -> Iterator[str]:
        """Say what is wrong with what a case got."""
        if not got.results and case.kind is not Kind.MUTANT:
            yield f"{case.name or case.kind}: it ended the process that graded it"
            return
        match case.kind:
            case Kind.SOLUTION:
                yield from got.coinciding
            case Kind.STUB:
                yield from _other_than(Verdict.NOT_STARTED, got.hidden.values(), "the stub")
            case Kind.RIGHT:
                yield from _other_than(Verdict.PASSED, got.results, case.name)
            case Kind.WRONG if case.work:
                yield from _wrong_work(case.work, got)
            case Kind.WITHOUT_IDS if case.work:
                yield from _false_names(case.work, got)
            case Kind.JUNK:
                yield from self._junk(case, got)
            case _:
                pass

    def _broken(self) -> Iterator[str]:
        """Say what keeps the suites from judging anything."""
        _, got = self.graded[0]
        if got.results:
            yield from _other_than(Verdict.PASSED, got.results, "the solution")

    def _blank_pages(self) -> Iterator[Finding]:
        for part in self.without_hints:
            words = f"{part} has no hints under [{NOT_STARTED}.{self.exercise.name}]"
            yield Finding(Kind.STUB, words)

    def _rules(self) -> Iterator[Finding]:
        """Say which rules for names do not hold, and which are left aside without need."""
        broken = {each: case.kind for case, got in reversed(self.graded) for each in got.breaches}
        for each, kind in broken.items():
            if each.mistake not in self.accepted.rules.get(each.rule, {}):
                yield Finding(kind, each.words)
        needed = {(each.rule, each.mistake) for each in broken}
        for rule, mistakes in self.accepted.rules.items():
            for mistake in mistakes:
                if (rule, mistake) not in needed:
                    words = f"{FILE} lists what is not so: {mistake} under {rule}"
                    yield Finding(Kind.SOLUTION, words)

    def _junk(self, case: Case, got: Graded) -> Iterator[str]:
        for result in got.results:
            if result.verdict is Verdict.GRADER_FAULT:
                yield f"{case.name}: {result.name} is a grader fault: {result.message.news}"
        score, _ = totals(got.hidden.values())
        if score >= self.exercise.points:
            yield f"{case.name}: a function that returns junk loses no point"


def _other_than(verdict: Verdict, results: Iterable[TestResult], what: str) -> Iterator[str]:
    """Say which tests gave something else than the verdict that they must give."""
    for result in results:
        if result.verdict is not verdict:
            words = f"{what} is {result.verdict.words} in {result.name}, not {verdict.words}"
            news = result.message.news
            yield f"{words}: {news}" if news else words


def _wrong_work(work: Work, got: Graded) -> Iterator[str]:
    """Say what is not as the course has it: which test catches a work, its name, its costs."""
    cases = [each for name, each in got.hidden.items() if name.partition("[")[0] == work.test]
    if not cases:
        yield f"{work.name}: there is no hidden test {work.test}"
        return
    # of a test with parameters, one case is enough
    caught = next((each for each in cases if each.verdict is not Verdict.PASSED), cases[0])
    if caught.verdict is not work.verdict:
        yield f"{work.name}: {work.test} says {caught.verdict.words}, not {work.verdict.words}"
    if caught.mistake != work.mistake:
        named = f"names it {caught.mistake}" if caught.mistake else "does not name it"
        yield f"{work.name}: {work.test} {named}; it is {work.mistake or 'to have no name'}"
    yield from _false_names(work, got)
    score, maximum = totals(got.hidden.values())
    if work.lost is not None and work.lost != maximum - score:
        yield f"{work.name}: it costs {maximum - score:g} points, not {work.lost:g}"


def _false_names(work: Work, got: Graded) -> Iterator[str]:
    """Say where a work gets the name of a mistake that it does not have."""
    for name in sorted(got.names - {work.mistake}):
        tests = ", ".join(each.name for each in got.results if each.mistake == name)
        yield f"{work.name}: {name} is named in {tests}, which it is not"
