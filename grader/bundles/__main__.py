"""What a platform runs for each submission: `python -m grader.bundles BUNDLE WORK OUTPUT [NAME]`.

It writes OUTPUT only when there are results; what has to stand there otherwise, the script that
calls it has written before. The exit code is 0 then, and 3 where nothing was graded.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.bundles.grading import grade_one
from grader.bundles.registry import platform_named
from grader.bundles.settings import read_bundle
from grader.errors import GraderError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

NOT_GRADED = 3


def main(arguments: Sequence[str]) -> int:
    """Grade one submission.

    Args:
        arguments: the bundle's folder, the folder of what was handed in, where the results go, and
            the exercise where that is not as the bundle says.
    """
    bundle, work, output = map(Path, arguments[:3])
    try:
        settings = read_bundle(bundle)
        if arguments[3:]:
            settings = replace(settings, exercises=tuple(arguments[3:]))
        report = platform_named(settings.platform).report
        if report is None:
            return NOT_GRADED
        with TemporaryDirectory(prefix="grader-") as scratch:
            report(grade_one(bundle, settings, work, Path(scratch)), settings, output)
    except (GraderError, OSError) as error:
        print(f"grader: {error}", flush=True)
        return NOT_GRADED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
