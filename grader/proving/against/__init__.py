"""A class's hand-ins, graded by the suites before and after a change of them, side by side."""
