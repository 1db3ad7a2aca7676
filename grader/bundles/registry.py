"""The platforms there are: a new one adds its module and its line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.bundles.platforms import docker, github, gradescope, prairielearn
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.bundles.platform import Platform

__all__ = ["PLATFORMS", "platform_named"]

PLATFORMS: dict[str, Platform] = {
    each.name: each
    for each in (gradescope.PLATFORM, prairielearn.PLATFORM, github.PLATFORM, docker.PLATFORM)
}


def platform_named(name: str) -> Platform:
    """Return a platform by its name.

    Raises:
        UsageError: there is none of that name.
    """
    if name.lower() not in PLATFORMS:
        raise UsageError(f"there is no platform {name!r}; there are {', '.join(PLATFORMS)}")
    return PLATFORMS[name.lower()]
