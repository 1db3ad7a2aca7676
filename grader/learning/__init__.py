"""Wrong answers that a class shares, made into mistakes that have names."""
