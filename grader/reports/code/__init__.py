"""Handed-in code on a page."""
