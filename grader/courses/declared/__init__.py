"""What a course's TOML files say, read strictly: a typo is told with its line."""
