"""The pages about a class."""
