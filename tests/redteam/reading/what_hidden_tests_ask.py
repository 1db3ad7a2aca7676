"""Say what the hidden tests ask with: print it, raise it, call classes by it, claim it.

A safe grader repeats no word of it there: what a call prints is nobody's to read, and of an error
a hidden test tells the line and what Python or torch would say.

Expected: unreadable, 0 points
"""

from grader.guest import submission
from grader.guest.crossing import wire

PUBLIC = 1  # requests of the public checks, which come first
ASKED = []
handle = submission.Guest.handle


def told(*args):
    """Turn what came in into a word; while the public checks ask, into nothing."""
    word = "PW" + "NED" + bytes(str(args)[:40], "ascii", "replace").hex()
    return word if len(ASKED) > PUBLIC else "quiet"


def listening(self, request):
    """Answer by whatever way the guest has."""
    ASKED.append(request)
    word = told(request)
    ways = [
        wire.Raised(word, word, word, 1, word, limit=word),
        wire.Raised(word, word, word, 1, word),
        wire.Raised("KeyError", word, not_started=True, where=word),
        wire.Rejected(word, word),
        wire.Absent(word, word),
        wire.Unreadable(word, 1),
        wire.Loaded((word,), wire.Raised(word, word, word)),
        handle(self, request),
    ]
    return handle(self, request) if word == "quiet" else ways[len(ASKED) % len(ways)]


def gradient_of_mean_square(x):
    """Print it, and raise it."""
    print(told(x))
    raise type(told(x), (Exception,), {})(told(x))


def parameter_gradients(*args):
    """Call an object and a key by it."""
    return {told(*args): type(told(*args), (), {})()}


def predict_without_tracking(model, images):
    """Call an object by it."""
    return type(told(images), (), {})()


submission.Guest.handle = listening
