"""This grader as a wheel, made from what is installed here: a checkout's, or a package's."""

from __future__ import annotations

import base64
import hashlib
from importlib.metadata import distribution
from io import BytesIO
from typing import TYPE_CHECKING

from grader import __version__
from grader.courses import PACKAGE, carried_course, resource
from grader.courses.files import files_in
from grader.files.zipping import write_zip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["DISTRIBUTION", "WHEEL", "wheel"]

DISTRIBUTION = "nn-training-lab"
STEM = f"{DISTRIBUTION.replace('-', '_')}-{__version__}"
WHEEL = f"{STEM}-py3-none-any.whl"
INFO = f"{STEM}.dist-info"
CARRIED = ("exercises", "templates", "tests/redteam")  # beside the code, as `resource` finds them
FORMAT = f"""\
Wheel-Version: 1.0
Generator: {DISTRIBUTION} ({__version__})
Root-Is-Purelib: true
Tag: py3-none-any
"""


def wheel() -> bytes:
    """Return it; the same bytes each time for the same grader.

    Its data are those that submissions to the carried course read.
    """
    files = dict(sorted([*_code(), *_carried(), *_metadata()]))
    content = BytesIO()
    write_zip(content, [*files.items(), (f"{INFO}/RECORD", _record(files))])
    return content.getvalue()


def _code() -> Iterator[tuple[str, bytes]]:
    for path, file in files_in(PACKAGE).items():
        if "__pycache__" not in file.parts and not path.startswith("_lab/"):
            yield f"grader/{path}", file.read_bytes()


def _carried() -> Iterator[tuple[str, bytes]]:
    yield "grader/_lab/LICENSE", resource("LICENSE").read_bytes()
    for name in CARRIED:
        for path, file in files_in(resource(name)).items():
            if "__pycache__" not in file.parts:
                yield f"grader/_lab/{name}/{path}", file.read_bytes()
    for file in carried_course().code.data_files():
        place = file.resolve().relative_to(resource("data").resolve())
        yield f"grader/_lab/data/{place.as_posix()}", file.read_bytes()


def _metadata() -> Iterator[tuple[str, bytes]]:
    installed = distribution(DISTRIBUTION)
    for name in ("METADATA", "entry_points.txt"):
        yield f"{INFO}/{name}", (installed.read_text(name) or "").encode()
    yield f"{INFO}/WHEEL", FORMAT.encode()
    yield f"{INFO}/licenses/LICENSE", resource("LICENSE").read_bytes()


def _record(files: Mapping[str, bytes]) -> bytes:
    """List every file with its digest, as installers check it."""
    lines = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in files.items()]
    return "\n".join([*lines, f"{INFO}/RECORD,,", ""]).encode()


def _digest(content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
    return digest.decode().rstrip("=")
