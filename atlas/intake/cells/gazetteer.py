"""The known places, shared by all files: those of the bundled territory, or of any other."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from atlas.base.folders import DATA_DIR
from atlas.catalogue.source.bundle import bundled_territory
from atlas.territory.codes import CodeBook, read_code_changes
from atlas.territory.places.matching import PlaceIndex, read_place_index
from atlas.territory.places.wide import AreaNames, WideNames
from atlas.territory.territory import Territory
from atlas.territory.vintage import CodeYears


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Territory, codes and names; `labels` like "Roma (RM) 058091".

    Labels are precomputed because one look-up in a frame takes as long as all the rest of a row.
    """

    territory: Territory
    codes: CodeBook
    index: PlaceIndex
    wide: WideNames
    areas: AreaNames
    labels: Mapping[str, str]
    years: CodeYears


def bundled_gazetteer() -> Gazetteer:
    """Return the gazetteer of the bundled territory; DataError if a file is missing (the next call tries again)."""
    return build_gazetteer(bundled_territory())


@lru_cache(maxsize=4)
def build_gazetteer(territory: Territory) -> Gazetteer:
    """Return the gazetteer of any territory, with the bundled code changes and names."""
    changes = read_code_changes(DATA_DIR)
    places = territory.municipalities[["name", "province_abbr"]].itertuples(name=None)
    return Gazetteer(
        territory,
        CodeBook(territory.municipalities, changes),
        read_place_index(DATA_DIR, territory),
        WideNames(territory),
        AreaNames(territory),
        {code: f"{name} ({abbr}) {code}" for code, name, abbr in places},
        CodeYears(territory.municipalities.index, changes, territory.dates.geography.year),
    )
