"""The module that students fill in."""

from __future__ import annotations

from grader.authoring.regions import find_regions, parse

__all__ = ["make_stub"]


def make_stub(source: str, name: str) -> str:
    """Make a stub of a solution: each marked region becomes a `NotImplementedError`.

    Args:
        source: the solution's text.
        name: the exercise's, for messages: `hw3_log_softmax`.

    Raises:
        AuthoringError: the markers are not in order (see `find_regions`), or what is left without
            the regions is not Python.
    """
    lines = source.splitlines()
    for region in reversed(find_regions(source, name)):
        indent = lines[region.begin - 1].partition("#")[0]
        lines[region.begin - 1 : region.end] = [
            f"{indent}# YOUR CODE HERE",
            f'{indent}raise NotImplementedError("{region.function} is not written yet")',
        ]
    stub = "\n".join(lines) + "\n"
    parse(stub, name)
    return stub
