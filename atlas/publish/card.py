"""One initiative in words, as every file shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from atlas.base.i18n import Translator
from atlas.base.model import Language
from atlas.base.text import clean_line
from atlas.catalogue.vocabulary import Term
from atlas.catalogue.world import World
from atlas.territory.places.names import place_name

LISTED_AT_MOST = 12


@dataclass(frozen=True)
class Card:
    """One initiative in words: its title, its summary, and facts as pairs (what, words), unknown ones left out."""

    id: str
    title: str
    summary: str
    facts: tuple[tuple[str, str], ...]


def build_card(world: World, id_: str, say: Translator) -> Card:
    """Return one initiative in words; KeyError when no initiative has that id."""
    row = world.catalogue.store.initiatives.loc[id_].to_dict()
    territory, vocabulary = world.territory, world.vocabulary
    places = [clean_line(place_name(code, territory, say.language)) for code in str(row["places"]).split(";")]
    where = places[:LISTED_AT_MOST] + (["…"] if len(places) > LISTED_AT_MOST else [])
    years = [str(row[name]) for name in ("start_year", "end_year") if pd.notna(row[name])]
    facts = (
        (say("card.where"), ", ".join(where)),
        (say("card.themes"), _labels(row["themes"], vocabulary.themes, say.language)),
        (say("card.targets"), _labels(row["targets"], vocabulary.targets, say.language)),
        (say("card.when"), "–".join(years)),
        (say("card.who"), str(row["lead_organisation"])),
        (say("card.partners"), ", ".join(str(row["partners"]).split(";"))),
    )
    summary = str(row[f"summary_{say.language}"] or row["summary_it"] or row["summary_en"])
    kept = tuple((what, clean_line(words)) for what, words in facts if clean_line(words))
    return Card(id_, title_of(row, say.language), clean_line(summary), kept)


def title_of(row: Mapping[Any, object], language: Language) -> str:
    """Return the title of an initiative in a language, or in the other when it has none."""
    return clean_line(str(row[f"title_{language}"] or row["title_it"] or row["title_en"]))


def _labels(cell: object, terms: dict[str, Term], language: Language) -> str:
    return ", ".join(terms[id_].label(language) for id_ in str(cell).split(";") if id_ in terms)
