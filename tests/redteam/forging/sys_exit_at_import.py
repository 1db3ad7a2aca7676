"""Leave by SystemExit with status 0 while it is being imported.

A safe grader gives an exit code no meaning.

Expected: missing, 0 points
Alone: yes
"""

import sys

sys.exit(0)


def fake(*args):
    """Be never there."""


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
