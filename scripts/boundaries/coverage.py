"""Municipality polygons as one coverage: repair, merge, simplify, measure; it knows nothing of files or names."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .sources import METRIC_CRS

EQUAL_AREA_CRS = "EPSG:3035"
DEGREES_CRS = "EPSG:4326"
GAP_WIDTH_M = 10.0
TOLERANCE_M = 100.0
DECIMALS = 5
# A hole this large inside Italy is another country or a lake town's enclave, not a defect of the drawing.
REAL_HOLE_M2 = 100_000.0


@dataclass(frozen=True)
class Defects:
    """What is wrong with a coverage: polygons, not metres. real_holes is what remains when nothing is wrong."""

    features: int
    invalid: int
    empty: int
    bad_edges: int
    small_holes: int
    real_holes: int


@dataclass(frozen=True)
class Displacement:
    """How far the drawn boundary lies from the source one, in metres, over every vertex of the source boundary."""

    mean_m: float
    p99_m: float
    max_m: int


def clean_coverage(layer: gpd.GeoSeries) -> gpd.GeoSeries:
    """Repair invalid polygons, then close gaps up to GAP_WIDTH_M and remove overlaps. CRS and index are kept."""
    valid = shapely.make_valid(layer.to_numpy(), method="structure", keep_collapsed=False)
    return gpd.GeoSeries(shapely.coverage_clean(valid, gap_width=GAP_WIDTH_M), index=layer.index, crs=layer.crs)


def merge_municipalities(layer: gpd.GeoSeries, today: Mapping[str, str]) -> gpd.GeoSeries:
    """Give every municipality its code of today (today: old code → new) and dissolve those that share it; sorted."""
    codes = [today.get(code, code) for code in layer.index]
    merged = gpd.GeoDataFrame(geometry=layer, crs=layer.crs).dissolve(by=codes, method="coverage")
    return merged.geometry.sort_index().rename_axis("istat_code")


def simplify_coverage(layer: gpd.GeoSeries, tolerance_m: float) -> gpd.GeoSeries:
    """Simplify shared edges once for both neighbours, so that no gap opens between them."""
    return gpd.GeoSeries(shapely.coverage_simplify(layer.to_numpy(), tolerance_m), index=layer.index, crs=layer.crs)


def round_degrees(layer: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the layer in EPSG:4326 with DECIMALS decimals, exactly as a reader of the GeoJSON file will see it."""
    degrees = layer.to_crs(DEGREES_CRS).to_numpy()
    rounded = shapely.transform(degrees, lambda xy: np.round(xy, DECIMALS))
    oriented = shapely.orient_polygons(rounded, exterior_cw=False)
    return gpd.GeoSeries(oriented, index=layer.index, crs=DEGREES_CRS)


def measure_places(layer: gpd.GeoSeries) -> pd.DataFrame:
    """Return area_km2 (equal-area) and lon, lat of a point inside, from the full geometry."""
    points = gpd.GeoSeries(layer.representative_point(), crs=layer.crs).to_crs(DEGREES_CRS)
    area_km2 = layer.to_crs(EQUAL_AREA_CRS).area / 1e6
    return pd.DataFrame(
        {"area_km2": area_km2.round(3), "lon": points.x.round(DECIMALS), "lat": points.y.round(DECIMALS)}
    )


def find_defects(layer: gpd.GeoSeries) -> Defects:
    """Count what is wrong with the layer as it stands (any CRS), holes measured in METRIC_CRS."""
    shapes = layer.to_numpy()
    parts = shapely.get_parts(shapely.coverage_union_all(shapes))
    rings = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    holes = gpd.GeoSeries(rings, crs=layer.crs).to_crs(METRIC_CRS)
    return Defects(
        features=len(shapes),
        invalid=int((~shapely.is_valid(shapes)).sum()),
        empty=int(shapely.is_empty(shapes).sum()),
        bad_edges=int((~shapely.is_empty(shapely.coverage_invalid_edges(shapes))).sum()),
        small_holes=int((holes.area < REAL_HOLE_M2).sum()),
        real_holes=int((holes.area >= REAL_HOLE_M2).sum()),
    )


def measure_displacement(source: gpd.GeoSeries, drawn: gpd.GeoSeries) -> Displacement:
    """Distance of every vertex of the source boundary from the drawn boundary of the same municipality.

    Both layers have the same index; the drawn one may be in any CRS. Vertices crowd where a line winds, so this reads
    higher than an average along the line would: it is the severe way of measuring.
    """
    targets = shapely.boundary(drawn.to_crs(source.crs).loc[source.index].to_numpy())
    coordinates, owner = shapely.get_coordinates(shapely.boundary(source.to_numpy()), return_index=True)
    shapely.prepare(targets)
    distances = shapely.distance(targets[owner], shapely.points(coordinates))
    return Displacement(
        round(float(distances.mean()), 1), round(float(np.quantile(distances, 0.99)), 1), round(float(distances.max()))
    )
