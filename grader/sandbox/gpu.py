"""What a GPU's driver needs in the sandbox: its devices, and its libraries wherever they are.

The sandbox has no list of libraries (`/etc/ld.so.cache`), no `LD_LIBRARY_PATH` and no
`/etc/alternatives`, by one of which the loader finds the driver's libraries on many machines.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

__all__ = ["driver_folders", "gpu_devices"]

DEVICES = "nvidia*"
LIBRARIES = ("libcuda.so.1", "libnvidia-ml.so.1")
LISTED = re.compile(r"=> (\S+)$", re.MULTILINE)


def gpu_devices() -> list[Path]:
    """Return the devices of the GPUs and their driver, and the folders of such devices."""
    return sorted(Path("/dev").glob(DEVICES))


def driver_folders() -> list[Path]:
    """Return the folders of the driver's libraries that the loader would not find by itself."""
    named = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    folders = {*map(Path, filter(None, named)), *(file.parent for file in _listed())}
    places = (folder / name for folder in folders for name in LIBRARIES)
    return sorted({place.resolve().parent for place in places if place.is_file()} - _searched())


def _listed() -> list[Path]:
    """Return the driver's libraries that are in this machine's list."""
    ldconfig = shutil.which("ldconfig", path="/usr/sbin:/sbin")
    if ldconfig is None:
        return []
    done = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False)  # noqa: S603 - the system's own
    return [file for file in map(Path, LISTED.findall(done.stdout)) if file.name in LIBRARIES]


def _searched() -> set[Path]:
    """Return where the loader looks without being told."""
    multiarch = sysconfig.get_config_var("MULTIARCH") or ""
    roofs = [Path(roof, name) for roof in ("/", "/usr") for name in ("lib", "lib64")]
    return {each.resolve() for roof in roofs for each in (roof, roof / multiarch)}
