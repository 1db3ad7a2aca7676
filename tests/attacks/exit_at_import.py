"""End the process with exit code 0 while it is being imported."""

import os

os._exit(0)


def fake(*args):
    """Be never there."""
