"""The sentences of an intake report in the reader's language; it knows no file and no screen.

The intake speaks Italian, like the offices that write the files and their command line. Both catalogues hold its
sentences: what matches one of the Italian ones is said again with the same values.
"""

import re
from collections.abc import Mapping
from functools import cache

from atlas.base.i18n import Translator, translator
from atlas.base.model import Language

_PREFIX = "data.said."


def translate_report(text: str, words: Translator) -> str:
    """Return a message or a suggestion in the language of `words`; a sentence that nobody knows stays as it is."""
    if words.language is Language.IT or not text:
        return text
    # Several sentences in a row: one that ends the text is known by itself, even where a value could swallow it.
    for at in [match.start() for match in re.finditer(r"(?<=[.?]) ", text)]:
        last = _say(text[at + 1 :], words)
        if last:
            return f"{translate_report(text[:at], words)} {last}"
    first, mark, rest = text.partition(". ")
    whole = _say(text, words)
    if whole or not mark:
        return whole or text
    return f"{_say(f'{first}.', words) or f'{first}.'} {translate_report(rest, words)}"


def _say(text: str, words: Translator) -> str:
    """Return one sentence in the language of `words`; empty when it is none of the intake's."""
    for key, pattern in _patterns().items():
        match = pattern.fullmatch(text)
        if match:
            values = {name: translate_report(value, words) for name, value in match.groupdict().items()}
            return words(f"data.said.{key}", **values) if values else words.catalogue[f"{_PREFIX}{key}"]
    return ""


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """Return the Italian sentences as patterns, the ones with most words of their own first."""
    italian = {
        key.removeprefix(_PREFIX): text
        for key, text in translator(Language.IT).catalogue.items()
        if key.startswith(_PREFIX)
    }
    by_length = sorted(italian, key=lambda key: -len(re.sub(r"\{\w+\}", "", italian[key])))
    return {key: _to_pattern(italian[key]) for key in by_length}


def _to_pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", sentence)
    names = iter(parts[1::2])
    return re.compile(
        re.escape(parts[0]) + "".join(f"(?P<{next(names)}>.+?){re.escape(text)}" for text in parts[2::2]), re.DOTALL
    )
