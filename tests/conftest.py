"""What several tests need: the warm sandbox, and one grading session for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from grader.sandbox.command import Isolation, Limits
from grader.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

# short deadlines: what is to time out does so in every test that provokes it
QUICK = Limits(load_s=2.0, call_s=2.0, call_after_timeout_s=0.5, exercise_s=20.0)

torch.set_num_threads(1)  # two threads wait for each other where two cores are busy


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Return a warm bubblewrap sandbox with short deadlines."""
    with Sandbox(Isolation.BUBBLEWRAP, "cpu", QUICK) as warm:
        yield warm
