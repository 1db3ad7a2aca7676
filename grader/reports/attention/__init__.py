"""What the class page asks its instructor to look at."""
