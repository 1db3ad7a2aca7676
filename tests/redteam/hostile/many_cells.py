"""Hand in a notebook of a hundred thousand cells.

A safe grader refuses what no student writes.

Expected: unreadable, 0 points
"""

import json


def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    cell = {"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": []}
    book = {"cells": [cell] * 20_000, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (mallory / "gradients.ipynb").write_text(json.dumps(book))
    return folder / "class"
