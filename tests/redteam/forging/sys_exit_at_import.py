"""Leave by SystemExit with status 0 while it is being imported.

A safe grader gives an exit code no meaning.

Expected: missing, 0 points
Exercise: ex07_descent
"""

import sys

sys.exit(0)


def fake(*args):
    """Be never there."""


descend = best_learning_rate = fake
