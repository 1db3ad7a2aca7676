"""What checks and hidden tests of log-probabilities both ask a submission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from grader.guest.probing import RecognisedError, RejectedError
from grader.suite import probe

if TYPE_CHECKING:
    from grader.suite import StudentModule

__all__ = ["criterion_value"]


@probe("build_criterion()(log_probabilities, labels)")
def criterion_value(student: StudentModule, log_probabilities: Tensor, labels: Tensor) -> object:
    """Compute the student's criterion on log-probabilities."""
    criterion = student.build_criterion()
    if isinstance(criterion, type):
        name = criterion.__name__
        raise RejectedError(f"`build_criterion()` gave back the class {name}.", "class-not-object")
    if not callable(criterion):
        raise RejectedError(f"`build_criterion()` gave back {type(criterion).__name__}.")
    try:
        return criterion(log_probabilities, labels)
    except RuntimeError as error:
        if isinstance(criterion, nn.MSELoss):
            raise RecognisedError("squared-error-for-classes") from error
        raise
