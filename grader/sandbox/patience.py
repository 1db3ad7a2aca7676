"""How long work is waited for: time in which nobody could compute is none of its own."""

from __future__ import annotations

from time import monotonic, process_time

__all__ = ["Patience"]

STEP_S = 0.25  # who waits looks at the clock as often, or would not see that it stood still
LATE_S = 0.25  # who wakes up so much later has not just waited for a core
# of its time work may take at most, where it waits for what others do on a busy machine
LONGEST = 3


class Patience:
    """Counts down the time of one question.

    Where a whole machine stands still, its clock goes on: a virtual one that is paused or moved, a
    container that is frozen, a system that swaps. No work was done meanwhile, so what the process
    that waits has overslept does not count, unless it computed itself.
    """

    def __init__(self, time_s: float) -> None:
        self._seen, self._computed_s = monotonic(), process_time()
        self._deadline, self._latest = self._seen + time_s, self._seen + LONGEST * time_s

    def left_s(self) -> float:
        """Return how much is left; ask at least every `STEP_S`."""
        before, computed_s = self._seen, self._computed_s
        self._look()
        still_s = self._seen - before - (self._computed_s - computed_s) - STEP_S
        if still_s > LATE_S:
            self._deadline += still_s
            self._latest += still_s
        return self._deadline - self._seen

    def give_back(self, waited_s: float) -> float:
        """Give back for what others had of the machine; return how much is left of it."""
        more_s = min(self._latest - self._deadline, waited_s)
        self._deadline += more_s
        self._look()
        return more_s

    def _look(self) -> None:
        self._seen, self._computed_s = monotonic(), process_time()
