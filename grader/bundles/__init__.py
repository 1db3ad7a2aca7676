"""The grader inside other platforms: what each of them is given, and what runs there."""
