"""Operators: each changes a node of a solution into what a student may have written instead."""
