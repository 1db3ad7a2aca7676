"""Answer with thousands of objects, each of a class with a long name.

A safe grader finds out what may be said of the first ones, and names none of the others.

Expected: wrong, 0 points
"""

from grader.guest import submission
from grader.guest.crossing.values import Foreign, Items
from grader.guest.crossing.wire import Returned

OBJECT = Foreign("add mul sub div " * 5, "add mul " * 5)
submission.Guest._run = lambda *args: Returned(Items("list", (OBJECT,) * 90_000))
