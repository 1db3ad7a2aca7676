"""End the process with exit code 0 while it is being imported.

A safe grader takes a process that has ended for one that gave no answer.

Expected: crashed, 0 points
"""

import os

os._exit(0)


def fake(*args):
    """Be never there."""


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
