"""Options that need more than a line."""
