"""Escaping text for Streamlit's Markdown."""

import re
from collections.abc import Collection

from atlas.base.text import fold

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Streamlit turns these into emoji and links after removing escapes, so a zero-width joiner separates them.
_SHORTCODE = re.compile(r":(?=[A-Za-z0-9_+\-]+:)")
# Regardless of the character before it: Markdown and Python define word boundaries differently.
_AUTOLINK = re.compile(r"(?i)(https?|ftp|mailto|xmpp|www)(?=[:.])")
# Arrows and signs that Streamlit sets in type.
_TYPED = re.compile(r"(?<=[-<>~=])(?=[-<>=])")
_JOINER = "\u2060"
_ESCAPED = r"\\\1"
# A word that a colon precedes would not be marked but take the sign for its own.
_WORD = re.compile(r"(?<![:\w\u2060])[^\W_]+")


def to_plain(text: str) -> str:
    """Return Markdown that reads as exactly this text: no image, link, colour, formula, emoji or heading in it."""
    text = _SHORTCODE.sub(f":{_JOINER}", text)
    text = _AUTOLINK.sub(rf"\1{_JOINER}", text)
    text = _TYPED.sub(_JOINER, text)
    text = text.replace("@", f"@{_JOINER}")
    return _PUNCTUATION.sub(_ESCAPED, " ".join(text.split()))


def to_line(*facts: str) -> str:
    """Return those of the facts that are known as one line of Markdown."""
    return to_plain(" · ".join(filter(None, facts)))


def to_link(address: str) -> str:
    """Return an address as a link whose text is exactly the address, with nothing hidden that would be copied along."""
    target = address.replace("(", "%28").replace(")", "%29").replace(" ", "%20").replace("<", "%3C").replace(">", "%3E")
    return f"[{_PUNCTUATION.sub(_ESCAPED, address)}]({target})"


def mark_words(text: str, marked: Collection[str]) -> str:
    """Return Markdown that reads as exactly this text, with the words of `marked` (folded) on a coloured ground."""
    if not marked:
        return to_plain(text)
    return _WORD.sub(
        lambda word: f":yellow-background[{word[0]}]" if fold(word[0]) in marked else word[0], to_plain(text)
    )
