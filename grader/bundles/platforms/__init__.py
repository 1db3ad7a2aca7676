"""The platforms: a module for each, with what it is given and how its results are written."""
