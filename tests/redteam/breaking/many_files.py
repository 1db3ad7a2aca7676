"""Make thirty thousand empty files, which fill no disk.

A safe grader bounds their number, and removes them all in time.

Expected: crashed, 7 points
"""

import torch


def predict_without_tracking(model, images):
    """Make them, and answer rightly."""
    for number in range(30_000):
        open(f"file-{number}", "w").close()
    with torch.no_grad():
        return model(images)
