"""What happens to gradients and weights while a notebook's cells run."""
