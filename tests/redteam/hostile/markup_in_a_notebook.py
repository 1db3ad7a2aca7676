"""Put markup and links that run script into the text of a notebook.

A safe grader renders Markdown with everything taken out that runs.

Expected: passed, 10 points
"""

import json


def make(folder, honest, marker):
    """Write the class."""
    (folder / "class" / "honest").mkdir(parents=True)
    (folder / "class" / "honest" / "gradients.py").write_text(honest)
    mallory = folder / "class" / "mallory"
    mallory.mkdir()
    text = "# PWNED\n<script>PWNED()</script>\n[x](javascript:PWNED())\n<img src=x onerror=PWNED()>\n<x-pwned>"
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": text, "image/svg+xml": text}}
    cells = [
        {"cell_type": "markdown", "source": text, "metadata": {}},
        {"cell_type": "raw", "source": text, "metadata": {"raw_mimetype": "text/html"}},
        {"cell_type": "code", "source": honest, "metadata": {}, "outputs": [output], "execution_count": 1},
    ]
    book = {"cells": cells, "metadata": {"title": text}, "nbformat": 4, "nbformat_minor": 5}
    (mallory / "gradients.ipynb").write_text(json.dumps(book))
    return folder / "class"
