"""Text normalised for searching, and cleaned into a single line."""

import re
import unicodedata
from datetime import date

from atlas.base.columns import FIRST_YEAR, LAST_YEAR

_NUMBER = re.compile(r"(?<=\d) (?=\w)| (?=[\d.,]+$)")
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


def bind_numbers(text: str) -> str:
    """Return a title in which a number stays in the line of what it counts, by no-break spaces."""
    return _NUMBER.sub("\u00a0", text)


def is_year_or_day(text: str) -> bool:
    """Tell whether a text is a year that a row may have, or a day of one: 2020, 2020-12-31."""
    if not re.fullmatch(r"\d{4}(-\d{2}-\d{2})?", text, re.ASCII) or not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return False
    try:
        return len(text) == 4 or bool(date.fromisoformat(text))
    except ValueError:
        return False
