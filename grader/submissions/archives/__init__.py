"""Zips and tars, opened within bounds."""
