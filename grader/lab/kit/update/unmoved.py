"""Why a training step left the weights as they were, where what it did says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.suite import Answer

__all__ = ["why_unmoved"]


def why_unmoved(answer: Answer) -> tuple[str, ...]:
    """Name the mistake behind such weights; nothing where an update found gradients."""
    trace = answer["trace"].text
    if "B" not in trace:
        return ("backward-never-called",)
    if "U" in trace:
        return ()
    if "u" in trace:
        too_early = trace.index("u") < trace.index("B")
        return ("step-before-backward" if too_early else "gradients-gone-before-the-step",)
    return ("step-not-taken",) if trace.endswith("g") else ()
