"""What the machine is, and what it has: packages, GPU, cores, memory, disk, data."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
from importlib import metadata
from typing import TYPE_CHECKING

from grader.doctor.checks import Check, State
from grader.errors import GraderError, UsageError
from grader.runs import devices
from grader.runs.devices import DRIVER, resolve_device
from grader.sandbox.seccomp import filter_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.courses import Course
    from grader.courses.code.course_code import CourseCode

__all__ = ["cores", "data", "disk", "gpu", "memory", "packages", "required", "system"]

GB = 2**30
JOB_GB = round(devices.JOB_BYTES / GB, 1)
DISK_BYTES = GB  # a report with its pictures takes about 100 KB
SUMS = "SHA256SUMS"  # beside files, as `sha256sum` writes it


def system() -> Check:
    """Look for Linux on a machine whose system calls are known."""
    found = f"{platform.system()} {platform.release()} on {platform.machine()}"
    if platform.system() != "Linux":
        mend = "grade on Linux: a virtual machine, WSL 2 or a server; `check` and `watch` run here"
        return Check("Linux", State.FAIL, found, mend)
    try:
        filter_program()
    except GraderError as error:
        return Check("Linux", State.FAIL, f"{found}: {error}", "grade on x86_64 or aarch64")
    return Check("Linux", State.OK, found)


def packages() -> Iterator[Check]:
    """Look for torch and a torchvision that was built for it."""
    yield Check("Python", State.OK, platform.python_version())
    version = metadata.version("torch")
    yield Check("torch", State.OK, version)
    wanted = [line for line in metadata.requires("torchvision") or () if re.match(r"torch\W", line)]
    pinned = re.search(r"==\s*([\d.]+)", wanted[0]) if wanted else None
    found = metadata.version("torchvision") + (f", for torch {pinned[1]}" if pinned else "")
    if pinned and pinned[1] != version.split("+")[0]:
        mend = f"install the torchvision that belongs to torch {version}"
        yield Check("torchvision", State.FAIL, found, mend)
    else:
        yield Check("torchvision", State.OK, found)


def gpu() -> Check:
    """Look for a GPU; grading on the CPU needs none."""
    if not DRIVER.exists():
        return Check("GPU", State.OK, "none; grading computes on the CPU")
    if resolve_device("auto") == "cuda":
        return Check("GPU", State.OK, "torch sees one; --device auto uses it")
    mend = "install a torch that fits the driver (`nvidia-smi` names it), or pass --device cpu"
    return Check("GPU", State.WARN, "a driver is loaded, and torch finds no GPU", mend)


def cores() -> Check:
    """Count the cores that may be used."""
    count = devices.cores()
    return Check("cores", State.OK, f"{count}: at most one submission per core is graded at once")


def memory() -> Check:
    """Compare the memory that is free with what a job on each core takes."""
    free, jobs = devices.available_memory(), devices.default_jobs()
    found = f"{free / GB:.1f} GB free: `grade` runs --jobs {jobs} by default, {JOB_GB} GB each"
    if free >= devices.cores() * devices.JOB_BYTES:
        return Check("memory", State.OK, found)
    mend = f"free some memory: one job per core needs {devices.cores() * JOB_GB:.1f} GB"
    return Check("memory", State.WARN, found, mend)


def disk(output: Path) -> Check:
    """Look for room where reports are to be written."""
    folder = next(place for place in (output, *output.absolute().parents) if place.is_dir())
    free = shutil.disk_usage(folder).free
    found = f"{free / GB:.1f} GB free in {folder}"
    if not os.access(folder, os.W_OK):
        mend = "name a folder that you may write to with --output"
        return Check("disk", State.WARN, f"{folder} can't be written to", mend)
    if free < DISK_BYTES:
        return Check("disk", State.WARN, found, "make room, or name another folder with --output")
    return Check("disk", State.OK, found)


def data(course: CourseCode) -> Check:
    """Look for the files that submissions may read, and compare them with their checksums."""
    try:
        files = course.data_files()
    except UsageError as error:
        return Check("data", State.FAIL, str(error), "put the course's data in their place")
    changed = [file for file in files if _is_changed(file)]
    if changed:
        found = f"{changed[0].name} in {changed[0].parent} is not what it was"
        return Check("data", State.FAIL, found, "put the course's data in their place again")
    folders = sorted({str(file.parent) for file in files})
    where = f" in {', '.join(folders)}" if folders else ""
    return Check("data", State.OK, f"{len(files)} files{where}")


def required(course: Course) -> Iterator[Check]:
    """Look for the packages that the course's submissions import."""
    for name in course.requires:
        if name in course.lacking:
            yield Check(name, State.FAIL, "can't be imported", "install it beside the grader")
        else:
            yield Check(name, State.OK, "can be imported")


def _is_changed(file: Path) -> bool:
    """Whether the list beside a file has another checksum for it."""
    sums = file.with_name(SUMS)
    if not sums.is_file():
        return False
    due = {name: digest for digest, name in map(str.split, sums.read_text("utf-8").splitlines())}
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return due.get(file.name, digest) != digest
