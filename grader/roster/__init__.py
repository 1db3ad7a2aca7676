"""The list of a class: who is in it, and whose work is whose."""
