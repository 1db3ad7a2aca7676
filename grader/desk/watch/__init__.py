"""`watch`: the screen, the keys and the saved files."""
