"""Run a few lines among the student's names, as at a keyboard: make an object, use it, ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.guest.submission import StudentModule

__all__ = ["LABEL", "run_session"]

LABEL = "<session>"


def run_session(
    code: str, gives: str, names: Sequence[str], student: StudentModule, *values: object
) -> Any:
    """Run code among the names of the student's module, and return what an expression then gives.

    Args:
        code: statements.
        gives: the expression.
        names: what the values are called there.
        student: the module.
        *values: what the code may use beside it.

    Raises:
        BaseException: what the code raised; where it needs a name that the module does not have,
            the same as for a function that is not there.
    """
    there: dict[str, Any] = dict(vars(student._module))  # noqa: SLF001 - what a probe may touch
    there.update(zip(names, values, strict=True))
    try:
        exec(compile(code, LABEL, "exec"), there)  # noqa: S102 - the suite's, as a probe is
        return eval(compile(gives, LABEL, "eval"), there)  # noqa: S307 - same
    except NameError as error:
        if error.name and _raised_here(error):
            student[error.name]
        raise


def _raised_here(error: BaseException) -> bool:
    """Whether the session's own lines raised it, and no function that they call."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return step is not None and step.tb_frame.f_code.co_filename == LABEL
