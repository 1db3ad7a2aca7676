"""What the lab's suites share."""
