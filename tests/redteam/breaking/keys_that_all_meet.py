"""Answer with a dict whose keys all have the same hash, so that each is compared with all others.

A safe grader takes a few thousand keys that are no texts, and no more.

Expected: crashed, 0 points
"""

from grader.guest import submission
from grader.guest.crossing.values import Items, Keyed
from grader.guest.crossing.wire import Returned

P1, P2, P5 = 11400714785074694791, 14029467366897019727, 2870177450012600261
WIDTH = 2**64


def after(first):
    """Return what the hash of a pair has come to after its first number."""
    mixed = (P5 + first * P2) % WIDTH
    return (mixed << 31 | mixed >> 33) * P1 % WIDTH


def second(first):
    """Return the second number that leads to the hash that all of the pairs have."""
    number = -after(first) * pow(P2, -1, WIDTH) % WIDTH
    return number - WIDTH if number >= WIDTH // 2 else number


pairs = [(first, second(first)) for first in range(60_000)]
pairs = [pair for pair in pairs if abs(pair[1]) < 2**61 - 1]
assert len({hash(pair) for pair in pairs}) == 1, "they do not meet"
ANSWER = Keyed(tuple((Items("tuple", pair), None) for pair in pairs))
submission.Guest._run = lambda *args: Returned(ANSWER)
