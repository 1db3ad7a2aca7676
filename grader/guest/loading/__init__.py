"""A submission's files, read and run."""
