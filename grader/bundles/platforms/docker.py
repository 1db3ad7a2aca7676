"""For one's own CI: a folder from which `docker build` makes an image with this grader in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.bundles.contents import grader_and_course, installing
from grader.bundles.platform import Order, Platform, from_template
from grader.bundles.settings import COURSE
from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PLATFORM"]


def _files(order: Order) -> Iterator[tuple[str, bytes]]:
    if order.exercises:
        raise UsageError("in the container, `grade --exercise` says what counts: leave it out here")
    below = f"/{COURSE}" if order.has_own_course else ""
    course = f" --course /opt/bundle{below}" if below else ""  # else the grader carries it
    yield "README.md", from_template("docker/README.md", course=course)
    yield "Dockerfile", from_template("docker/Dockerfile", below=below)
    yield from installing(order)
    yield from grader_and_course(order)


PLATFORM = Platform("docker", _files, "Its README.md says how to build and run the image.")
