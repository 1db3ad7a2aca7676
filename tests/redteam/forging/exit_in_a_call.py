"""End the process with exit code 0 before anything is compared.

A safe grader asks for an answer, and an exit code is none.

Expected: crashed, 0 points
"""

import os


def fake(*args):
    """End."""
    os._exit(0)


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
