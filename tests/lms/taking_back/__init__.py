"""What an LMS makes of a file that an instructor uploads: a module for each, by its own rules.

Each returns who got what, and raises `Refused` where the LMS would take nothing. What an LMS
passes over in silence, or asks about, stands in what is returned: a test says what it expects.
"""

from lms.taking_back.refusing import Refused

__all__ = ["Refused"]
