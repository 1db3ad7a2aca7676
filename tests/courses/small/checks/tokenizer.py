"""Public checks of the tokenizer: run them as often as you like while you write."""

from grader.suite import expect

MERGES = {(97, 98): 256, (256, 99): 257}


def test_pairs_of_two_words(student):
    """count_pairs: in [5, 5, 5] and [5, 7], the pair (5, 5) comes up twice."""
    expect(student.count_pairs([[5, 5, 5], [5, 7]])).equals({(5, 5): 2, (5, 7): 1})


def test_third_token_is_left_over(student):
    """merge: of three 5s, the first two are replaced."""
    expect(student.merge([5, 5, 5, 7], (5, 5), 256)).equals([256, 5, 7])


def test_two_merges(student):
    """learn: in "abab ab", (97, 98) comes first; then (256, 256) and (32, 256) come up once."""
    expect(student.learn(b"abab ab", 2)).equals({(97, 98): 256, (32, 256): 257})


def test_tokens_of_a_word(student):
    """encode: applies (97, 98) first, then (256, 99)."""
    expect(student.encode(b"abcab", MERGES)).equals([257, 256])


def test_bytes_of_tokens(student):
    """decode: token 257 stands for b"abc", and so does vocabulary."""
    expect(student.vocabulary(MERGES)[257]).equals(b"abc")
    expect(student.decode([257, 100], MERGES)).equals(b"abcd")
