"""The fork server, and what bounds a submission."""
