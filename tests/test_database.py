"""The database of an output folder when something has happened to it: a clear line, and no loss."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from grader.errors import UsageError
from grader.runs.database import VERSION, Database

if TYPE_CHECKING:
    from pathlib import Path

PAGE = 4096
ROWS = {f"key {number}": bytes(range(256)) * 8 for number in range(200)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Write a database of a few hundred kilobytes."""
    file = tmp_path / ".grader.sqlite3"
    with Database(file) as database:
        database.put("results", ROWS)
    return file


def with_bytes(path: Path, at: int, data: bytes) -> None:
    """Write over some bytes of a file."""
    content = path.read_bytes()
    path.write_bytes(content[:at] + data + content[at + len(data) :])


def index_page(path: Path) -> int:
    """Return the number of the first page of the index on keys, counted from 0."""
    query = "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name LIKE 'results%'"
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(query).fetchone()[0]) - 1


def damage(path: Path, how: str) -> None:
    """Do to a database what disks, programs and people do."""
    size = path.stat().st_size
    if how == "truncated":
        path.write_bytes(path.read_bytes()[: size // 2])
    elif how == "a page of zeros":
        with_bytes(path, index_page(path) * PAGE, bytes(PAGE))
    elif how == "another file":
        path.write_bytes(b"no database" * 1000)
    elif how == "beginning gone":
        with_bytes(path, 0, bytes(100))
    elif how == "emptied":
        (path.parent / "results.json").touch()
        path.write_bytes(b"")
    elif how == "a later version":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    elif how == "a folder":
        path.unlink()
        path.mkdir()


FULL = """
import resource, signal, sys
from pathlib import Path
from grader.errors import UsageError
from grader.runs.database import Database
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
try:
    Database(Path(sys.argv[1]))
except UsageError as error:
    print(error)
"""


def test_a_full_disk_is_no_damage(path: Path) -> None:
    """Nobody is told to put an earlier copy, which lacks the last runs, in its place."""
    before = path.read_bytes()
    command = [sys.executable, "-c", FULL, str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert "It is left as it is: make room on the disk" in said
    assert "earlier copy" not in said
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("truncated", "malformed"),
        ("a page of zeros", "can't be used"),
        ("another file", "not a database"),
        ("beginning gone", "not a database"),
        ("emptied", "it is empty, though there are reports beside it"),
        ("a later version", "a later version of the grader (3) wrote it"),
        ("a folder", "unable to open"),
    ],
)
def test_what_is_damaged_is_said_so_in_one_line_and_left_as_it_is(
    path: Path, how: str, words: str
) -> None:
    """The line says what it is, that nothing was done to it, and how to go on."""
    damage(path, how)
    before = path.read_bytes() if path.is_file() else b""

    with pytest.raises(UsageError, match="put an earlier copy in its place, or grade") as refused:
        Database(path)

    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_what_can_only_be_read_is_refused_before_anything_is_graded(path: Path) -> None:
    """Not when the first result is to be kept."""
    code = "import sys; from pathlib import Path as P\n"
    code += "from grader.runs.database import Database as D\n"
    code += "try: D(P(sys.argv[1]))\nexcept Exception as error: print(type(error).__name__, error)"
    there = ["bwrap", "--dev-bind", "/", "/", "--ro-bind", str(path), str(path)]
    run = subprocess.run(
        [*there, sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )

    assert run.stdout.startswith("UsageError")
    assert "readonly" in run.stdout


def test_a_changed_row_counts_as_not_there_and_is_counted(path: Path) -> None:
    """A byte that a disk turned, and text that a person wrote; the others are as they were."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE results_2 SET content = 'none' WHERE key = 'key 0'")
        connection.execute("UPDATE results_2 SET content = x'00' WHERE key = 'key 1'")
        connection.commit()
    with Database(path) as database:
        kept = {key: database.get("results", key) for key in ROWS}

        assert database.damaged == {"key 0", "key 1"}
    assert kept == {**ROWS, "key 0": None, "key 1": None}


def test_random_bytes_in_a_row_are_noticed(path: Path) -> None:
    """SQLite itself has no checksums: the content of a row may be anything to it."""
    at = path.read_bytes().index(ROWS["key 7"]) + 1000
    with_bytes(path, at, b"\x00\xff" * 20)
    with Database(path) as database:
        assert [key for key in ROWS if database.get("results", key) is None] == [*database.damaged]
        assert len(database.damaged) == 1
