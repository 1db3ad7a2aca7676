"""Every download of the class, by the name that tests call it by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms import blackboard, brightspace, canvas, edges, folders, gradescope, moodle, sakai

if TYPE_CHECKING:
    from collections.abc import Callable

    from lms.packing import Download

__all__ = ["DOWNLOADS"]

_MAKERS: tuple[Callable[[], Download], ...] = (
    canvas.canvas,
    canvas.older,
    canvas.anonymous,
    canvas.groups,
    moodle.moodle,
    moodle.older,
    moodle.flat,
    moodle.blind,
    moodle.teams,
    gradescope.gradescope,
    blackboard.blackboard,
    blackboard.british,
    brightspace.brightspace,
    brightspace.underscores,
    brightspace.colons,
    brightspace.day_first,
    sakai.sakai,
    sakai.older,
    sakai.flat,
    sakai.without_grades,
    sakai.groups,
    folders.github,
    folders.nbgrader,
    folders.drive,
    folders.name_dash_file,
    folders.teams,
    folders.logins,
    folders.names,
    edges.backslashes,
    edges.code_page,
    edges.gbk,
    edges.unflagged_utf8,
    edges.decomposed,
    edges.macos,
)
DOWNLOADS = {download.name: download for download in (make() for make in _MAKERS)}
