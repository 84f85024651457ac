"""What all sessions of a process share, read once; it knows no session. Nothing here is ever changed by a reader."""

import gc
from functools import cache as once

import streamlit as st

from atlas.base.model import Level
from atlas.catalogue.source.bundle import bundled_keeper, bundled_territory, bundled_vocabulary, published_edition
from atlas.catalogue.source.keeper import Edition, Trouble
from atlas.catalogue.vocabulary import Vocabulary
from atlas.indicators.peers import Profiles, build_profiles
from atlas.territory.places.search import PlaceIndex, index_places
from atlas.territory.territory import Territory


def load_territory() -> Territory:
    """Return the country; DataError when a file cannot be used."""
    return bundled_territory()


def load_vocabulary() -> Vocabulary:
    """Return themes and target groups; DataError when the file cannot be used."""
    return bundled_vocabulary()


def load_edition() -> Edition:
    """Return the version of the initiatives that is published now; DataError when there is none that can be used.

    It may be another a moment later: one run asks once (see `state.open_screen`).
    """
    return published_edition()


def load_trouble() -> Trouble | None:
    """Return why the published version is not the one at its home, None when it is."""
    return bundled_keeper().trouble


@st.cache_data(show_spinner=False)
def load_region_of_province() -> dict[str, str]:
    """Return the region code of each province."""
    return dict(load_territory().at(Level.PROVINCE)["region_code"])


def load_places() -> PlaceIndex:
    """Return all places by every name that people write for them."""
    return index_places(load_territory())


@once
def load_profiles() -> Profiles:
    """Return what municipalities are compared by."""
    return build_profiles(load_territory())


@once
def set_aside_shared_memory() -> None:
    """Take what lives as long as the process out of garbage collection; call it at the end of a run.

    Streamlit collects all garbage after every run and would look through the whole country each time, which costs more
    than the run itself.
    """
    gc.collect()
    gc.freeze()
