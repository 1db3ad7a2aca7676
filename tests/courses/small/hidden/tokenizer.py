"""Hidden tests of the tokenizer."""

from itertools import chain

import pytest

from grader.suite import expect, expect_each, points
from kit.merging import RAIN, counted, encoded, first, learned, longest_first, replaced, spelled

UMLAUTS = "Es regnet über Zürich, 3 Tage schon.".encode()
ENGLISH = b"The others heat the herring in the rain, while it rains on the others."
GERMAN = "Auf Englisch: others für andere, heat für Hitze.".encode()
MERGES = learned(RAIN, 30)


@points(1)
def test_pairs_are_counted_inside_words(student):
    """count_pairs: each pair of neighbours in a word, overlapping ones too."""
    words = [[7, 7, 7, 300], [300, 7], [5], [7, 300, 7]]
    expect(student.count_pairs(words)).equals(
        counted(words),
        mistakes={"pairs-across-words": counted([[*chain(*words)]])},
    )


@points(1)
def test_a_pair_is_replaced_from_the_left(student):
    """merge: replaces the pair from left to right and keeps everything else."""
    expect_each(
        student.merge,
        [([7, 7, 7, 5, 7, 7], (7, 7), 300), ([5, 5, 5, 5, 5, 9, 5, 5], (5, 5), 256)],
        right=replaced,
        mistakes={
            "replaced-from-the-right": lambda tokens, pair, new: replaced(
                tokens[::-1], pair[::-1], new
            )[::-1],
            "first-pair-only": lambda *case: replaced(*case, 1),
        },
    )
    others = [([5, 7, 5, 7, 7], (5, 7), 256), ([7, 5], (5, 7), 256), ([5], (5, 7), 256)]
    expect_each(student.merge, others, right=replaced)


@points(2)
def test_merges_of_a_text(student):
    """learn: the most frequent pair of each round, up to the last one there is."""
    expect_each(
        student.learn,
        [(RAIN[:300], 12), (UMLAUTS * 2, 9), (b"aab b", 50)],
        right=learned,
        mistakes={
            "pairs-across-words": lambda text, rounds: learned(text, rounds, whole=True),
            "first-of-equals": lambda text, rounds: learned(text, rounds, tie=first),
            "largest-of-equals": lambda text, rounds: learned(text, rounds, tie=max),
            "tokens-begin-at-255": lambda text, rounds: learned(text, rounds, start=255),
        },
    )


@points(1)
def test_merges_of_a_file(student):
    """learn_from: 30 merges of data/rain.txt."""
    expect(student.learn_from("rain.txt", 30)).equals(MERGES)


@points(2)
@pytest.mark.parametrize("text", [ENGLISH, GERMAN], ids=["english", "german"])
def test_tokens_of_a_text(student, text):
    """encode: applies the merges in the order in which they were learned."""
    expect(student.encode(text, MERGES)).equals(
        encoded(text, MERGES),
        mistakes={"longest-token-first": longest_first(text, MERGES), "nothing-merged": list(text)},
    )


@points(1)
def test_tokens_become_bytes(student):
    """decode: gives the bytes of the text, also where a token ends inside a character."""
    tokens = encoded(UMLAUTS, MERGES)[:-2]
    cut = spelled(tokens, MERGES)[:11]
    expect_each(
        student.decode,
        [(tokens, MERGES), (list(cut), MERGES), (list(range(256)), MERGES)],
        right=spelled,
        mistakes={"text-not-bytes": lambda *case: spelled(*case).decode(errors="replace")},
    )
