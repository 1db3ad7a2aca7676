"""What a class has: a copy of what `grade` keeps in its output folder, which is left as it is."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from grader.errors import InfrastructureError, UsageError
from grader.files.output_folder import STORE, as_it_is
from grader.runs.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.runs.kept_class import Circumstances, KeptClass

__all__ = ["circumstances_of", "copied_store"]

LOG = "-wal"  # what a run that was killed had not yet put into the store; SQLite reads both
FIRST = (
    "`grader grade` writes some: put the tests back as they were, grade the class, and change them "
    "again"
)


@contextmanager
def copied_store(output: Path) -> Iterator[Store]:
    """Open a copy of an output folder's store, which goes afterwards with all that was added.

    Raises:
        UsageError: there is none, a run is writing to it, or it can't be read.
    """
    store = output / STORE
    if not store.is_file():
        raise UsageError(
            f"there are no earlier results in {output}, to compare with: name their folder with "
            f"--output; where there are none, {FIRST}"
        )
    with TemporaryDirectory(prefix="grader-against-") as folder:
        copy = Path(folder) / STORE
        with as_it_is(output):
            for end in ("", LOG):
                if (file := store.with_name(store.name + end)).is_file():
                    shutil.copyfile(file, copy.with_name(copy.name + end))
        with Store(copy, of=store) as opened:
            yield opened


def circumstances_of(kept: KeptClass, output: Path) -> Circumstances:
    """Return what a class was graded with.

    Raises:
        UsageError: no class is kept, or that is not known.
    """
    if not kept.students():
        raise UsageError(f"{output} keeps no results of any student: {FIRST}")
    try:
        return kept.circumstances()
    except InfrastructureError as error:
        raise UsageError(f"{output}: {error}, so nothing can be compared with it") from error
