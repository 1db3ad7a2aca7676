"""Ask torch for sixty-four gigabytes.

A safe grader bounds the memory of a submission, and says so.

Expected: crashed, 7 points
"""

import torch


def predict_without_tracking(model, images):
    """Ask for much."""
    return torch.ones(2**34)
