"""The data that come with the program, each read once a process; it knows no session and no server."""

from functools import cache
from pathlib import Path

from atlas.catalogue import Catalogue, read_initiatives
from atlas.settings import read_settings
from atlas.territory import Territory, read_territory
from atlas.vocabulary import Vocabulary, read_vocabulary

DATA_DIR = Path(__file__).parent.parent / "data"


@cache
def bundled_territory() -> Territory:
    """Return the territory; DataError when a file is missing or broken (the next call tries again)."""
    return read_territory(DATA_DIR)


@cache
def bundled_vocabulary() -> Vocabulary:
    """Return themes and target groups; DataError as above."""
    return read_vocabulary(DATA_DIR)


@cache
def bundled_catalogue() -> Catalogue:
    """Return the initiatives, those of the operator's file if there is one; DataError as above."""
    path = read_settings().catalogue or DATA_DIR / "initiatives.csv"
    return read_initiatives(path, bundled_territory(), bundled_vocabulary())
