"""Gradebooks of LMSs, filled in."""
