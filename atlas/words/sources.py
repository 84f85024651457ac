"""What is shown, where it comes from and of which day it is, in sentences."""

import pandas as pd

from atlas.base.i18n import Translator
from atlas.catalogue.provenance import Named
from atlas.catalogue.world import World
from atlas.territory.territory import Territory

_PUBLISHED, _ALONE = "app.sources", "data.sources_alone"
# What is shown, by the sentence on its sources.
_SHOWN = {
    _PUBLISHED: "method.shown.published",
    _ALONE: "method.shown.alone",
    "data.sources_added": "method.shown.added",
}


def is_published(world: World) -> bool:
    """Tell whether what is shown is the published catalogue, which a link opens for others too."""
    return world.sources == _PUBLISHED


def say_sources(world: World, say: Translator) -> str:
    """Return the sources of initiatives, places and population, each with its year or date."""
    years = world.catalogue.initiatives[["start_year", "end_year"]].max().max()
    latest = "" if pd.isna(years) else say("app.latest_year", year=int(years))
    source = say_source(world, say)
    catalogue = "; ".join(filter(None, (say_title(world, say), source[:1].lower() + source[1:])))
    return say(
        world.sources, title=say_title(world, say), catalogue=catalogue, year=latest, **say_days(world.territory, say)
    )


def say_title(world: World, say: Translator) -> str:
    """Return the published catalogue's title and licence: "catalogo dell'atlante, CC BY 4.0"."""
    title = _named(world, say).title or say("origin.untitled")
    return ", ".join(filter(None, (title, world.provenance.licence)))


def say_source(world: World, say: Translator, in_full: bool = False) -> str:
    """Return where the published facts come from, "Fonte: …", or nothing if the catalogue does not say it."""
    named = _named(world, say)
    source = (in_full and named.source_in_full) or named.source
    return say("origin.source", source=source) if source else ""


def say_situation(world: World, say: Translator) -> str:
    """Return the time that the published facts describe, as a sentence, or nothing."""
    situation = world.provenance.situation
    return say("origin.situation", situation=situation) if situation else ""


def say_what(world: World, say: Translator) -> list[str]:
    """Return sentences on what is shown: the catalogue, in its own words, the reader's file, or both; and a caution."""
    said = [say_shown(world, say)]
    if world.sources != _ALONE:
        source = say_source(world, say, in_full=True)
        said += [_named(world, say).description, f"{source}." if source else say("origin.no_source")]
        said.append(say_situation(world, say))
    return [sentence for sentence in (*said, say("method.caution")) if sentence]


def say_shown(world: World, say: Translator) -> str:
    """Say how many initiatives there are to look at, and whether they are the catalogue's, the reader's or both."""
    return say.plural(_SHOWN[world.sources], len(world.catalogue))


def say_licence(world: World, say: Translator) -> str:
    """Return the licences of catalogue, boundaries, residents and map."""
    if world.sources == _ALONE:
        catalogue = say("origin.own_file")
    elif world.provenance.licence:
        catalogue = say("origin.licence", licence=world.provenance.licence)
    else:
        catalogue = say("origin.no_licence")
    return f"{catalogue} {say('method.licence')}"


def say_days(territory: Territory, say: Translator) -> dict[str, str]:
    """Return the dates used in sentences: `geography`, of the boundaries; `population`, of the residents."""
    dates = territory.dates
    return {"geography": say.date(dates.geography), "population": say.date(dates.population)}


def _named(world: World, say: Translator) -> Named:
    return world.provenance.words(say.language)
