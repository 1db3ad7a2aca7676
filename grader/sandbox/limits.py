"""What a submission may use: usually, in one exercise, and where the command line says so."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Self

import msgspec

from grader.courses.limits import LIMITS, TIMES
from grader.guest.process.limits import GuestLimits

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["UNLIMITED", "Limits"]

GUEST = "guest."


class Limits(msgspec.Struct, frozen=True):
    """What one submission may use.

    Attributes:
        guest: what the sandbox itself holds it to.
        load_s: wall time for a file to be loaded.
        call_s: wall time of one call.
        call_after_timeout_s: wall time of a call once another has timed out.
        exercise_s: wall time of all calls for one exercise.
        output_bytes: how much of what it prints is kept.
        fixed: names of those that no exercise changes.
    """

    guest: GuestLimits = GuestLimits()
    load_s: float = 20.0
    call_s: float = 10.0
    call_after_timeout_s: float = 2.0
    exercise_s: float = 60.0
    output_bytes: int = 64 * 2**10
    fixed: tuple[str, ...] = ()

    @classmethod
    def of_call(cls, call_s: float) -> Self:
        """Return limits for all exercises that fit what one call may take."""
        after = min(call_s, cls().call_after_timeout_s)
        return cls(load_s=2 * call_s, call_s=call_s, call_after_timeout_s=after, fixed=TIMES)

    def asked(self, values: Mapping[str, float]) -> Limits:
        """Return limits of which some, by name, are others, whatever an exercise says."""
        return msgspec.structs.replace(self._with(values), fixed=(*self.fixed, *values))

    def of(self, own: Mapping[str, float]) -> Limits:
        """Return the limits of an exercise, from those that it has of its own, by name."""
        changed = {name: value for name, value in own.items() if name not in self.fixed}
        return msgspec.structs.replace(self._with(changed), fixed=())

    def _with(self, values: Mapping[str, float]) -> Limits:
        fields = {LIMITS[name].field: value for name, value in values.items()}
        inner = {
            field.removeprefix(GUEST): fields.pop(field)
            for field in [*fields]
            if field.startswith(GUEST)
        }
        guest = msgspec.structs.replace(self.guest, **inner)
        after = min(self.call_after_timeout_s, fields.get("call_s", self.call_s))
        return msgspec.structs.replace(self, guest=guest, call_after_timeout_s=after, **fields)


UNLIMITED = Limits(
    load_s=math.inf,
    call_s=math.inf,
    call_after_timeout_s=math.inf,
    exercise_s=math.inf,
    fixed=TIMES,
)
