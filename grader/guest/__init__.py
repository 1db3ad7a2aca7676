"""What runs in the sandbox, beside the student's code.

Nothing in here knows a hidden test, an expected value or another submission: a submission can
read and rewrite all of it. The judge uses `wire` from here and trusts nothing that comes over it.
"""
