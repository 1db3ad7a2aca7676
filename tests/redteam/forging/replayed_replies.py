"""Answer with the arguments that came in, and with replies to earlier questions.

A safe grader asks every question with inputs of its own.

Expected: wrong, 0 points
"""

from grader.guest import submission
from grader.guest.process import child
from grader.guest.crossing import values
from grader.guest.crossing import wire

ANSWERS = [wire.Returned(None)]
handle = submission.Guest.handle


def replay(self, request):
    """Remember every argument as an answer, and give the oldest one."""
    handle(self, request)
    for value in getattr(request, "args", ()):
        names = ("output", "gradient", "parameters", "weights", "gradients")
        ANSWERS.append(wire.Returned(value))
        ANSWERS.append(wire.Returned(values.Mapping(tuple((name, value) for name in names))))
    ANSWERS.append(ANSWERS.pop(0))
    return wire.Loaded() if isinstance(request, wire.Load) else ANSWERS[0]


submission.Guest.handle = replay
child.encode = wire.frame


def fake(*args):
    """Return the first argument."""
    return args[0] if args else None


gradient_of_mean_square = parameter_gradients = predict_without_tracking = fake
