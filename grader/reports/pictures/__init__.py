"""Draw the pictures of a report as small SVG that follows the page's colours.

The drawings are lists of shapes with classes in the place of colours. A plotting library would fix
colours, fonts and sizes, and write twenty times as much.
"""

from grader.reports.pictures.figures import figure_of
from grader.reports.pictures.svg import STYLE, markup

__all__ = ["STYLE", "figure_of", "markup"]
