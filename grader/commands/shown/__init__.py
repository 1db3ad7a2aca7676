"""What the commands for instructors show in the terminal."""
