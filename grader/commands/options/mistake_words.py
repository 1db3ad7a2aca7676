"""What a new mistake is called and what students read of it: from options, or asked for."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.authoring.scaffolding import Said
    from grader.courses import Course, Exercise

__all__ = ["Asked", "confirmed"]

STEPS = ("remind", "point", "almost")  # the three hints


@dataclass(frozen=True)
class Asked:
    """What the command line says of a mistake."""

    slug: str
    sentence: str
    hints: tuple[str, ...]

    def require_possible(self, course: Course, exercise: Exercise) -> None:
        """Require that what is said can be written, before anything takes long.

        Raises:
            UsageError: it can't.
        """
        if self.slug:
            _require_slug(course, exercise, self.slug)
        if len(self.hints) > len(STEPS):
            raise UsageError(f"a mistake has three hints, not {len(self.hints)}")

    def complete(self, course: Course, exercise: Exercise, test: str) -> tuple[str, Said]:
        """Return what the mistake is called and what is said of it; ask for what is missing.

        Raises:
            UsageError: something is missing, and this is no terminal to ask in.
        """
        from grader.authoring.scaffolding import Said
        from grader.courses.mistakes import known_mistakes

        known = known_mistakes(course)
        lacking = self._lacking(is_known=self.slug in known)
        if lacking and not sys.stdin.isatty():
            raise UsageError(f"this is no terminal to ask in; add {' '.join(lacking)}")
        slug = self.slug or _new_slug(course, exercise)
        if slug in known:
            print(f"{slug} is known, and keeps its words: {known[slug].sentence}")
            return slug, Said(test=test)
        sentence = self.sentence or _answer("What happened, and what should happen? One sentence")
        steps = STEPS[len(self.hints) :]
        hints = (*self.hints, *(_answer(f"Hint ({step})") for step in steps))
        return slug, Said(sentence, hints, test)

    def _lacking(self, *, is_known: bool) -> list[str]:
        slug = [] if self.slug else ["--slug NAME"]
        if is_known:
            return slug
        sentence = [] if self.sentence else ["--sentence TEXT"]
        return [*slug, *sentence, *["--hint TEXT"] * (len(STEPS) - len(self.hints))]


def _new_slug(course: Course, exercise: Exercise) -> str:
    while True:
        slug = _answer("Name of the mistake, such as sum-not-mean")
        try:
            _require_slug(course, exercise, slug)
        except UsageError as error:
            print(error)
        else:
            return slug


def _require_slug(course: Course, exercise: Exercise, slug: str) -> None:
    """Require that a mistake can be called so; one that is noted may be named by another test."""
    from grader.authoring.scaffolding import require_new
    from grader.learning.teaching import is_noted

    if not is_noted(course, exercise, slug):
        require_new(course, exercise, slug)


def _answer(question: str) -> str:
    """Ask for a line."""
    try:
        return str(typer.prompt(question)).strip()
    except typer.Abort:
        raise KeyboardInterrupt from None


def confirmed(question: str, option: str) -> bool:
    """Ask whether something is wanted that an option could have said.

    Raises:
        UsageError: this is no terminal to ask in.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"this is no terminal to ask in; if you have read it, add {option}")
    try:
        return typer.confirm(question)
    except typer.Abort:
        raise KeyboardInterrupt from None
