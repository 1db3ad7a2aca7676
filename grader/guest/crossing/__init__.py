"""What crosses between judge and guest: plain data."""
