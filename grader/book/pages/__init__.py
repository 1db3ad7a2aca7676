"""The pages of a book: what they say, and the lists that they link to."""
