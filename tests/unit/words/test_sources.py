"""The foot of every page and file says of which day its data are."""

import datetime

import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language, View
from atlas.catalogue.provenance import Named, Provenance
from atlas.catalogue.source.bundle import ABOUT, read_provenance
from atlas.catalogue.world import World
from atlas.words.citation import cite_initiative, to_citation
from atlas.words.sources import say_licence, say_shown, say_sources, say_what
from tests import factories

IT, EN = translator(Language.IT), translator(Language.EN)


def small_world(catalogue, key="app.sources"):
    return World(factories.small_territory(), factories.small_vocabulary(), catalogue, key)


def test_initiatives_places_and_residents_each_have_their_day():
    said = say_sources(small_world(factories.small_catalogue()), IT)
    assert ", fatti fino al 2020. " in said
    assert "province al 21 febbraio 2026" in said and "popolazione al 1° gennaio 2022" in said


def test_a_catalogue_without_years_says_none():
    catalogue = factories.small_catalogue()
    nothing = catalogue.keep(catalogue.store.initiatives["start_year"].isna().to_numpy())
    for say in (IT, EN):
        said = say_sources(small_world(nothing), say)
        assert "<NA>" not in said and "nan" not in said and "{" not in said and "fatti" not in said


@pytest.mark.parametrize("key", ["app.sources", "data.sources_alone", "data.sources_added"])
def test_the_real_days_are_those_of_the_files(key):
    territory = factories.real_territory()
    assert territory.dates.population == datetime.date(2022, 1, 1)
    world = World(territory, factories.small_vocabulary(), factories.small_catalogue(), key)
    said = say_sources(world, EN)
    assert f"as of {EN.date(territory.dates.geography)}, population of 1 January 2022" in said


OTHERS = Provenance({Language.IT: Named("schede della Regione", "rilevazione *2024*")}, "CC0")
LOOKS = ["app.sources", "data.sources_alone", "data.sources_added"]


def world_with(provenance, key):
    return World(
        factories.small_territory(), factories.small_vocabulary(), factories.small_catalogue(), key, provenance
    )


@pytest.mark.parametrize("key", LOOKS)
@pytest.mark.parametrize("say", [IT, EN])
@pytest.mark.parametrize("provenance", [Provenance(), OTHERS])
def test_the_collection_of_the_program_is_named_only_for_its_own_catalogue(provenance, say, key):
    world = world_with(provenance, key)
    today = datetime.date(2026, 11, 28)
    said = [
        say_sources(world, say),
        *say_what(world, say),
        say_licence(world, say),
        to_citation(View(), 3, world, say, today),
        cite_initiative("x", 1, world, say, today, ""),
    ]
    text = " ".join(said)
    assert "crisi pandemica" not in text and "Covid" not in text and "{" not in text
    assert ("CC BY 4.0" in text) is False
    is_others = provenance is OTHERS and key != "data.sources_alone"
    assert ("schede della Regione" in text) is is_others
    assert ("rilevazione *2024*" in text) is is_others


def test_a_file_of_ones_own_is_called_that_and_the_catalogue_is_named_beside_it():
    bundled = read_provenance(ABOUT)
    alone, added = (world_with(bundled, key) for key in LOOKS[1:])
    assert "un file non pubblicato" in say_shown(alone, IT) and "catalogo" not in say_shown(alone, IT)
    assert "CC BY 4.0" not in say_licence(alone, IT)
    assert "crisi pandemica" not in " ".join((*say_what(alone, IT), say_sources(alone, IT)))
    assert "crisi pandemica" in " ".join(say_what(added, IT)) and "un file non pubblicato" in say_shown(added, IT)
    assert "the atlas catalogue, CC BY 4.0, and a file that is not published" in say_sources(added, EN)


@pytest.mark.parametrize("say", [IT, EN])
def test_no_sentence_of_the_program_names_one_collection_or_its_licence(say):
    """What a catalogue is stands in a file beside it; ISTAT's licence is that of the boundaries."""
    named = [key for key, text in say.catalogue.items() if "crisi pandemica" in text or "CC BY 4.0" in text]
    assert [key for key in named if "ISTAT" not in say.catalogue[key]] == []
