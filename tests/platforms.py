"""Run a bundle as its platform does: at the platform's own paths, and without a network.

What a platform's set-up installs is this environment here, and in it the wheel of the bundle.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["INSTALLED", "run_inside", "unpacked"]

INSTALLED = "/opt/grader"  # where set-ups put it
WHEEL = "/opt/wheel"
APART = ("/opt", "/root")  # has what is put there; may have this Python, which others must reach


def unpacked(bundle: Path, folder: Path) -> Path:
    """Unpack a zip as a platform does, with programs that can be run; return the folder."""
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
        for entry in archive.infolist():
            (folder / entry.filename).chmod(entry.external_attr >> 16)
    return folder


def run_inside(
    command: list[str],
    places: Mapping[str, Path],
    wheel: Path | None = None,
    *,
    container: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a command where some folders are found under other names.

    Args:
        command: what the platform runs.
        places: the folders, by where they are there.
        wheel: of the grader, if the platform's set-up has installed one.
        container: whether what makes bubblewrap's sandbox is forbidden, as in a container.
    """
    options = ["--tmpfs", "/", *_machine(Path("/"), hidden=places), "--unshare-net"]
    options += ["--ro-bind", sys.prefix, INSTALLED]
    for name, place in places.items():
        options += ["--bind", str(place), name]
    if wheel:
        folder = wheel.parent / f"{wheel.name}.unpacked"
        if not folder.exists():
            zipfile.ZipFile(wheel).extractall(folder)
        options += ["--bind", str(folder), WHEEL, "--setenv", "PYTHONPATH", WHEEL]
    if container:  # whoever sees part of a /proc alone can't mount another
        options += ["--unshare-pid", "--proc", "/proc"]
    return subprocess.run(
        ["bwrap", *options, "--chdir", "/", *command],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def _machine(root: Path, hidden: Mapping[str, Path]) -> Iterator[str]:
    """Show this machine as it is, but for what lies where the platform has its own folders."""
    for place in sorted(root.iterdir()):
        name = str(place)
        if place.is_symlink():
            yield from ("--symlink", str(place.readlink()), name)
        elif name in APART:
            yield from ("--perms", "0755", "--dir", name, *_machine(place, hidden))
        elif name not in {*hidden, INSTALLED, WHEEL} and (place.is_dir() or place.is_file()):
            yield from ("--dev-bind", name, name)
