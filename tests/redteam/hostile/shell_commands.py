"""Run commands of the machine by the magics of a notebook.

A safe grader sets magics aside, and has nothing to run.

Expected: passed, 10 points
"""

import json


def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    lines = [f"!touch /tmp/{marker}", f"%%bash\ntouch ../../{marker}", "%run /etc/passwd", "%pip install x"]
    cells = [
        {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None}
        for text in [*lines, honest]
    ]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (mallory / "gradients.ipynb").write_text(json.dumps(book))
    return folder / "class"
