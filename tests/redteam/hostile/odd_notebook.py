"""Hand in a notebook of wrong types, huge numbers, NaN and keys that stand twice.

A safe grader says that it is no notebook.

Expected: unreadable, 0 points
"""

def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    digits = "9" * 5000
    text = '{"cells": 7, "cells": {"a": NaN}, "nbformat": ' + digits + ', "metadata": [null]}'
    (mallory / "gradients.ipynb").write_text(text)
    return folder / "class"
