"""One initiative in words, as every page and file shows it. Facts that the source does not give are left out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from atlas.base.i18n import Translator
from atlas.base.model import Language, Level, Scale
from atlas.base.text import clean_line
from atlas.catalogue.world import World
from atlas.territory.places.names import place_name, title_of_place
from atlas.territory.territory import Territory
from atlas.words.history import say_places_then
from atlas.words.phrases import option_label

# More places than these are counted; a longer summary is cut on a slide.
NAMED_PLACES = 6
SUMMARY_ON_SLIDE = 700
_ADDRESS = re.compile(r"https://[^\s<>\"']+", re.IGNORECASE)
Row = Mapping[Any, Any]


@dataclass(frozen=True)
class Card:
    """One initiative in words.

    place: with its region; national ones are "Tutta Italia". when: its years, empty when unknown. facts: pairs (what,
    words) of where, what, for whom, when and who; more: those that only the full card shows.
    """

    id: str
    title: str
    summary: str
    place: str
    when: str
    facts: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, str], ...]
    documents: tuple[str, ...]

    @property
    def slide_summary(self) -> tuple[str, bool]:
        """The summary as a slide can hold it, and whether that is all of it."""
        short = shorten(self.summary, SUMMARY_ON_SLIDE)
        return short, short == self.summary

    @property
    def slide_facts(self) -> tuple[tuple[str, str], ...]:
        """The facts as a slide can hold them."""
        return tuple((what, shorten(words)) for what, words in self.facts)


def build_card(world: World, id_: str, say: Translator) -> Card:
    """Return one initiative in words; KeyError when no initiative has that id."""
    row = row_of(world, id_)
    place, when = place_of(row, world, say), when_of(row, say)
    undisclosed = row["undisclosed_partners"]
    facts = (
        (say("card.where"), place),
        (say("then.title"), say_places_then(str(row["places"]), str(row["places_date"]), world.territory, say)),
        (say("card.when"), when),
        *(
            (say.plural(f"card.{dimension}", len(labels)), ", ".join(labels))
            for dimension in ("themes", "targets")
            for labels in (labels_of(row, dimension, world, say),)
        ),
        (say("card.who"), str(row["lead_organisation"])),
        (say("card.partners"), ", ".join(str(row["partners"]).split(";"))),
        (say("card.partners"), "" if _is_missing(undisclosed) else say.plural("card.undisclosed", int(undisclosed))),
    )
    more = (
        (say("card.funding"), _number(row["funding_eur"], say, "card.funding_value")),
        (say("card.funding_source"), str(row["funding_source"])),
        (say("card.beneficiaries"), _number(row["beneficiaries"], say)),
        *(
            (say(f"card.{column}"), option_label(f"{column}s", str(row[column]), world, say) if row[column] else "")
            for column in ("service_type", "channel", "scale")
        ),
    )
    documents = tuple(clean_line(document) for document in str(row["documents"]).split(";") if document)
    return Card(
        id_,
        title_of(row, say.language),
        summary_of(row, say.language),
        place,
        when,
        _known(facts),
        _known(more),
        documents,
    )


def row_of(world: World, id_: str) -> Row:
    """Return the cells of an initiative by column; KeyError when no initiative has that id."""
    cells: Row = world.catalogue.store.initiatives.loc[id_].to_dict()
    return cells


def title_of(row: Row, language: Language) -> str:
    """Return the title of an initiative in a language, or in the other when it has none."""
    return _text_of(row, "title", language)


def summary_of(row: Row, language: Language) -> str:
    """Return the summary of an initiative in a language, or in the other when it has none."""
    return _text_of(row, "summary", language)


def labels_of(row: Row, dimension: str, world: World, say: Translator) -> list[str]:
    """Return the labels of the themes or the target groups of an initiative."""
    return [option_label(dimension, option, world, say) for option in str(row[dimension]).split(";") if option]


def where_of(row: Row, territory: Territory, say: Translator) -> str:
    """Return where an initiative is: a municipality and its province, a few names, an area, or how many."""
    if row["scale"] == Scale.NATIONAL:
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


def place_of(row: Row, world: World, say: Translator) -> str:
    """Return where an initiative is, with its region where it is one: "Capannori (LU), Toscana"."""
    territory, where = world.territory, where_of(row, world.territory, say)
    codes = [one for code in str(row["places"]).split(";") if code for one in territory.expand(code)]
    regions = set(map(territory.region_of, codes))
    region = place_name(regions.pop(), territory, say.language) if len(regions) == 1 else ""
    return clean_line(where if region in ("", where.split(" (")[0]) else f"{where}, {region}")


def when_of(row: Row, say: Translator) -> str:
    """Return the years of an initiative in words; empty when the source gives none."""
    start, end = row["start_year"], row["end_year"]
    if _is_missing(start):
        return ""
    if _is_missing(end):
        return say("list.since", year=int(start))
    key = "list.in_year" if start == end else "list.years"
    return say(key, year=int(start), start=int(start), end=int(end))


def split_document(document: str) -> tuple[str, str]:
    """Return the words of a document and its https address; anything else that looks like an address stays words."""
    found = [one.rstrip(").,:!?]") for one in _ADDRESS.findall(document)]
    found = [address for address in found if _may_follow(address)]
    if not found:
        return document, ""
    return clean_line(document.replace(found[0], " ")), found[0]


def _may_follow(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return "." in (parts.hostname or "") and "@" not in parts.netloc and (parts.port or 1) > 0
    except ValueError:
        return False


def shorten(text: str, length: int = 160) -> str:
    """Return a text in one line of at most `length` characters, cut between words."""
    line = clean_line(text)
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[length // 2 :] else cut).rstrip(" ,;:.") + "…"


def _text_of(row: Row, column: str, language: Language) -> str:
    return clean_line(str(row[f"{column}_{language}"] or row[f"{column}_it"] or row[f"{column}_en"]))


def _number(value: object, say: Translator, key: str = "") -> str:
    number = "" if _is_missing(value) else say.number(float(value))  # type: ignore[arg-type]
    return say(key, n=number) if key and number else number


def _is_missing(value: object) -> bool:
    return bool(pd.isna(value))  # type: ignore[call-overload]


def _known(facts: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((what, clean_line(words)) for what, words in facts if clean_line(words))
