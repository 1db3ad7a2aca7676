"""Tests of `grader.sandbox.mounts`: what the sandbox is shown, without starting it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from grader.courses import carried_course, resource
from grader.sandbox.command import as_unprivileged, environment
from grader.sandbox.mounts import DATA, mount_options, roofs_in_scratch, scratch_folders
from kit.digits_data import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest


def shown(options: Sequence[str]) -> dict[str, str]:
    """Return what is shown where."""
    triples = zip(options, options[1:], options[2:], strict=False)
    return {there: place for option, place, there in triples if option == "--ro-bind"}


def test_of_the_users_folder_the_four_files_are_shown_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What else lies beside MNIST is nobody's business, also where root shows it to another."""
    for file in (resource("data") / "digits").glob("*.gz"):
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "secret.txt").touch()
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    code = carried_course().code
    for options in (mount_options("cpu", 1, code), as_unprivileged("bwrap", code.data_files())):
        every = [Path(place) for place in shown(options).values()]
        places = [place for place in every if tmp_path in place.parents]
        assert len(places) == 4
        assert {place.suffix for place in places} == {".gz"}
        assert tmp_path not in every
    inside = {
        Path(there).parent
        for there in shown(mount_options("cpu", 1, carried_course().code))
        if DATA in there
    }
    assert inside == {Path(DATA)}


def test_a_gpu_s_driver_is_shown_where_the_loader_does_not_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link may lead to it; a library that the loader finds by itself needs no word."""
    driver = tmp_path / "driver"
    driver.mkdir()
    (driver / "libcuda.so.1").touch()
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "libcuda.so.1").symlink_to(driver / "libcuda.so.1")
    monkeypatch.setenv("LD_LIBRARY_PATH", f"{tmp_path / 'links'}:/usr/lib:")

    assert environment(device="cuda", scratch="/tmp")["LD_LIBRARY_PATH"] == str(driver)
    assert str(driver) in shown(mount_options("cuda", 1, carried_course().code)).values()
    assert "LD_LIBRARY_PATH" not in environment(device="cpu", scratch="/tmp")
    assert str(driver) not in shown(mount_options("cpu", 1, carried_course().code)).values()


def test_what_lies_below_the_scratch_folder_has_one_roof_each() -> None:
    """A folder that lies directly in it is its own."""
    folders = [Path("/tmp/a/x"), Path("/tmp/a/y/z"), Path("/tmp/venv"), Path("/opt/tmp")]

    assert roofs_in_scratch(folders) == ["/tmp/a"]


def test_no_folder_holds_more_than_a_submission_may_write() -> None:
    """Also where that is less than shared memory usually has."""
    assert scratch_folders(2**20) == {"/tmp": 2**20, "/dev/shm": 2**20}
