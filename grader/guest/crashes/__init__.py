"""Why code raised: told by the kind of exception, the place and the values, not by its text."""
