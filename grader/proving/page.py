"""The page of a proof: what was tried, what was found, what became of every mutant."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from grader.proving.cases import Kind
from grader.proving.mutation import Fate
from grader.reports.pages import Pages
from grader.text.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.courses import Course, Exercise
    from grader.proving.certificate import Certificate
    from grader.proving.proof import Proof

__all__ = ["proof_page"]

CSS = {
    Fate.SURVIVED: "wrong",
    Fate.EQUIVALENT: "missing",
    Fate.CAUGHT: "passed",
    Fate.NAMED: "passed",
}
LABELS = {
    Kind.RIGHT: "right works",
    Kind.WRONG: "wrong works",
    Kind.WITHOUT_IDS: "of them without ids too",
    Kind.JUNK: "with junk",
    Kind.MUTANT: "mutants",
}
SIGNS = {
    Fate.SURVIVED: "\N{BALLOT X}",
    Fate.EQUIVALENT: "=",
    Fate.CAUGHT: "\N{CHECK MARK}",
    Fate.NAMED: "\N{CHECK MARK}",
}


@dataclass(frozen=True)
class _Mark:
    """A word with its sign, so that no page needs colour."""

    css: str
    sign: str
    words: str


_HOLDS = _Mark("passed", "\N{CHECK MARK}", "holds")
_FAILS = _Mark("wrong", "\N{BALLOT X}", "does not hold")


@dataclass(frozen=True)
class _Mutant:
    """A line of the table of mutants."""

    place: str
    words: str
    was: str
    now: str
    mark: _Mark
    more: str


@dataclass(frozen=True)
class _Chance:
    """A test that failed by chance."""

    test: str
    failures: int
    bound: str


@dataclass(frozen=True)
class _Section:
    """An exercise."""

    title: str
    name: str
    mark: _Mark
    counts: tuple[tuple[str, str], ...]
    findings: tuple[tuple[str, str], ...]
    mutants: tuple[_Mutant, ...]
    certificate: str
    chances: tuple[_Chance, ...]


@dataclass(frozen=True)
class _Operator:
    """A line of the table of operators."""

    name: str
    mutants: int
    named: int
    caught: int
    equivalent: int
    survived: int


@dataclass(frozen=True)
class _Footer:
    """What stands at the end of every page."""

    facts: tuple[tuple[str, str], ...]
    warning: str = ""


@dataclass(frozen=True)
class _Page:
    """What the template shows."""

    title: str
    lead: str
    sections: tuple[_Section, ...]
    operators: tuple[_Operator, ...]
    footer: _Footer


def proof_page(
    course: Course, proofs: Sequence[Proof], certificates: Mapping[Exercise, Certificate]
) -> str:
    """Return the page as HTML; it needs no other file."""
    found = sum(len(proof.findings) for proof in proofs)
    found += sum(not each.holds for each in certificates.values())
    words = f"{found} to look at" if found else "nothing to look at"
    count = sum(len(proof.graded) for proof in proofs)
    of = plural(len(proofs), "exercise")
    made = datetime.now().astimezone().strftime("%d %B %Y, %H:%M")
    page = _Page(
        title=f"{course.title}: what its tests are worth",
        lead=f"{count} submissions were tried on the tests of {of}: {words}.",
        sections=tuple(_section(proof, certificates.get(proof.exercise)) for proof in proofs),
        operators=_operators(proofs),
        footer=_Footer((("Made", made),)),
    )
    return Pages().proof(page)


def _section(proof: Proof, certificate: Certificate | None) -> _Section:
    holds = proof.holds and (certificate is None or certificate.holds)
    mark = _HOLDS if holds else _FAILS
    kinds = Counter(case.kind for case, _ in proof.graded)
    fates = Counter(each.fate for each in proof.mutants)
    tried = (Kind.RIGHT, Kind.WRONG, Kind.WITHOUT_IDS, Kind.JUNK, Kind.MUTANT)
    counts = [(LABELS[kind], str(kinds[kind])) for kind in tried if kinds[kind]]
    counts += [(f"of them {fate}", str(fates[fate])) for fate in Fate if fates[fate]]
    return _Section(
        title=proof.exercise.title,
        name=proof.exercise.name,
        mark=mark,
        counts=tuple(counts),
        findings=tuple((each.kind, each.words) for each in proof.findings),
        mutants=tuple(_mutants(proof)),
        certificate=_certificate(certificate),
        chances=_chances(certificate),
    )


def _mutants(proof: Proof) -> Iterable[_Mutant]:
    """Give the mutants; those that survive come first."""
    for each in sorted(proof.mutants, key=lambda each: list(Fate).index(each.fate)):
        mutant = each.mutant
        where = f"{mutant.function}, " if mutant.function else ""
        more = ", ".join(each.names) or each.reason or ", ".join(each.tests)
        yield _Mutant(
            place=f"{where}line {mutant.line}",
            words=f"{mutant.operator}: {mutant.words}",
            was=mutant.was,
            now=mutant.now,
            mark=_Mark(CSS[each.fate], SIGNS[each.fate], each.fate),
            more=more,
        )


def _certificate(certificate: Certificate | None) -> str:
    if certificate is None:
        return ""
    failures = sum(certificate.failures.values())
    bound = f"{certificate.bound(''):.2%}"
    if not failures:
        never = f"no test failed, so each fails in less than {bound} of runs"
        return f"{certificate.runs} runs with other data: {never} (95 % confidence)."
    return f"{certificate.runs} runs with other data: these tests failed the solution."


def _chances(certificate: Certificate | None) -> tuple[_Chance, ...]:
    if certificate is None:
        return ()
    return tuple(
        _Chance(test, count, f"{certificate.bound(test):.2%}")
        for test, count in certificate.failures.items()
    )


def _operators(proofs: Sequence[Proof]) -> tuple[_Operator, ...]:
    """Count what became of each operator's mutants."""
    fates: dict[str, Counter[Fate]] = {}
    for each in (each for proof in proofs for each in proof.mutants):
        fates.setdefault(each.mutant.operator, Counter())[each.fate] += 1
    return tuple(
        _Operator(
            name,
            counts.total(),
            counts[Fate.NAMED],
            counts[Fate.CAUGHT],
            counts[Fate.EQUIVALENT],
            counts[Fate.SURVIVED],
        )
        for name, counts in sorted(fates.items())
    )
