"""Send replies before anybody has asked, and several for one question.

A safe grader takes one reply to each question, and only after it has asked.

Expected: crashed, 0 points
"""

import os
import sys

import torch

from grader.guest.crossing import values
from grader.guest.crossing import wire

frame = sys._getframe()
while "reply_fd" not in frame.f_locals:
    frame = frame.f_back
PIPE = frame.f_locals["reply_fd"]
LOADED = wire.frame(wire.Loaded())
ANSWER = wire.frame(wire.Returned(values.pack(torch.zeros(2, 3))))

os.write(PIPE, LOADED + ANSWER * 50)


def fake(*args):
    """Answer more often than asked."""
    os.write(PIPE, ANSWER * 3)
    return torch.zeros(2, 3)


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
