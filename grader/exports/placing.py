"""Where an export goes; what stands there is replaced only if it is ours, as we left it."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError
from grader.files.replacing import replace, replacing_bytes
from grader.text.wording import encodable

if TYPE_CHECKING:
    from pathlib import Path

    from grader.exports.formats import Format, Outcome, Request

__all__ = ["LEDGER", "write_export"]

LEDGER = ".grader-exports.json"  # beside results.json: path and digest of each file we exported


def write_export(wanted: Format, request: Request, target: Path, *, force: bool = False) -> Outcome:
    """Write an export in one step.

    Args:
        wanted: the format.
        request: what is asked for.
        target: the file. POSIX paths; its folder must be there.
        force: whether to replace a file that is not ours, or was changed since we wrote it.

    Raises:
        UsageError: something else stands there, it can't be written, or the format can't do what
            is asked. What was there is as it was then.
    """
    ledger = _read(request.folder / LEDGER)
    _require_replaceable(target, ledger, force=force)
    try:
        with replacing_bytes(target) as file:
            outcome = wanted.render(request, file)
        digest = _digest(target)
    except OSError as error:
        raise UsageError(f"{target} can't be written: {error.strerror or error}") from error
    _keep(request.folder / LEDGER, ledger | {_key(target): digest})
    return outcome


def _require_replaceable(target: Path, ledger: dict[str, str], *, force: bool) -> None:
    if not os.path.lexists(target):
        return
    if target.is_dir():
        raise UsageError(f"{target} is a folder: name a file with --output")
    if not force and (target.is_symlink() or ledger.get(_key(target)) != _digest(target)):
        raise UsageError(
            f"{target} is there, and `grader export` did not write it from these results, or it "
            "was changed since: name another one with --output, or replace it with --force"
        )


def _read(ledger: Path) -> dict[str, str]:
    """Return what is known of earlier exports: without a ledger, nothing."""
    try:
        return msgspec.json.decode(ledger.read_bytes(), type=dict[str, str])
    except (OSError, UnicodeDecodeError, msgspec.DecodeError):
        return {}


def _keep(ledger: Path, content: dict[str, str]) -> None:
    with suppress(OSError):  # in a folder that can only be read: --force is asked for next time
        replace(ledger, msgspec.json.format(msgspec.json.encode(content)).decode())


def _key(path: Path) -> str:
    return encodable(str(path.absolute()))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
