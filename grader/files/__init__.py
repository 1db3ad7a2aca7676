"""The files that we write: whole or not at all."""
