"""People and headings as they are written here and there: when two mean the same."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["could_be_one", "folded", "name_keys"]

LONGEST = 300  # characters of a name that count
APOSTROPHES = re.compile("['’‘`´ʼʻ]")  # O'Brien is also written OBrien
WORDS = re.compile(r"[^\W_]+")


def folded(text: str) -> str:
    """Return the words of a text without case, accents and punctuation, one blank apart."""
    plain = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text[:LONGEST]).casefold())
    return " ".join(WORDS.findall("".join(filter(_is_no_accent, plain))))


def name_keys(name: str) -> tuple[str, ...]:
    """Return what a name is looked up by, the surest first; nothing for no name.

    `Smith, Jane` is `Jane Smith`; then the same words in another order, as in `Smith Jane`; then
    what is written together, as in `王小明` and Canvas's `smithjane`.
    """
    if not (written := folded(name)):
        return ()
    last, comma, first = name.partition(",")
    spoken = folded(f"{first} {last}") if comma else written
    words = sorted(written.split())
    return f"={spoken}", "+".join(words), f"~{written.replace(' ', '')}"


def could_be_one(name: str, other: str) -> bool:
    """Tell whether two names may be one person's: they share a word, or can't be compared.

    Names are written together in some downloads (`smithjane`), and in two scripts by some people.
    """
    one, two = folded(name), folded(other)
    if not one or not two or one.isascii() is not two.isascii():
        return True
    return _word_in(one, two) or _word_in(two, one)


def _word_in(text: str, other: str) -> bool:
    together = other.replace(" ", "")
    return any(word in together for word in text.split() if len(word) > 1 or not word.isascii())


def _is_no_accent(character: str) -> bool:
    return not unicodedata.combining(character)
