"""Words, numbers and dates in the reader's language, from the files in atlas/locales."""

import datetime
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from atlas.base.folders import LOCALES
from atlas.base.model import Language

_ITALY = ZoneInfo("Europe/Rome")
# 1234 is written 1.234: by default Babel groups four-digit numbers only in some locales.
_GROUPED = "#,##0"
_MOST_DIGITS = 6


@dataclass(frozen=True)
class Translator:
    """The words of one language. Keys are dotted paths, such as "map.legend.none"."""

    language: Language
    catalogue: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of a key with its {placeholders} filled; KeyError if there is no such key."""
        text = self.catalogue[key]
        return text.format(**values) if values else text

    def plural(self, key: str, n: float, **values: object) -> str:
        """Return the "one" or the "other" form of a key; {n} is the number in the language's format."""
        form = "one" if n == 1 else "other"
        return self.catalogue[f"{key}.{form}"].format(n=self.number(n), **values)

    def number(self, value: float, digits: int | None = None) -> str:
        """Format a number with the language's separators; by default with decimals only if it has any."""
        digits = _digits_of(value) if digits is None else digits
        # 0.0 and -0.0 are one key of the cache: without its sign the second can not be written for the first.
        return _write(float(value) + 0.0, digits, self.language)

    def numbers(self, values: Sequence[float]) -> list[str]:
        """Format numbers read side by side: all with more decimals if two that differ would be written alike.

        Thousands have decimals only then: between 1,300 and 5,291 a tenth says nothing.
        """
        digits = [0 if abs(value) >= 1000 else _digits_of(value) for value in values]
        while max(digits, default=_MOST_DIGITS) < _MOST_DIGITS:
            if len({round(value, shown) for value, shown in zip(values, digits, strict=True)}) == len(set(values)):
                break
            digits = [shown + 1 for shown in digits]
        return [self.number(value, shown) for value, shown in zip(values, digits, strict=True)]

    def date(self, day: datetime.date) -> str:
        """Write a day: "31 dicembre 2025", "1° gennaio 2026", "1 January 2026"."""
        written = str(format_date(day, format="long", locale=self.locale))
        return f"1°{written[1:]}" if day.day == 1 and self.language is Language.IT else written

    def moment(self, moment: datetime.datetime) -> str:
        """Format a time-zone-aware moment as date and time in Italy."""
        here = moment.astimezone(_ITALY)
        return f"{self.date(here.date())}, {here:%H:%M}"

    def sequence(self, items: Iterable[str]) -> str:
        """Join items as a list in the language: "a, b e c", "a, b and c"."""
        return str(format_list(list(items), locale=self.locale))

    @property
    def locale(self) -> Locale:
        return _locale(self.language)


def _digits_of(value: float) -> int:
    return 0 if float(value).is_integer() else 2 if abs(value) < 1 else 1


@lru_cache(maxsize=10_000)
def _write(value: float, digits: int, language: Language) -> str:
    pattern = f"{_GROUPED}.{'0' * digits}" if digits else _GROUPED
    return str(format_decimal(value, format=pattern, locale=_locale(language)))


@cache
def _locale(language: Language) -> Locale:
    return Locale.parse({"it": "it_IT", "en": "en_GB"}[language.value])


@cache
def translator(language: Language) -> Translator:
    """Return the translator of a language, read once."""
    return Translator(language, read_catalogue(language))


def read_catalogue(language: Language) -> Mapping[str, str]:
    """Read the words of one language as flat dotted keys."""
    with (LOCALES / f"{language.value}.toml").open("rb") as file:
        return dict(_flatten(tomllib.load(file)))


def _flatten(table: Mapping[str, object], prefix: str = "") -> Iterable[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
