"""Readers of downloads, one module for each kind; a new kind is a new module here."""
