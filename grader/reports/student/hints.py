"""Hints in steps, each folded away inside the one before."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Hint", "hint"]


@dataclass(frozen=True)
class Hint:
    """One step of a hint; the next one is folded away inside it."""

    label: str
    text: str
    following: Hint | None


def hint(text: str) -> Hint | None:
    """Fold the lines of a hint into each other, the first outermost."""
    steps = [line.strip() for line in text.splitlines() if line.strip()]
    folded: Hint | None = None
    for step in range(len(steps), 0, -1):
        folded = Hint(_label(step, len(steps)), steps[step - 1], folded)
    return folded


def _label(step: int, steps: int) -> str:
    if steps == 1:
        return "Hint"
    return f"Hint, step 1 of {steps}" if step == 1 else f"Next step, {step} of {steps}"
