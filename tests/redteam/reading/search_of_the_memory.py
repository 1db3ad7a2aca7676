"""Look among modules, objects and stack frames for the tests that are running.

A safe grader runs them in another process.

Expected: passed, 10 points
"""

import gc
import sys

NAMES = ("hidden", "pytest_runtest", "conftest", "judge", "engine", "expect")
for name in list(sys.modules):
    if name.startswith("grader") and name.split(".")[-1].startswith(NAMES):
        print("PWNED", name)
for value in gc.get_objects():
    if issubclass(type(value), dict):
        for key in list(value):
            if str(key).startswith(("test_the", "test_a")):
                print("PWNED", key)
frame = sys._getframe()
while frame is not None:
    for name in [*frame.f_locals, frame.f_code.co_name]:
        if name in {"expected", "right", "mistakes"} or name.startswith("test_"):
            print("PWNED", name)
    frame = frame.f_back
