"""Trying a suite in a process: what it compares, which functions it runs, other data for it."""
