"""What changed since the run before: in the terminal, on the class page, as a table."""
