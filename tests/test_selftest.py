"""Tests of the start-up self-test: a sandbox with a hole in it is refused, and the hole named."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import QUICK

from grader.errors import SandboxUnavailable
from grader.guest.crossing.wire import Raised
from grader.redteam.baits import Baits
from grader.sandbox import command, selftest
from grader.sandbox.command import Isolation
from grader.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from grader.guest.crossing.wire import Reply, Request

ALLOW_EVERYTHING = struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)  # one BPF instruction: return


def test_a_sandbox_that_holds_has_no_hole(sandbox: Sandbox) -> None:
    """Nothing that is tried in the sandbox of the tests gets through."""
    session = sandbox.open()
    found = selftest.holes(session, QUICK.guest, Isolation.BUBBLEWRAP)
    session.end()

    assert found == []


def test_a_long_folder_for_temporary_files_keeps_nobody_from_trying(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cluster's folder for a job may be longer than a socket's path; attacks have theirs, too."""
    folder = tmp_path / ("x" * 100)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    session = sandbox.open()
    found = selftest.holes(session, QUICK.guest, Isolation.BUBBLEWRAP)
    session.end()

    assert found == []
    with Baits() as out:
        assert Path(str(out.known["socket"])).is_socket()
    assert list(folder.iterdir()) == []


def test_a_sandbox_in_which_the_gpu_can_t_be_used_is_refused(sandbox: Sandbox) -> None:
    """With the reason: else every submission would lose points by it."""
    session = sandbox.open()
    # the guest of the tests sees no GPU on any machine
    selftest.holes(session, QUICK.guest, Isolation.BUBBLEWRAP)
    with pytest.raises(SandboxUnavailable, match=r"can't use the GPU in the sandbox \(.*Error: "):
        selftest.require_gpu(session)
    session.end()


def test_a_sandbox_with_holes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its filter and with the machine's network, the sandbox does not even start."""
    options = command.namespace_options
    monkeypatch.setattr("grader.sandbox.sandbox.filter_program", lambda: ALLOW_EVERYTHING)
    monkeypatch.setattr(command, "namespace_options", lambda: [*options(), "--share-net"])

    with (
        pytest.raises(SandboxUnavailable, match="does not hold on this machine") as refused,
        Sandbox(Isolation.BUBBLEWRAP, "cpu", QUICK) as weak,
    ):
        del weak

    named = [hole for hole in str(refused.value).split(", ") if "this machine's network" in hole]
    assert len(named) == 1
    assert "signal the fork server" in str(refused.value)
    assert "leave shared memory behind" in str(refused.value)


class Broken:
    """A session whose probes fail."""

    def ask(self, request: Request, time_s: float) -> Reply:
        """Raise instead of answering."""
        del request, time_s
        return Raised("OSError", "no such device")


def test_a_sandbox_that_can_not_be_tried_is_refused() -> None:
    """Without an answer there is no proof, and without a proof there is no grading."""
    with pytest.raises(SandboxUnavailable, match="could not be tried"):
        selftest.require_closed(Broken(), QUICK.guest, Isolation.BUBBLEWRAP)  # type: ignore[arg-type] # for a session
