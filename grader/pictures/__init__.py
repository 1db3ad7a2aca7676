"""Draw what a check shows as small SVG that follows the colours of a report, or of a notebook.

The drawings are lists of shapes with classes in the place of colours. A plotting library would fix
colours, fonts and sizes, and write twenty times as much.
"""

from grader.pictures.figures import figure_of
from grader.pictures.svg import STYLE, bare, in_a_notebook, markup
from grader.pictures.trend import trend

__all__ = ["STYLE", "bare", "figure_of", "in_a_notebook", "markup", "trend"]
