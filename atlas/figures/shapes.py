"""The simplified boundaries for pictures made without a browser, read, projected and dissolved by geopandas.

geopandas takes seconds to import, so it is imported for the first picture.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from atlas.base.folders import DATA_DIR
from atlas.base.model import Level
from atlas.territory.territory import LEVELS_BY_DIGITS

if TYPE_CHECKING:
    from geopandas import GeoSeries
    from shapely import Geometry

FOLDER = DATA_DIR / "map"
DEGREE = 111_319.49  # metres of the Mercator plane in a degree of longitude
_DEGREES, _MERCATOR = "EPSG:4326", "EPSG:3857"
_FILE_AND_LAYER = {
    Level.REGION: ("outlines", "regions"),
    Level.PROVINCE: ("outlines", "provinces"),
    Level.MUNICIPALITY: ("municipalities", "municipalities"),
}


@cache
def read_shapes(level: Level, folder: Path = FOLDER) -> "GeoSeries":
    """Return the territories of a level by code, in metres of the Mercator plane, as the interactive map shows them."""
    import geopandas

    file, layer = _FILE_AND_LAYER[level]
    frame = geopandas.read_file(folder / f"{file}.topojson", layer=layer).set_crs(_DEGREES, allow_override=True)
    shapes: GeoSeries = frame.set_index("id").geometry.to_crs(_MERCATOR).sort_index()
    return shapes


@cache
def shapes_by_code(level: Level) -> Mapping[str, "Geometry"]:
    """Return the same as a mapping in the order of the codes: looked up and walked through far faster than a series."""
    return dict(zip(map(str, read_shapes(level).index), read_shapes(level), strict=True))


def shape_of(code: str) -> "Geometry | None":
    """Return the territory of a code of any level; None if it has no outline."""
    level = LEVELS_BY_DIGITS.get(len(code))
    return shapes_by_code(level).get(code) if level else None


@lru_cache(maxsize=1_000)
def join_shapes(codes: tuple[str, ...]) -> "Geometry":
    """Return the union of several territories, without the borders between them."""
    import shapely

    own = [shape for code in sorted(codes) if (shape := shape_of(code))]
    # Making a simplified outline valid may leave single lines beside the areas.
    parts = shapely.get_parts(shapely.get_parts(shapely.union_all(shapely.make_valid(own))))
    return shapely.MultiPolygon(list(parts[shapely.get_dimensions(parts) == 2]))


@cache
def neighbours_of(region: str) -> tuple[str, ...]:
    """Return the codes of the regions that share a border with one."""
    borders = read_shapes(Level.REGION).boundary
    shared = borders.intersection(borders[region]).length > 0
    return tuple(str(code) for code in borders.index[shared] if code != region)


def to_plane(lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return points x, y in metres of the Mercator plane from degrees."""
    import geopandas

    points = geopandas.GeoSeries.from_xy(np.asarray(lon, float), np.asarray(lat, float), crs=_DEGREES)
    projected = points.to_crs(_MERCATOR)
    return np.column_stack((projected.x, projected.y))
