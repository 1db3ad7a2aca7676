"""Matches the longest token at each place, as many expect a tokenizer to do."""


def encode(text: bytes, merges: dict[Pair, int]) -> list[int]:
    words = vocabulary(merges)
    tokens: list[int] = []
    for rest in pretokens(text):
        while rest:
            found = max(words, key=lambda token: (rest.startswith(words[token]), len(words[token])))
            tokens.append(found)
            rest = rest[len(words[found]) :]
    return tokens
