"""Warm processes that check at once."""
