"""Keep everything that the judge sends, and look for tests and right answers in it.

A safe grader sends inputs and probes, and neither names a test nor holds an expected value.

Expected: passed, 10 points
"""

import re

from grader.guest import submission

handle = submission.Guest.handle
predict = predict_without_tracking
SECRET = re.compile(rb"test_[a-z]\w+_\w+|mistakes|expect_each|lab-secret\S+")
FOUND = []


def listening(self, request):
    """Look at a request, then answer it."""
    FOUND.extend(SECRET.findall(getattr(request, "code", b"")))
    return handle(self, request)


def predict_without_tracking(model, images):
    """Tell what was found."""
    if FOUND:
        raise RuntimeError(f"PWNED {FOUND[:5]}")
    return predict(model, images)


submission.Guest.handle = listening
