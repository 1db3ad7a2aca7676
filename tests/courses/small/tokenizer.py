"""Byte-pair encoding.

**Goal.** Write the tokenizer that most language models use: learn which bytes often stand side by
side, and turn a text into tokens and back.

60 minutes, difficulty 3 of 5. You should know: bytes, lists, dicts with tuples as keys.

The idea
--------
A text is a row of bytes, numbers from 0 to 255. Each of them is a token at first. Learning goes in
rounds. Each round takes the pair of neighbouring tokens that comes up most often, gives it a new
number (256 in the first round, 257 in the second, ...) and replaces the pair by that number
everywhere:

    97 98 99 97 98   ->   256 99 256        with (97, 98) -> 256

If several pairs come up equally often, the smallest one counts, as Python's `min` compares tuples.
A round in which no pair is left learns nothing.

Pairs never reach across a word. `pretokens` cuts a text into words; it comes with the exercise, in
`pretokens.py`.

A new text is encoded by the same merges in the order in which they were learned.

The folder `data` holds `rain.txt`, a text to learn from.

How to check
------------
`grader check tokenizer` in a terminal; in a notebook, run the last cell.
"""

from itertools import pairwise
from pathlib import Path

from pretokens import pretokens

Pair = tuple[int, int]


def count_pairs(words: list[list[int]]) -> dict[Pair, int]:
    """Count how often each pair of neighbouring tokens comes up.

    Args:
        words: the tokens of each word. Not modified.

    Returns:
        Each pair that comes up, and its number.

    Example:
        >>> count_pairs([[5, 5, 5], [5, 7]])
        {(5, 5): 2, (5, 7): 1}
    """
    ### BEGIN SOLUTION
    counts: dict[Pair, int] = {}
    for word in words:
        for pair in pairwise(word):
            counts[pair] = counts.get(pair, 0) + 1
    return counts
    ### END SOLUTION


def merge(tokens: list[int], pair: Pair, new: int) -> list[int]:
    """Replace a pair by a new token, from left to right.

    Args:
        tokens: the tokens of a word. Not modified.
        pair: the two tokens that are replaced where they are neighbours in this order.
        new: the token that takes their place.

    Returns:
        The new list.

    Example:
        The third 5 is left over:

        >>> merge([5, 5, 5, 7], (5, 5), 256)
        [256, 5, 7]
    """
    ### BEGIN SOLUTION
    merged: list[int] = []
    for token in tokens:
        if merged and (merged[-1], token) == pair:
            merged[-1] = new
        else:
            merged.append(token)
    return merged
    ### END SOLUTION


def learn(text: bytes, rounds: int) -> dict[Pair, int]:
    """Learn merges from a text.

    Args:
        text: what to learn from.
        rounds: how many merges to learn, if there are as many.

    Returns:
        The merges: each pair and the token that replaces it, from 256 on.

    Example:
        >>> learn(b"abab", 2)
        {(97, 98): 256, (256, 256): 257}
    """
    ### BEGIN SOLUTION
    words = [list(word) for word in pretokens(text)]
    merges: dict[Pair, int] = {}
    for new in range(256, 256 + rounds):
        counts = count_pairs(words)
        if not counts:
            break
        pair = min(counts, key=lambda each: (-counts[each], each))
        merges[pair] = new
        words = [merge(word, pair, new) for word in words]
    return merges
    ### END SOLUTION


def learn_from(name: str, rounds: int) -> dict[Pair, int]:
    """Learn merges from a file of the folder `data`."""
    return learn((Path("data") / name).read_bytes(), rounds)


def encode(text: bytes, merges: dict[Pair, int]) -> list[int]:
    """Turn a text into tokens.

    Args:
        text: any bytes.
        merges: what was learned, in order. Not modified.

    Returns:
        The tokens, word after word.

    Example:
        >>> encode(b"abc ab", {(97, 98): 256})
        [256, 99, 32, 256]
    """
    ### BEGIN SOLUTION
    tokens: list[int] = []
    for word in pretokens(text):
        part = list(word)
        for pair, new in merges.items():
            part = merge(part, pair, new)
        tokens += part
    return tokens
    ### END SOLUTION


def vocabulary(merges: dict[Pair, int]) -> dict[int, bytes]:
    """Say which bytes each token stands for.

    Args:
        merges: what was learned, in order. Not modified.

    Returns:
        Each token, from 0 on, and its bytes.

    Example:
        >>> vocabulary({(97, 98): 256, (256, 99): 257})[257]
        b'abc'
    """
    ### BEGIN SOLUTION
    words = {token: bytes([token]) for token in range(256)}
    for (first, second), new in merges.items():
        words[new] = words[first] + words[second]
    return words
    ### END SOLUTION


def decode(tokens: list[int], merges: dict[Pair, int]) -> bytes:
    """Turn tokens back into the bytes of the text.

    Args:
        tokens: what `encode` returned. Not modified.
        merges: what was learned, in order. Not modified.

    Returns:
        The bytes. They need not be UTF-8: a token may end inside a character.

    Example:
        >>> decode([256, 99], {(97, 98): 256})
        b'abc'
    """
    ### BEGIN SOLUTION
    words = vocabulary(merges)
    return b"".join(words[token] for token in tokens)
    ### END SOLUTION
