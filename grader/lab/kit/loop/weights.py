"""What is asked about a training loop that was watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.suite import expect_beside, over_many_steps
from kit.loop.path import on_path, unmoved

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.suite import Answer
    from kit.loop.path import Case

__all__ = ["expect_weights"]


def why_unmoved(answer: Answer) -> str:
    """Name the mistake behind weights that a loop left as they were."""
    trace = answer["trace"].text
    if "B" not in trace:
        return "backward-never-called"
    if "s" not in trace:
        return "step-not-taken"
    first_step_is_first = trace.index("s") < trace.index("B")
    return "step-before-backward" if first_step_is_first else "gradients-gone-before-the-step"


def expect_weights(
    answers: Sequence[Answer],
    cases: Sequence[Case],
    mistakes: Mapping[str, Callable[..., object]],
    past: Mapping[str, Callable[..., object]] | None = None,
) -> None:
    """Require the weights of the right loop, or of a mistake in `past`, charged elsewhere."""
    stepped = "S" in answers[0]["trace"].text
    stuck = {} if stepped else {why_unmoved(answers[0]): on_path(unmoved)}
    remaining = iter(answers)
    expect_beside(
        lambda *_: next(remaining)["weights"],
        cases,
        right=on_path(lambda path: path.after(path.all)),
        past=past or {},
        mistakes={**mistakes, **stuck},
        tolerance=over_many_steps(cases[0][0][0].dtype),
    )
