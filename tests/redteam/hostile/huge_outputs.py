"""Hand in a notebook with megabytes of output in it.

A safe grader reads the code and leaves the rest.

Expected: passed, 10 points
"""

import json


def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    output = {"output_type": "stream", "name": "stdout", "text": "PWNED " * 10_000}
    cell = {"cell_type": "code", "source": honest, "metadata": {}, "execution_count": 1}
    cell["outputs"] = [output] * 30
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (mallory / "gradients.ipynb").write_text(json.dumps(book))
    return folder / "class"
