"""What a catalogue says of itself: its title, source, licence, and the time that its facts describe."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from atlas.base.model import DataError, Fault, Language
from atlas.base.tables import decode_text, read_bytes
from atlas.base.text import clean_line

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
_LONGEST = 1_000  # characters of one text


@dataclass(frozen=True, slots=True)
class Named:
    """The words of one language; each may be empty, which means that it is not said.

    title: the catalogue inside a sentence; source: where its facts come from, and the same in full; description: one or
    more sentences.
    """

    title: str = ""
    source: str = ""
    source_in_full: str = ""
    description: str = ""


@dataclass(frozen=True)
class Provenance:
    """The words of each language, the licence and its https address, the year (YYYY) or day (YYYY-MM-DD) that the facts
    describe, and the day on which the catalogue was last changed."""

    named: Mapping[Language, Named] = field(default_factory=dict)
    licence: str = ""
    licence_address: str = ""
    situation: str = ""
    updated: str = ""

    def words(self, language: Language) -> Named:
        """Return the words of a language, or of the other where only that one has any."""
        own = self.named.get(language)
        return own or next(iter(self.named.values()), Named())

    @property
    def identifier(self) -> str:
        """The licence by its SPDX identifier where it is the atlas's own, else as it is written."""
        return "CC-BY-4.0" if self.licence_address == CC_BY else self.licence


UNSAID = Provenance()
_GENERAL = ("licence", "licence_address", "situation", "updated")
# What each of these must look like, and the sentence that says so.
_FORMS = {
    "licence_address": (re.compile(r"https://\S+"), "deve essere un indirizzo https://."),
    "situation": (re.compile(r"\d{4}(-\d{2}-\d{2})?"), "deve essere un anno o un giorno, come 2020 o 2020-12-31."),
    "updated": (re.compile(r"\d{4}-\d{2}-\d{2}"), "deve essere un giorno, come 2026-11-28."),
}


@lru_cache(maxsize=4)
def read_provenance(path: Path) -> Provenance:
    """Read a TOML file like data/initiatives.toml; DataError for what it cannot have."""
    try:
        table = tomllib.loads(decode_text(read_bytes(path), path.name))
    except tomllib.TOMLDecodeError as error:
        raise _refused(path, "", f"non è un file TOML ({error}).") from error
    general = {name: _text(path, name, table.pop(name, "")) for name in _GENERAL}
    for name, (form, problem) in _FORMS.items():
        if general[name] and not (form.fullmatch(general[name]) and _is_date(general[name])):
            raise _refused(path, name, problem)
    named = {}
    for language in Language:
        given = table.pop(language.value, None)
        if given is not None:
            named[language] = _read_words(path, language, given)
    if table:
        raise _refused(path, next(iter(table)), "non è una voce conosciuta: le voci sono in docs/deploy.md.")
    return Provenance(named, **general)


def _read_words(path: Path, language: Language, given: Any) -> Named:
    known = Named.__dataclass_fields__
    if not isinstance(given, dict) or given.keys() - known.keys():
        raise _refused(path, f"[{language.value}]", f"può avere solo {', '.join(known)}.")
    return Named(**{name: _text(path, f"{language.value}.{name}", value) for name, value in given.items()})


def _text(path: Path, name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise _refused(path, name, f"deve essere un testo tra virgolette, di {_LONGEST} caratteri al più.")
    return clean_line(value)


def _is_date(text: str) -> bool:
    """Tell whether what is written like a day is one; anything else passes."""
    try:
        return text[4:5] != "-" or bool(date.fromisoformat(text))
    except ValueError:
        return False


def _refused(path: Path, name: str, problem: str) -> DataError:
    return DataError([Fault(path.name, 0, name, problem)])
