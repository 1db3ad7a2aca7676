"""Draw the pictures of a report as small SVG that follows the page's colours.

The drawings are lists of shapes with classes in the place of colours, and a template writes them
down. A plotting library would fix colours, fonts and sizes, and write twenty times as much.
"""

from grader.reports.pictures.figures import figure_of

__all__ = ["figure_of"]
