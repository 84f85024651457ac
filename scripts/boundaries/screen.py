"""What the browser gets: light shapes of the three levels, a name and a point for each; nothing is measured on them."""

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from .coverage import DEGREES_CRS, simplify_coverage
from .topology import Grid, build_topology

# Tried: 500 to 1,100 m and cells of 93 to 220 m. With these the three files weigh 425 kB gzipped and a line moves by
# 114 m on average, one pixel at zoom 10. The tolerance is seen sooner than the cell.
TOLERANCE_M = 700.0
CELL_M = 220.0

LEVELS = {"municipalities": "istat_code", "provinces": "province_code", "regions": "region_code"}


def build_screen_layers(full: gpd.GeoSeries, names: pd.DataFrame) -> dict[str, gpd.GeoSeries]:
    """Return the three levels in degrees, sorted by code; provinces and regions unite the light municipalities."""
    light = simplify_coverage(full, TOLERANCE_M).to_crs(DEGREES_CRS)
    return {"municipalities": light} | {
        level: union_by(light, names[LEVELS[level]]) for level in ("provinces", "regions")
    }


def union_by(layer: gpd.GeoSeries, codes: pd.Series) -> gpd.GeoSeries:
    """Unite the polygons of a coverage that have the same code; every remaining vertex is one of theirs."""
    united = {code: shapely.coverage_union_all(part.to_numpy()) for code, part in layer.groupby(codes.to_numpy())}
    return gpd.GeoSeries(united, crs=layer.crs).sort_index()


def build_topologies(layers: dict[str, gpd.GeoSeries]) -> dict[str, dict[str, Any]]:
    """Return the two TopoJSON files on one grid, so that their edges coincide."""
    grid = Grid.over(layers["municipalities"], CELL_M)
    outlines = {level: layers[level] for level in ("regions", "provinces")}
    return {
        "outlines": build_topology(outlines, grid, shared=True),
        "municipalities": build_topology({"municipalities": layers["municipalities"]}, grid, shared=False),
    }
