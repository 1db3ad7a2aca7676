"""Send code where data is expected: pickles, extension types, markup and terminal commands.

A safe grader decodes plain data of known types, runs none of it, and shows it as text.

Expected: crashed or unreadable, 0 points
"""

import pickle

import torch

from grader.guest import submission
from grader.guest.process import child
from grader.guest.crossing import values
from grader.guest.crossing import wire


class Payload:
    """Writes a file where it is unpickled."""

    def __reduce__(self):
        """Call open."""
        return open, ("/tmp/unpickled", "w")


CODE = pickle.dumps(Payload()).decode("latin-1")
MARKUP = "\x1b[2J\x1b]0;title\x07<script>alert(1)</script>{{ 7 * 7 }}=cmd|' /C calc'!A0\u202e\0"
REPLIES = [
    wire.Returned(values.Foreign(CODE, CODE)),
    wire.Returned(values.Mapping((("__class__", CODE), ("__reduce__", CODE)))),
    wire.Returned(MARKUP),
    wire.Raised(MARKUP, MARKUP * 20, MARKUP, -(2**63), MARKUP, False, False, MARKUP),
    wire.Rejected(MARKUP, MARKUP),
    wire.Absent(MARKUP, MARKUP),
    wire.Unreadable(MARKUP, 2**63),
    wire.Parsed(MARKUP, (MARKUP,)),
    wire.Raised("NotImplementedError", "", "", 0, "", True),
]


def answer(self, request):
    """Give one reply after the other."""
    if isinstance(request, wire.Load):
        return wire.Loaded((MARKUP * 100,) * 100)
    REPLIES.append(REPLIES.pop(0))
    return REPLIES[0]


submission.Guest.handle = answer
child.encode = wire.frame


def fake(*args):
    """Return a tensor that is right nowhere."""
    return torch.zeros(2, 3)


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
