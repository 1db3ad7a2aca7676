"""What proves that a suite is worth its points."""
