"""How a suite asks a submission."""
