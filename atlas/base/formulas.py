"""Text that a spreadsheet would run as a formula: escaped with an apostrophe on export, restored on import."""

import re

# A cell is dangerous when it starts with one of these, also after spaces and also in its full-width form. Apostrophes
# in front are part of the pattern: a text that really starts with `'=` gets a second one, so that taking one off is
# always the exact inverse of adding one. A line feed counts like a carriage return, which reading turns into it.
_STARTS_A_FORMULA = re.compile("'*\\s*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def neutralise_formula(text: str) -> str:
    """Return the text with a leading apostrophe if a spreadsheet would run it as a formula."""
    return f"'{text}" if _STARTS_A_FORMULA.match(text) else text


def restore_text(text: str) -> str:
    """Undo `neutralise_formula`; any other text is returned unchanged."""
    return text[1:] if text.startswith("'") and _STARTS_A_FORMULA.match(text, 1) else text
