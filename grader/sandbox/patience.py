"""How long a child is waited for: time in which nobody could compute is none of its own."""

from __future__ import annotations

from time import monotonic

__all__ = ["Patience"]

STEP_S = 0.25  # the judge looks at its clock as often, or it would not see that it stood still
LATE_S = 0.25  # a judge that is awake so much later has not just waited for a core
# of its time a child may take at most, where it waits for what others do on a busy machine
LONGEST = 3


class Patience:
    """Counts down the time of one question.

    Where a whole machine stands still, its clock goes on: a virtual one that is paused or moved, a
    container that is frozen, a system that swaps. The child has done nothing meanwhile, so what
    the judge itself overslept does not count.
    """

    def __init__(self, time_s: float) -> None:
        self._seen = monotonic()
        self._deadline, self._latest = self._seen + time_s, self._seen + LONGEST * time_s

    def left_s(self) -> float:
        """Return how much is left; ask at least every `STEP_S`."""
        before, self._seen = self._seen, monotonic()
        still_s = self._seen - before - STEP_S
        if still_s > LATE_S:
            self._deadline += still_s
            self._latest += still_s
        return self._deadline - self._seen

    def give_back(self, waited_s: float) -> float:
        """Give back for what others had of the machine; return how much is left of it."""
        more_s = min(self._latest - self._deadline, waited_s)
        self._deadline += more_s
        self._seen = monotonic()
        return more_s
