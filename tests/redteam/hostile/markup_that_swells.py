"""Hand in a notebook whose markup takes a parser hours, gigabytes, or its life.

A safe grader renders it within bounds, shows as text what does not fit, and writes the others' pages.

Expected: passed, 10 points
"""

import json


def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    fence = "```pawn\n" + "/**/" * 60 + "x\n```"
    nested = "<div>" + "".join(f"<b {n}>" for n in range(4_000)) + "</div>" + "<div>x</div>" * 4_000
    output = {"output_type": "display_data", "data": {"text/html": nested}, "metadata": {}}
    cell = {"cell_type": "code", "source": honest, "metadata": {}, "execution_count": 1}
    cell["outputs"] = [output]
    spaces = {**cell, "source": "0 # match" + " " * 100_000 + "\nmatch = 1", "outputs": []}
    text = {"cell_type": "markdown", "source": fence, "metadata": {}}
    book = {"cells": [text, cell, spaces], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (mallory / "gradients.ipynb").write_text(json.dumps(book))
    return folder / "class"
