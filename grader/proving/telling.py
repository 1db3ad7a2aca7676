"""A proof in the terminal: a line per exercise, and below it what was found."""

from __future__ import annotations

from collections import Counter
from textwrap import indent
from typing import TYPE_CHECKING

from grader.proving.accepted import FILE, entry_for
from grader.proving.cases import Kind
from grader.proving.mutation import Fate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.proving.certificate import Certificate
    from grader.proving.proof import Proof

__all__ = ["chances", "details", "line_of"]


def line_of(proof: Proof) -> str:
    """Return what was tried and how much was found, in one line."""
    sign = "\N{CHECK MARK}" if proof.holds else "\N{BALLOT X}"
    fates = Counter(each.fate for each in proof.mutants)
    parts = [
        f"{len(proof.of_kind(Kind.WRONG))} wrong works",
        f"{len(proof.of_kind(Kind.RIGHT))} right",
        f"{len(proof.mutants)} mutants ({fates[Fate.NAMED]} named, {fates[Fate.CAUGHT]} caught, "
        f"{fates[Fate.EQUIVALENT]} equivalent, {fates[Fate.SURVIVED]} survived)",
    ]
    found = f"{len(proof.findings)} found" if proof.findings else "nothing found"
    return f"{sign} {proof.exercise.name}: {', '.join(parts)}; {found}"


def details(proof: Proof) -> Iterator[str]:
    """Give the lines that say what was found."""
    for finding in proof.findings:
        yield f"  {finding.kind}: {finding.words}"
    survivors = [each.mutant for each in proof.mutants if each.fate is Fate.SURVIVED]
    if survivors:
        yield f"  Where no test need see a mutant, {FILE} says so, with the reason:"
    for mutant in survivors:
        yield ""
        yield indent(entry_for(proof.exercise, mutant), "    ")


def chances(certificate: Certificate) -> Iterator[str]:
    """Give how often tests failed the solution by chance, and how often they may."""
    sign = "\N{CHECK MARK}" if certificate.holds else "\N{BALLOT X}"
    begin = f"{sign} {certificate.exercise.name}: {certificate.runs} runs with other data"
    if certificate.holds:
        yield f"{begin}, no failure; a test fails in less than {certificate.bound(''):.2%} of runs"
        return
    yield f"{begin}, {sum(certificate.failures.values())} failures"
    for test, count in certificate.failures.items():
        yield f"  {test}: {count} times, so in up to {certificate.bound(test):.2%} of runs"
