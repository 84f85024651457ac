"""The foot of every page and file says of which day its data are."""

import datetime

import pytest

from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.catalogue.world import World
from atlas.words.sources import say_sources
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
