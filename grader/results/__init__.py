"""What grading gives: verdicts, records, pictures, and who they are about."""
