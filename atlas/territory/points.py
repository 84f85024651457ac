"""From geometry to municipalities: points by where they are, lines and areas by what they cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from atlas.base.folders import DATA_DIR
from atlas.territory.territory import read_boundaries

if TYPE_CHECKING:
    import geopandas

# Boundaries are simplified and stop at the coast: a point so near outside is taken for the nearest municipality.
NEAR_METRES = 2_000.0
# What of a municipality an area must cover, or how long a line must be in it.
COVERED_SHARE, COVERED_HECTARES, CROSSED_METRES = 0.01, 1.0, 100.0
# Areas in these systems are true to size; EPSG:3035 is that of Europe.
_EQUAL_AREA = 3035
KNOWN_SYSTEMS = (4326, 32632, 32633, 3003, 3004, 25832, 25833, 6706, 7791, 7792, 3857)
# Italy with some sea around it: west, south, east, north.
ITALY = (6.0, 35.0, 19.0, 47.6)


@dataclass(frozen=True, slots=True)
class Place:
    """The municipalities of a geometry; `metres` is how far outside the nearest one it is, NaN when there is none."""

    codes: tuple[str, ...] = ()
    metres: float = 0.0


def place_points(x: npt.ArrayLike, y: npt.ArrayLike, system: int = 4326) -> list[Place]:
    """Return the place of each point: its municipality, or the nearest one within NEAR_METRES with the distance.

    A point that is no number has none, and NaN for the distance. One farther away has none, and its distance.
    """
    import geopandas

    return place_geometries(geopandas.GeoSeries.from_xy(np.asarray(x), np.asarray(y), crs=system))


def place_geometries(geometries: "geopandas.GeoSeries") -> list[Place]:
    """Return the place of each geometry; empty ones and those that are no numbers have none."""
    if not len(geometries):
        return []
    here = geometries.force_2d().to_crs(4326).reset_index(drop=True)
    usable = np.array([_is_usable(one) for one in here], dtype=bool)
    places = [Place(metres=float("nan"))] * len(here)
    is_point = np.asarray(here.geom_type == "Point") & usable
    _place_points(here[is_point], places)
    for at in np.flatnonzero(usable & ~is_point):
        places[at] = _place_shape(here.iloc[[at]])
    return places


def _place_points(points: "geopandas.GeoSeries", places: list[Place]) -> None:
    if not len(points):
        return
    import geopandas

    frame = geopandas.GeoDataFrame(geometry=points)
    inside = geopandas.sjoin(frame, _boundaries()[["geometry"]], predicate="intersects")
    codes = inside[inside.columns[-1]].groupby(level=0).min()
    for at, code in codes.items():
        places[int(str(at))] = Place((str(code),))
    outside = frame.loc[frame.index.difference(codes.index)].to_crs(_EQUAL_AREA)
    if not len(outside):
        return
    nearest = geopandas.sjoin_nearest(outside, _flat(), distance_col="metres")
    nearest = nearest[~nearest.index.duplicated()]
    for at, code, metres in zip(nearest.index, nearest[nearest.columns[-2]], nearest["metres"], strict=True):
        places[int(at)] = Place((str(code),) if metres <= NEAR_METRES else (), float(metres))


def _place_shape(shape: "geopandas.GeoSeries") -> Place:
    """Return the municipalities that a line crosses or an area covers."""
    flat = _flat()
    one = shape.to_crs(_EQUAL_AREA).make_valid().iloc[0]
    at = flat.sindex.query(one, predicate="intersects")
    if not len(at):
        return Place(metres=float(flat.distance(one).min()))
    near = flat.iloc[at]
    common = near.intersection(one)
    if one.area:
        kept = (common.area >= COVERED_SHARE * near.area) | (common.area >= COVERED_HECTARES * 10_000)
    else:
        kept = (common.length >= CROSSED_METRES) | (common.geom_type.isin(["Point", "MultiPoint"]))
    kept = kept if kept.any() else (common.area + common.length).rank(ascending=False, method="first") == 1
    return Place(tuple(sorted(map(str, near.index[kept]))))


def _is_usable(geometry: Any) -> bool:
    if geometry is None or geometry.is_empty:
        return False
    bounds: Sequence[float] = geometry.bounds
    return bool(np.isfinite(bounds).all()) and max(map(abs, bounds)) <= 180


@cache
def _boundaries() -> "geopandas.GeoDataFrame":
    return read_boundaries(DATA_DIR)[["geometry"]]


@cache
def _flat() -> "geopandas.GeoDataFrame":
    return _boundaries().to_crs(_EQUAL_AREA)
