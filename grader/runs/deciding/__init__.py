"""What people decided: read from a file, checked, and applied over what grading gave."""
