"""What the name of a downloaded file says, by which its LMS finds the student again."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["CanvasFile", "MoodleFile", "canvas_file", "moodle_file"]

# A text entry or a link has no attachment's number.
CANVAS = re.compile(
    r"(?:[^/]*?_)??(?:(?:LATE|late)_)?(?P<user>\d+|(?<![^/_])anon_[^_/]+)"
    r"_(?:(?P<attachment>\d+)_[^/]+|text\.html|link\.html)"
)
MOODLE = re.compile(r"(?:^|/)(?P<name>[^_/]+)_(?P<participant>\d+)_assign(?:submission|feedback)_")


@dataclass(frozen=True)
class CanvasFile:
    """A file of Canvas's download.

    Attributes:
        name: its name.
        user: the number of the user; empty where the assignment is anonymous.
        is_attachment: whether the student uploaded it, and did not type it into Canvas.
    """

    name: str
    user: str
    is_attachment: bool


@dataclass(frozen=True)
class MoodleFile:
    """A file or folder of Moodle's download.

    Attributes:
        name: the student's, as it stands there.
        participant: the student's number in this one assignment.
    """

    name: str
    participant: str


def canvas_file(handed_in_as: str) -> CanvasFile | None:
    """Read the name of a file in Canvas's download; None for any other name."""
    name = handed_in_as.rpartition("/")[2]
    if (found := CANVAS.fullmatch(name)) is None or "_assignsubmission_" in name:
        return None
    user = "" if found["user"].startswith("anon_") else found["user"]
    return CanvasFile(name, user, is_attachment=found["attachment"] is not None)


def moodle_file(handed_in_as: str) -> MoodleFile | None:
    """Read the name of a file or folder in Moodle's download; None for any other name."""
    if (found := MOODLE.search(handed_in_as)) is None:
        return None
    return MoodleFile(found["name"], found["participant"])
