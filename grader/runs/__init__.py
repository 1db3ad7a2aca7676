"""A run over a class: workers, the store, and what is graded again."""
