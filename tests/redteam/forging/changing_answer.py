"""Change an answer from a thread while it is being looked at.

A safe grader compares the bytes that it was sent, which nobody changes any more.

Expected: wrong, 7 points
"""

import threading

import torch

OUTPUT = torch.zeros(5, 4)


def change():
    """Write into the answer without pause."""
    while True:
        OUTPUT.uniform_()


def predict_without_tracking(model, images):
    """Return a tensor that is never the same."""
    if threading.active_count() == 1:
        threading.Thread(target=change, daemon=True).start()
    return OUTPUT
