"""The lab's own digits for a notebook that runs in Jupyter, as when it is graded."""

from __future__ import annotations

__all__ = ["use_lab_digits"]


def use_lab_digits() -> None:
    """Let `torchvision.datasets.MNIST` find the lab's digits, or the user's, in this process.

    Nothing is downloaded then. `data/README.md` says where the files are.

    Raises:
        UsageError: the user names a folder that lacks one of the files.
    """
    from grader.courses import carried_course

    carried_course().code.prepare_for(None)
