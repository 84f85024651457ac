"""Data shared by all sessions of the process, read once and never modified."""

import gc
from functools import cache as once

from atlas.base.folders import DATA_DIR
from atlas.catalogue.source.bundle import bundled_keeper, bundled_territory, published_edition
from atlas.catalogue.source.keeper import Edition, Trouble
from atlas.indicators.peers import Profiles, build_profiles
from atlas.territory.codes import read_code_changes
from atlas.territory.places.search import PlaceIndex, index_places
from atlas.territory.territory import Territory
from atlas.territory.vintage import CodeYears


def load_territory() -> Territory:
    """Return the territory; DataError if a file is missing or broken."""
    return bundled_territory()


def load_edition() -> Edition:
    """Return the published version of the initiatives; DataError if there is no valid one.

    It may change at any moment, so a run asks only once (see `state.open_screen`).
    """
    return published_edition()


def load_trouble() -> Trouble | None:
    """Return why the published version is not the current one of its source, None if it is."""
    return bundled_keeper().trouble


def load_places() -> PlaceIndex:
    """Return the index of places by name."""
    return index_places(load_territory())


@once
def load_code_years() -> CodeYears:
    """Return the codes that municipalities had in other years."""
    territory = load_territory()
    return CodeYears(territory.municipalities.index, read_code_changes(DATA_DIR), territory.dates.geography.year)


def load_profiles() -> Profiles:
    """Return the features municipalities are compared by."""
    return build_profiles(load_territory())


@once
def set_aside_shared_memory() -> None:
    """Exclude process-wide objects from garbage collection, which would scan the whole territory every time.

    To be called at the end of a run.
    """
    gc.collect()
    gc.freeze()
