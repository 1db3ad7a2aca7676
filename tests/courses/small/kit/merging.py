"""Byte-pair encoding by replacing in strings, whose characters stand for tokens."""

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

RAIN = (Path(__file__).parents[1] / "data" / "rain.txt").read_bytes()
WORD = re.compile(r" ?[A-Za-z]+| ?[0-9]+|\s| ?[^A-Za-z0-9\s]+")


def string(tokens):
    """Write tokens as a string."""
    return "".join(map(chr, tokens))


def counted(words):
    """Count the pairs of neighbours in lists of tokens."""
    return dict(Counter(pair for word in words for pair in pairwise(word)))


def replaced(tokens, pair, new, at_most=-1):
    """Replace a pair from left to right."""
    return [*map(ord, string(tokens).replace(string(pair), chr(new), at_most))]


def words_of(text, *, whole=False):
    """Cut a text into words, each a list of tokens."""
    words = (
        [text]
        if whole
        else [word.encode("latin-1") for word in WORD.findall(text.decode("latin-1"))]
    )
    return [list(word) for word in words]


def first(pairs):
    """Choose the pair that comes up first."""
    return pairs[0]


def learned(text, rounds, *, tie=min, whole=False, start=256):
    """Return the merges; `tie` chooses among the most frequent pairs, in the order they come up."""
    words, merges = words_of(text, whole=whole), {}
    while len(merges) < rounds and (counts := counted(words)):
        most = max(counts.values())
        pair = tie([pair for pair, count in counts.items() if count == most])
        merges[pair] = start + len(merges)
        words = [replaced(word, pair, merges[pair]) for word in words]
    return merges


def encoded(text, merges):
    """Return the tokens of a text."""
    words = words_of(text)
    for pair, new in merges.items():
        words = [replaced(word, pair, new) for word in words]
    return [token for word in words for token in word]


def longest_first(text, merges):
    """Return what matching gives, if the longest token that fits is taken at each place."""
    known = {spelled([token], merges): token for token in [*range(256), *merges.values()]}
    tokens = []
    for word in words_of(text):
        rest = bytes(word)
        while rest:
            found = max(filter(rest.startswith, known), key=len)
            tokens.append(known[found])
            rest = rest.removeprefix(found)
    return tokens


def spelled(tokens, merges):
    """Return the bytes of tokens: the last merge is undone first."""
    text = string(tokens)
    for pair, new in reversed(merges.items()):
        text = text.replace(chr(new), string(pair))
    return text.encode("latin-1")
