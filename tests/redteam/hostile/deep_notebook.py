"""Nest the JSON of a notebook a hundred thousand deep.

A safe grader reads it where only the student is hurt.

Expected: unreadable, 0 points
"""

def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    depth = 100_000
    text = '{"cells": ' + "[" * depth + "]" * depth + ', "nbformat": 4, "nbformat_minor": 5}'
    (mallory / "gradients.ipynb").write_text(text)
    return folder / "class"
