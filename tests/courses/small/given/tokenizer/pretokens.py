"""Cut a text into words, with the space before each: given out with the exercise."""

import re

WORD = re.compile(rb" ?[A-Za-z]+| ?[0-9]+|\s| ?[^A-Za-z0-9\s]+")


def pretokens(text: bytes) -> list[bytes]:
    """Return the words, numbers and punctuation marks of a text, in order.

    Put together again, they are the text.

    >>> pretokens(b"It rains, again.")
    [b'It', b' rains', b',', b' again', b'.']
    """
    return WORD.findall(text)
