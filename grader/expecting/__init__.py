"""What a suite expects of an answer."""
