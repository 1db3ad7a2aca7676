"""Checks in a notebook's kernel."""
