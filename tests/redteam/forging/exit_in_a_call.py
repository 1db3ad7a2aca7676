"""End the process with exit code 0 before anything is compared.

A safe grader asks for an answer, and an exit code is none.

Expected: crashed, 0 points
Exercise: ex03_log_softmax
"""

import os


def fake(*args):
    """End."""
    os._exit(0)


build_model = build_criterion = batch_loss = probabilities = fake
