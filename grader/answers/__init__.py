"""What came back from a submission: how it is said, compared and drawn."""
