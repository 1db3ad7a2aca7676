"""What is loaded of a student's work: as it was handed in, or as it lies on the disk."""
