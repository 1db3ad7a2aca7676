"""Which sandbox is used where nobody says: the strongest that this machine allows."""

from __future__ import annotations

from grader.doctor.isolation import obstacle_to_bubblewrap
from grader.errors import SandboxUnavailable
from grader.guest.walls.landlock import kernel_abi
from grader.sandbox.command import WITHOUT, Isolation, Wanted, require_isolation

__all__ = ["choose"]


def choose(wanted: Wanted) -> tuple[Isolation, str]:
    """Return the sandbox to use; and a line that says so, where it is weaker than nobody asked for.

    Each sandbox tries itself when it starts; one that does not hold is used by nobody.

    Raises:
        SandboxUnavailable: there is none of that kind here; the message says what to do.
    """
    if wanted is not Wanted.AUTO:
        isolation = Isolation(wanted.value)
        require_isolation(isolation)
        return isolation, ""
    problem = obstacle_to_bubblewrap()
    if not problem:
        return Isolation.BUBBLEWRAP, ""
    if not kernel_abi():
        raise SandboxUnavailable(f"{problem}{WITHOUT}")
    return Isolation.LANDLOCK, (
        f"Grading in the landlock sandbox, which is weaker: {problem}. "
        "SECURITY.md lists what it doesn't promise; `grader doctor` says what bubblewrap needs."
    )
