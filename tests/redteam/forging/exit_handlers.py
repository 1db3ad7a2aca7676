"""Have the last word: exit handlers, excepthook, tracing, signal handlers and patched exits.

A safe grader has its answers before the process ends, and asks it nothing at the end.

Expected: wrong, 0 points
"""

import atexit
import os
import signal
import sys
import threading

import torch


def leave(*args):
    """End with success."""
    os._exit(0)


atexit.register(leave)
sys.excepthook = sys.unraisablehook = threading.excepthook = leave
sys.exit = leave
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGPIPE, signal.SIGALRM, signal.SIGABRT):
    signal.signal(number, leave)
sys.settrace(lambda frame, event, arg: None)


def fake(*args):
    """Return a tensor that is right nowhere."""
    return torch.zeros(2, 3)


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
