"""One initiative in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from atlas.base.i18n import Translator
from atlas.base.model import Language, Level
from atlas.base.text import clean_line
from atlas.catalogue.vocabulary import Term
from atlas.catalogue.world import World
from atlas.territory.places.names import place_name, title_of_place
from atlas.territory.territory import Territory

# More places than these are counted; a longer summary is cut on a slide.
NAMED_PLACES = 6
SUMMARY_ON_SLIDE = 700


@dataclass(frozen=True)
class Card:
    """One initiative in words: its title, its summary, and facts as pairs (what, words), unknown ones left out."""

    id: str
    title: str
    summary: str
    facts: tuple[tuple[str, str], ...]

    @property
    def slide_summary(self) -> tuple[str, bool]:
        """The summary cut to fit a slide, and whether it is complete."""
        short = shorten(self.summary, SUMMARY_ON_SLIDE)
        return short, short == self.summary


def build_card(world: World, id_: str, say: Translator) -> Card:
    """Return one initiative in words; KeyError if there is no such id."""
    row = world.catalogue.store.initiatives.loc[id_].to_dict()
    territory, vocabulary = world.territory, world.vocabulary
    partners = row["undisclosed_partners"]
    facts = (
        (say("card.where"), where_of(row, territory, say)),
        (say("card.when"), when_of(row, say)),
        (say("card.themes"), _labels(row["themes"], vocabulary.themes, say.language)),
        (say("card.targets"), _labels(row["targets"], vocabulary.targets, say.language)),
        (say("card.who"), str(row["lead_organisation"])),
        (say("card.partners"), ", ".join(str(row["partners"]).split(";"))),
        (say("card.partners"), "" if pd.isna(partners) else say.plural("card.undisclosed", int(partners))),
    )
    summary = str(row[f"summary_{say.language}"] or row["summary_it"] or row["summary_en"])
    kept = tuple((what, shorten(words)) for what, words in facts if clean_line(words))
    return Card(id_, title_of(row, say.language), clean_line(summary), kept)


def where_of(row: Mapping[Any, Any], territory: Territory, say: Translator) -> str:
    """Return where an initiative is: a municipality and its province, a few names, an area, or how many."""
    if row["scale"] == "national":
        return say("list.national")
    places = [code for code in str(row["places"]).split(";") if code]
    if len(places) == 1 and territory.level_of(places[0]) is Level.MUNICIPALITY:
        return clean_line(title_of_place(places[0], territory, say.language))
    codes = [municipality for code in places for municipality in territory.expand(code)]
    if not codes or len(codes) <= NAMED_PLACES:
        return clean_line(say.sequence(place_name(code, territory, say.language) for code in codes))
    number = say.plural("list.municipalities", len(codes))
    area = clean_line(place_name(places[0], territory, say.language)) if len(places) == 1 else ""
    return f"{area} ({number})" if area else number


def when_of(row: Mapping[Any, Any], say: Translator) -> str:
    """Return the years of an initiative in words; empty if the source gives none."""
    start, end = row["start_year"], row["end_year"]
    if pd.isna(start):
        return ""
    if pd.isna(end):
        return say("list.since", year=int(start))
    key = "list.in_year" if start == end else "list.years"
    return say(key, year=int(start), start=int(start), end=int(end))


def shorten(text: str, length: int = 160) -> str:
    """Return a text in one line of at most `length` characters, cut between words."""
    line = clean_line(text)
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[length // 2 :] else cut).rstrip(" ,;:.") + "…"


def title_of(row: Mapping[Any, object], language: Language) -> str:
    """Return the title of an initiative in a language, or in the other if it has none."""
    return clean_line(str(row[f"title_{language}"] or row["title_it"] or row["title_en"]))


def _labels(cell: object, terms: dict[str, Term], language: Language) -> str:
    return ", ".join(terms[id_].label(language) for id_ in str(cell).split(";") if id_ in terms)
