"""The results of a term in one table: several hand-ins of one class."""
