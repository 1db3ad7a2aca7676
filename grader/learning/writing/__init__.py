"""What is written into a hidden suite to name a mistake, and where it stands."""
