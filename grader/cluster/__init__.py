"""Grading on the workers of a Dask cluster, with the same judges as on this machine."""
