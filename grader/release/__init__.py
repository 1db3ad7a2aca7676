"""What students get: stubs, notebooks, public checks, data, and the desk that runs them."""

from __future__ import annotations

from grader.release.writing import write_release

__all__ = ["write_release"]
