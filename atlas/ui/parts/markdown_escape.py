"""Escaping text for Streamlit's Markdown."""

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Streamlit turns these into emoji and links after removing escapes, so a zero-width joiner separates them.
_SHORTCODE = re.compile(r":(?=[A-Za-z0-9_+\-]+:)")
# Regardless of the character before it: Markdown and Python define word boundaries differently.
_AUTOLINK = re.compile(r"(?i)(https?|ftp|mailto|xmpp|www)(?=[:.])")
# Arrows and signs that Streamlit sets in type.
_TYPED = re.compile(r"(?<=[-<>~=])(?=[-<>=])")
_JOINER = "\u2060"


def to_plain(text: str) -> str:
    """Return Markdown that reads as exactly this text: no image, link, colour, formula, emoji or heading in it."""
    text = _SHORTCODE.sub(f":{_JOINER}", text)
    text = _AUTOLINK.sub(rf"\1{_JOINER}", text)
    text = _TYPED.sub(_JOINER, text)
    text = text.replace("@", f"@{_JOINER}")
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))
