"""`bundle.toml`: what a bundle grades, as its run reads it and an instructor may change it."""

from __future__ import annotations

import json
import tomllib
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from grader.bundles.platform import Order

__all__ = ["COURSE", "Bundle", "Visibility", "read_bundle", "settings_file"]

FILE = "bundle.toml"
COURSE = "course"  # the folder of a course, in every bundle
HEAD = "# What this bundle grades. After a change, give the platform all of the bundle again."
FOLDER = 'course = "{}"  # the folder beside this file'
NAMES = "exercises = {}  # [] for all exercises of the course"
SHOWN = """# When students see the hidden tests, and with them the score: visible (at once),
# after_due_date, after_published, or hidden. They see the public checks at once, always.
hidden_tests = "{}"
"""


class Visibility(StrEnum):
    """When students see a test, in Gradescope's words."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


class Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of a bundle.

    Attributes:
        platform: which one it is for.
        course: its folder in the bundle; empty for the one that the grader carries.
        exercises: names of those that count; empty for all.
        hidden_tests: when students see them, where the platform can tell.
    """

    platform: str
    course: str = ""
    exercises: tuple[str, ...] = ()
    hidden_tests: Visibility = Visibility.AFTER_PUBLISHED


def settings_file(platform: str, order: Order, *, can_hide: bool = False) -> tuple[str, bytes]:
    """Return the file, by its name; `can_hide` tells whether the platform knows visibilities."""
    folder = [FOLDER.format(COURSE)] if order.has_own_course else []
    names = NAMES.format(json.dumps([each.name for each in order.exercises]))
    shown = [SHOWN.format(Visibility.AFTER_PUBLISHED.value)] if can_hide else []
    lines = [HEAD, f'\nplatform = "{platform}"', *folder, names, *shown, ""]
    return FILE, "\n".join(lines).encode()


def read_bundle(folder: Path) -> Bundle:
    """Read the settings in a bundle's folder.

    Raises:
        UsageError: they are not there, or are none.
    """
    file = folder / FILE
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Bundle)
    except (OSError, ValueError) as error:  # msgspec's and TOML's errors are of the latter kind
        raise UsageError(f"{file} can't be read: {error}") from error
