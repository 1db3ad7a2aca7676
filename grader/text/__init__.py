"""Texts for people: words for numbers and lists, and what a guest wrote made fit to be read."""
