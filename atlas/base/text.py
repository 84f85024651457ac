"""Text as it is compared in a search and as a line that any format can hold."""

import unicodedata

_TYPOGRAPHIC = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def fold(text: str) -> str:
    """Return the text without accents, case and typographic marks, as searches compare it."""
    if text.isascii():  # most words are, and there folding is only a matter of case: ten times as fast
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.translate(_TYPOGRAPHIC))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def clean_line(text: str) -> str:
    """Return a text as one line that every format can hold: no control character, no half of a character."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
