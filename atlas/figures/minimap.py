"""Small static maps as SVG; no words, only codes and numbers."""

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from atlas.base.model import Level
from atlas.catalogue.catalogue import Catalogue
from atlas.figures.marks import mark_areas, mark_points
from atlas.figures.shapes import join_shapes, read_shapes, to_plane
from atlas.indicators.classes import PALETTES
from atlas.territory.territory import LEVELS_BY_DIGITS, Territory

if TYPE_CHECKING:
    from geopandas import GeoSeries
    from shapely import Geometry

WIDTH, HEIGHT = 260, 220
_MARGIN = 12
# Radius in pixels of the circle of one initiative; the area grows with the number, on every map alike.
_RADIUS = 3.2
_FINEST = 0.3  # pixels

Point = tuple[float, float, float]


def build_minimap(
    code: str,
    points: Iterable[Point],
    theme: str = "light",
    coarse: float = 0.0,
    areas: Iterable[tuple[str, ...]] = (),
) -> str:
    """Draw a region, a province or, without a code, all the regions, and circles at `points` (lon, lat, number).

    The territory fills the picture; circles have the same scale on every picture. coarse: by how many pixels outlines
    may be simplified. areas: codes of municipalities, each drawn as one outlined area. KeyError if it has no outline.
    """
    palette = PALETTES[theme]
    matrix, paths = _land(code, coarse)
    land = "".join(f'<path d="{path}" fill="{palette["land"]}" stroke="{palette["outline"]}"/>' for path in paths)
    outlines = "".join(f'<path d="{path}"/>' for path in _outline(areas, matrix))
    circles = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS * math.sqrt(n):.1f}"/>'
        for x, y, n in sorted(_place(points, matrix), key=lambda one: -one[2])
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<g stroke-width="1" stroke-linejoin="round" fill-rule="evenodd">{land}</g>'
        f'<g fill="{palette["area"]}" fill-opacity="0.6" stroke="{palette["circle"]}" stroke-width="0.7">{outlines}</g>'
        f'<g fill="{palette["circle"]}" fill-opacity="0.85" stroke="{palette["line"]}" stroke-width="0.7">'
        f"{circles}</g></svg>"
    )


def draw_marks(selected: Catalogue, territory: Territory, code: str, theme: str = "light") -> tuple[str, bool]:
    """Draw a region, a province or, for any other code, the country, with one mark for each initiative.

    Also return whether there are outlines, which need to be explained: initiatives of several municipalities.
    """
    areas = mark_areas(selected, territory, code)
    points = mark_points(selected, territory, code)
    return build_minimap(code if territory.level_of(code) else "", points, theme, areas=areas), bool(areas)


@lru_cache(maxsize=256)
def _land(code: str, coarse: float) -> tuple[list[float], tuple[str, ...]]:
    """Return the transformation of metres to pixels, and the outlines of what is shown."""
    shapes = read_shapes(LEVELS_BY_DIGITS[len(code)] if code else Level.REGION)
    shown = shapes.loc[[code]] if code else shapes
    matrix = _fit(shown)
    return matrix, tuple(map(_to_path, shown.affine_transform(matrix).simplify(coarse)))


def _fit(shapes: "GeoSeries") -> list[float]:
    """Return the affine transformation of metres to pixels that fills the picture (shapely: a, b, d, e, x, y)."""
    west, south, east, north = shapes.total_bounds
    scale = min((WIDTH - 2 * _MARGIN) / (east - west), (HEIGHT - 2 * _MARGIN) / (north - south))
    return [scale, 0, 0, -scale, WIDTH / 2 - (west + east) / 2 * scale, HEIGHT / 2 + (south + north) / 2 * scale]


def _place(points: Iterable[Point], matrix: list[float]) -> list[Point]:
    """Return the points in pixels of the picture."""
    known = list(points)
    if not known:
        return []
    lon, lat, n = zip(*known, strict=True)
    at = to_plane(lon, lat) * np.array([matrix[0], matrix[3]]) + np.array(matrix[4:])
    return [(float(x), float(y), count) for (x, y), count in zip(at, n, strict=True)]


def _outline(areas: Iterable[tuple[str, ...]], matrix: list[float]) -> list[str]:
    """Return one outline around each area, no finer than can be seen."""
    import geopandas

    joined = geopandas.GeoSeries(list(map(join_shapes, areas)))
    return list(map(_to_path, joined.affine_transform(matrix).simplify(_FINEST)))


def _to_path(shape: "Geometry") -> str:
    import shapely

    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    lines = ("L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1]) for ring in rings)
    return "".join(f"M{line}Z" for line in lines)
