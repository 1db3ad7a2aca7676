"""What students hand in: right and wrong modules, notebooks, stubs and zips, as bytes."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lab_works import text_of, wrong_work

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EX01", "EX03", "notebook", "right", "stub", "wrong", "zipped"]

ROOT = Path(__file__).resolve().parents[2]
EX01, EX03 = "ex01_losses", "ex03_log_softmax"
MISTAKES = {EX01: "half-left-out", EX03: "softmax-over-batch"}
PACKED_AT = (2026, 11, 18, 12, 0, 0)


def right(exercise: str, who: str) -> bytes:
    """Return a right module that no one else of the class has byte for byte."""
    return _signed(_read(f"solutions/{exercise}.py"), who)


def wrong(exercise: str, who: str) -> bytes:
    """Return a module with one mistake."""
    return _signed(_wrong(exercise), who)


def stub(exercise: str, kind: str = ".py") -> bytes:
    """Return an exercise as it is given out."""
    return _read(f"exercises/{exercise}{kind}")


def notebook(module: bytes) -> bytes:
    """Return a notebook with a module in its one code cell."""
    cell: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "everything",
        "metadata": {},
        "outputs": [],
        "source": module.decode(),
    }
    top = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(top, indent=1).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files; the same ones give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, PACKED_AT), content)
    return buffer.getvalue()


@cache
def _wrong(exercise: str) -> bytes:
    return text_of(wrong_work(exercise, MISTAKES[exercise])).encode()


@cache
def _read(path: str) -> bytes:
    return (ROOT / path).read_bytes()


def _signed(module: bytes, who: str) -> bytes:
    return module + f"\n# handed in by {who}\n".encode()
