"""What lies in a folder that was handed in, as a tree."""
