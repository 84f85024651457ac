"""Municipalities, provinces and regions with their codes, population and boundaries."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.model import DataError, Fault, Level
from atlas.base.tables import read_text
from atlas.territory.codes import read_code_changes
from atlas.territory.history import History, read_former_names, read_steps
from atlas.territory.territory_files import (
    BOUNDARIES_FILE,
    Dates,
    OtherName,
    read_age_bands,
    read_areas,
    read_municipalities,
    read_names_of_municipalities,
    read_names_of_territories,
)
from atlas.territory.territory_files import COUNTRY as COUNTRY

if TYPE_CHECKING:
    import geopandas

CODE_DIGITS = {Level.MUNICIPALITY: 6, Level.PROVINCE: 3, Level.REGION: 2}
LEVELS_BY_DIGITS = {digits: level for level, digits in CODE_DIGITS.items()}

Positions = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Territory:
    """The country at three levels. Frames are indexed by code, sorted; a missing population is NaN, never 0.

    municipalities: name, name_other, province_code, province, province_abbr, region_code, region, macro_area, nuts3,
    belfiore, is_capital (bool), population (inhabitants), area_km2, lon, lat (a point inside).
    provinces: name, abbr, region_code, region, n_municipalities, population, area_km2, lon, lat.
    regions: name, macro_area, n_municipalities, n_provinces, population, area_km2, lon, lat.
    age_bands: inhabitants of each municipality by age band, both sexes, columns AGE_BANDS.
    dates: the days of the geography and of the population.
    areas: municipality codes of each group that has no code of its own; area_names and area_names_en: its
    name in Italian and English.
    other_names: names that people write besides the official ones.
    history: what places were before.

    Sums over a province or a region skip the municipalities whose population is missing.
    """

    municipalities: pd.DataFrame
    provinces: pd.DataFrame
    regions: pd.DataFrame
    age_bands: pd.DataFrame
    dates: Dates
    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    area_names: Mapping[str, str] = field(default_factory=dict)
    area_names_en: Mapping[str, str] = field(default_factory=dict)
    other_names: tuple[OtherName, ...] = ()
    history: History = field(default_factory=lambda: History({}))

    def at(self, level: Level) -> pd.DataFrame:
        """Return the frame of a level, one row per territory."""
        frames = {
            Level.MUNICIPALITY: self.municipalities,
            Level.PROVINCE: self.provinces,
            Level.REGION: self.regions,
        }
        return frames[level]

    @cached_property
    def positions(self) -> Mapping[Level, Mapping[str, int]]:
        """Row of each code in the frame of its level."""
        return {level: {code: row for row, code in enumerate(self.at(level).index)} for level in Level}

    @cached_property
    def parents(self) -> Mapping[Level, Positions]:
        """For each level, the row of the territory containing each municipality, in the order of `municipalities`."""
        frame = self.municipalities
        codes = {
            Level.MUNICIPALITY: frame.index,
            Level.PROVINCE: frame["province_code"],
            Level.REGION: frame["region_code"],
        }
        parents = {level: self.at(level).index.get_indexer(pd.Index(of)) for level, of in codes.items()}
        for rows in parents.values():
            rows.flags.writeable = False
        return parents

    @cached_property
    def _members(self) -> Mapping[str, tuple[str, ...]]:
        members: dict[str, list[str]] = {}
        frame = self.municipalities
        for code, province, region in zip(frame.index, frame["province_code"], frame["region_code"], strict=True):
            for holder in (code, province, region):
                members.setdefault(holder, []).append(code)
        return {COUNTRY: (), **{code: tuple(codes) for code, codes in members.items()}, **self.areas}

    def __contains__(self, code: object) -> bool:
        """Tell whether a code of any level, an area or the country is known."""
        return code in self._members

    def level_of(self, code: str) -> Level | None:
        """Return the level of a known municipality, province or region code; None for anything else."""
        level = LEVELS_BY_DIGITS.get(len(code))
        return level if level is not None and code in self.positions[level] else None

    def expand(self, code: str) -> tuple[str, ...]:
        """Return the municipalities of a code of any level or of an area; none for the country; KeyError if unknown."""
        return self._members[code]

    def region_of(self, code: str) -> str:
        """Return the region code of a municipality, province or region; empty for an area, the country, an unknown."""
        return self._regions.get(code, "")

    @cached_property
    def _regions(self) -> Mapping[str, str]:
        """The region of each code: asked so often that reading a cell of a frame would take longer than all else."""
        regions = {str(code): str(code) for code in self.regions.index}
        for frame in (self.provinces, self.municipalities):
            regions |= {str(code): str(region) for code, region in frame["region_code"].items()}
        return regions

    def province_of(self, code: str) -> str:
        """Return the province code of a municipality or province; empty for anything else."""
        level = self.level_of(code)
        if level is Level.MUNICIPALITY:
            return str(self.municipalities.at[code, "province_code"])
        return code if level is Level.PROVINCE else ""

    def name_of(self, code: str) -> str:
        """Return the Italian name of a code of any level, an area or the country; the code itself if unknown."""
        return self._names.get(code, code)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        names = {COUNTRY: "Italia", **self.area_names}
        for level in Level:
            names |= {str(code): str(name) for code, name in self.at(level)["name"].items()}
        return names

    def seat_of(self, province_code: str) -> str:
        """Return the municipality that is the capital of a province; empty if the boundaries mark none."""
        members = self.municipalities.loc[list(self._members[province_code]), "is_capital"]
        capitals = members.index[members.to_numpy(dtype=bool)]
        return str(capitals[0]) if len(capitals) else ""


def read_territory(data_dir: Path) -> Territory:
    """Read comuni.geojson, population.csv, areas.csv (ISTAT) and the lists of names; DataError lists every fault."""
    faults: list[Fault] = []
    known: set[str] = set()
    names: dict[str, str] = {}
    with _collecting(faults):
        municipalities, dates = read_municipalities(data_dir / BOUNDARIES_FILE)
        known = set(municipalities.index)
        names = dict(zip(municipalities["province_code"], municipalities["province"], strict=True))
        names |= dict(zip(municipalities.index, municipalities["name"], strict=True))
    with _collecting(faults):
        age_bands = read_age_bands(data_dir / "population.csv", known)
    with _collecting(faults):
        areas = read_areas(data_dir / "areas.csv", known)
    with _collecting(faults):
        of_municipalities = read_names_of_municipalities(data_dir / "place_names.csv")
    with _collecting(faults):
        of_territories = read_names_of_territories(data_dir / "place_hints.csv")
    with _collecting(faults):
        history = History(names, read_code_changes(data_dir), read_steps(data_dir), read_former_names(data_dir))
    if faults:
        raise DataError(faults)
    return build_territory(municipalities, age_bands, dates, areas, (*of_municipalities, *of_territories), history)


@contextmanager
def _collecting(faults: list[Fault]) -> Iterator[None]:
    """Add the faults of a file that cannot be used to the others, so that the next files are read too."""
    try:
        yield
    except DataError as error:
        faults += [fault for fault in error.faults if fault not in faults]


def build_territory(
    municipalities: pd.DataFrame,
    age_bands: pd.DataFrame,
    dates: Dates,
    areas: pd.DataFrame,
    other_names: tuple[OtherName, ...],
    history: History,
) -> Territory:
    """Build the three levels from the municipalities (see Territory for the columns) and the rows of areas.csv."""
    municipalities = municipalities.sort_index()
    provinces = _summarise(municipalities, "province_code", ["province", "province_abbr", "region_code", "region"])
    provinces = provinces.rename(columns={"province": "name", "province_abbr": "abbr"})
    regions = _summarise(municipalities, "region_code", ["region", "macro_area"]).rename(columns={"region": "name"})
    regions.insert(3, "n_provinces", provinces.groupby("region_code").size())
    members: dict[str, tuple[str, ...]] = {}
    for area, code in zip(areas["area_id"], areas["istat_code"], strict=True):
        members[area] = (*members.get(area, ()), code)
    names, names_en = (
        dict(zip(areas["area_id"], areas[column], strict=True)) for column in ("area_name", "area_name_en")
    )
    age_bands = age_bands.reindex(municipalities.index)
    return Territory(
        municipalities, provinces, regions, age_bands, dates, members, names, names_en, other_names, history
    )


def read_boundaries(data_dir: Path) -> "geopandas.GeoDataFrame":
    """Read the municipality polygons (EPSG:4326), indexed by istat_code and sorted."""
    import geopandas  # imported here: it takes two seconds, and only drawing needs it

    path = data_dir / BOUNDARIES_FILE
    if not path.exists():
        read_text(path)
    return geopandas.read_file(path).set_index("istat_code").sort_index()


def _summarise(municipalities: pd.DataFrame, by: str, first: list[str]) -> pd.DataFrame:
    groups = municipalities.groupby(by, sort=True)
    frame = groups[first].first()
    frame["n_municipalities"] = groups.size()
    frame["population"] = groups["population"].sum(min_count=1)
    frame["area_km2"] = groups["area_km2"].sum()
    # The mean of the municipalities' points may be in the sea, so the nearest municipality's point is used.
    weighted = municipalities[["lon", "lat"]].mul(municipalities["area_km2"], axis=0)
    centre = weighted.groupby(municipalities[by]).transform("sum").div(groups["area_km2"].transform("sum"), axis=0)
    distance = ((municipalities[["lon", "lat"]] - centre) ** 2).sum(axis=1)
    nearest = distance.groupby(municipalities[by]).idxmin()
    frame[["lon", "lat"]] = municipalities.loc[nearest, ["lon", "lat"]].to_numpy()
    return frame
