"""A course's own code: what its suites share, which of it a suite needs, and its hooks."""
