"""The numbers of the map in any of the formats."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.base.columns import About
from atlas.base.folders import DATA_DIR
from atlas.base.i18n import translator
from atlas.base.model import View
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.world import World
from atlas.figures.mapview import build_map_view
from atlas.publish.areas.csv_types import to_zip
from atlas.publish.areas.table import CRS, areas_csv, areas_xlsx, describe_areas
from atlas.territory.territory import read_boundaries
from atlas.territory.territory_files import BOUNDARIES_FILE

if TYPE_CHECKING:
    import geopandas


def publish_areas(
    kind: str, selected: Catalogue, view: View, world: World, about: About, created: date, crs: str = CRS[0]
) -> bytes:
    """Return the map's numbers as xlsx, csv, zip, gpkg or geojson. DataError: no boundaries.

    crs, one of CRS, is of a GeoPackage; zip is the CSV with the types of its columns.
    """
    say = translator(view.language)
    if kind in ("csv", "zip"):
        data = areas_csv(selected, view, world)
        return to_zip("atlante-territori", data) if kind == "zip" else data
    if kind == "xlsx":
        return areas_xlsx(selected, view, world, about, created, say)
    if kind not in ("geojson", "gpkg"):
        raise ValueError(f"no such format of the map's numbers: {kind}")
    from atlas.publish.areas.layers import areas_geojson, areas_gpkg  # here: geopandas takes seconds

    about = [*about, *describe_areas(build_map_view(selected, view, world), say)]
    shapes = _read_shapes(DATA_DIR, (DATA_DIR / BOUNDARIES_FILE).stat().st_mtime_ns)
    if kind == "geojson":
        return areas_geojson(selected, view, world, shapes, about)
    return areas_gpkg(selected, view, world, shapes, about, crs)


@lru_cache(maxsize=1)
def _read_shapes(data_dir: Path, modified: int) -> "geopandas.GeoDataFrame":
    """Return the municipality polygons, kept in memory (30 MB) until their file changes: reading takes a second."""
    return read_boundaries(data_dir)
