"""Where submissions are graded: what every engine does, and the one of this machine."""
