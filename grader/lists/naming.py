"""People and headings as they are written here and there: when two mean the same."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["could_be_one", "folded", "name_keys"]

LONGEST = 300  # characters of a name that count
SURE = 4  # letters of a word that is in another one by no chance
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
    one, two = _words(name), _words(other)
    if not one or not two or _is_latin(one) is not _is_latin(two):
        return True
    return not one.isdisjoint(two) or _together(one, two) or _together(two, one)


def _words(name: str) -> set[str]:
    """Return the words of a name but for initials."""
    return {word for word in folded(name).split() if len(word) > 1 or not word.isascii()}


def _is_latin(words: set[str]) -> bool:
    return all(word.isascii() for word in words)


def _together(words: set[str], others: set[str]) -> bool:
    """Tell whether words are what one other word is written together from."""
    (together,) = others if len(others) == 1 else ("",)
    found = [word for word in words if word in together]
    return len(found) == len(words) or any(len(word) >= SURE for word in found)


def _is_no_accent(character: str) -> bool:
    return not unicodedata.combining(character)
