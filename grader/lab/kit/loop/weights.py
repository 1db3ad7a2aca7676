"""What is asked about a training loop that was watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.suite import expect_beside, over_many_steps
from kit.loop.path import on_path, unmoved

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.suite import Answer
    from kit.loop.path import Case

__all__ = ["EPOCHS", "PARAMETERS", "expect_weights", "why_no_step"]

EPOCHS = "losses = [train_epoch(model, loader, criterion, optimizer) for epoch in range(epochs)]"

PARAMETERS = "the parameters afterwards"


def why_unmoved(answer: Answer) -> tuple[str, ...]:
    """Name the mistake behind weights that a loop left as they were; nothing if it moved them."""
    trace = answer["trace"].text
    return () if "S" in trace else why_no_step(trace)


def why_no_step(trace: str) -> tuple[str, ...]:
    """Name the mistake behind a loop's trace in which no step had a gradient."""
    if "B" not in trace:
        return ("backward-never-called",)
    if "s" not in trace:
        return ("step-not-taken",)
    first_step_is_first = trace.index("s") < trace.index("B")
    return ("step-before-backward" if first_step_is_first else "gradients-gone-before-the-step",)


def expect_weights(
    answers: Sequence[Answer],
    cases: Sequence[Case],
    mistakes: Mapping[str, Callable[..., object]],
    past: Mapping[str, Callable[..., object]] | None = None,
) -> None:
    """Require the weights of the right loop, or of a mistake in `past`, charged elsewhere."""
    expect_beside(
        [answer[PARAMETERS] for answer in answers],
        cases,
        right=on_path(lambda path: path.after(path.all)),
        past=past or {},
        mistakes=lambda: {**mistakes, **dict.fromkeys(why_unmoved(answers[0]), on_path(unmoved))},
        tolerance=over_many_steps(cases[0][0][0].dtype),
    )
