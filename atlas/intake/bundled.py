"""The gazetteer of the bundled territory, built once for each territory."""

from functools import lru_cache

from atlas.base.folders import DATA_DIR
from atlas.catalogue.source.bundle import bundled_territory
from atlas.intake.cells.location import Gazetteer
from atlas.territory.codes import CodeBook, read_code_changes
from atlas.territory.places.matching import read_place_index
from atlas.territory.places.wide import WideNames
from atlas.territory.territory import Territory
from atlas.territory.vintage import CodeYears


def bundled_gazetteer() -> Gazetteer:
    """Return the gazetteer of the bundled territory; DataError if a file is missing (the next call tries again)."""
    return build_gazetteer(bundled_territory())


@lru_cache(maxsize=4)
def build_gazetteer(territory: Territory) -> Gazetteer:
    """Return the gazetteer of any territory, with the bundled code changes and names."""
    changes = read_code_changes(DATA_DIR)
    codes = CodeBook(territory.municipalities, changes)
    years = CodeYears(territory.municipalities.index, changes, territory.dates.geography.year)
    places = territory.municipalities[["name", "province_abbr"]].itertuples(name=None)
    labels = {code: f"{name} ({abbr}) {code}" for code, name, abbr in places}
    return Gazetteer(territory, codes, read_place_index(DATA_DIR, territory), WideNames(territory), labels, years)
