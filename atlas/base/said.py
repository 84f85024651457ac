"""A message as a key of `[message]` in the translations, with its values; worded where it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from atlas.base.i18n import Translator
from atlas.base.model import Language


class Bilingual(NamedTuple):
    """A value that is words too: a label in each language."""

    it: str
    en: str


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence as a key and its named values: text, numbers, or sentences. Equal sentences are equal values."""

    key: str
    values: tuple[tuple[str, "str | int | float | Bilingual | Said"], ...] = ()


def said(key: str, **values: "str | int | float | Bilingual | Said") -> Said:
    """Return the sentence of a key with its values."""
    return Said(key, tuple(values.items()))


def word(sentence: Said, words: Translator) -> str:
    """Return a sentence in the language of `words`; decimal numbers are written as the language does."""
    return words(f"message.{sentence.key}", **{name: _word_value(value, words) for name, value in sentence.values})


def word_all(sentences: Iterable[Said], words: Translator) -> str:
    """Return sentences one after the other, each with a capital letter."""
    texts = (word(sentence, words) for sentence in sentences)
    return " ".join(f"{text[:1].upper()}{text[1:]}" for text in texts)


def _word_value(value: "str | int | float | Bilingual | Said", words: Translator) -> str:
    if isinstance(value, Said):
        return word(value, words)
    if isinstance(value, Bilingual):
        return value.it if words.language is Language.IT else value.en
    return words.number(value) if isinstance(value, float) else str(value)
