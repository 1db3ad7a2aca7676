"""Solutions become what students get: a stub module and a notebook, the same bytes each time.

A solution is a module of functions. Its docstring is the exercise's card, and what the student has
to write stands between two whole lines, `### BEGIN SOLUTION` and `### END SOLUTION`.
"""

from __future__ import annotations

from grader.authoring.cells import make_cells_notebook
from grader.authoring.files import stale_stubs, stub_file, write_stubs
from grader.authoring.handing_in import handed_in, solved, sources_of
from grader.authoring.notebook import make_notebook
from grader.authoring.regions import AuthoringError
from grader.authoring.stub import make_stub

__all__ = [
    "AuthoringError",
    "handed_in",
    "make_cells_notebook",
    "make_notebook",
    "make_stub",
    "solved",
    "sources_of",
    "stale_stubs",
    "stub_file",
    "write_stubs",
]
