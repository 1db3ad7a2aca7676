"""Runs that are kept: what everybody had in each, what changed, and the way back."""
