"""Polygons on a grid of integers → standard TopoJSON with shared arcs; it knows nothing of municipalities or files."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

Point = tuple[int, int]
Ring = list[Point]  # open: the last point is not the first again
Polygon = list[Ring]

METRES_PER_DEGREE = 111_200.0


@dataclass(frozen=True)
class Grid:
    """The integer grid of a quantised topology: degrees = integer × step + origin."""

    origin: tuple[float, float]
    step: tuple[float, float]

    @classmethod
    def over(cls, layer: gpd.GeoSeries, cell_m: float) -> "Grid":
        """Return a grid of about square cells, cell_m metres wide in the middle of the layer (in degrees)."""
        west, south, _, north = (float(bound) for bound in layer.total_bounds)
        height = cell_m / METRES_PER_DEGREE
        width = height / math.cos(math.radians((south + north) / 2))
        return cls((round(west, 5), round(south, 5)), (round(width, 8), round(height, 8)))

    def cells(self, coordinates: Any) -> list[Point]:
        """Return the cell of every point."""
        cells = np.rint((np.asarray(coordinates)[:, :2] - self.origin) / self.step).astype(int)
        return [(x, y) for x, y in cells.tolist()]


def drop_repeats(points: list[Point]) -> Ring:
    """Return a closed list of points as an open ring, without a point that repeats the one before."""
    return [point for before, point in zip(points[-1:] + points[:-1], points, strict=True) if point != before]


def snap_polygons(geometry: Any, grid: Grid) -> list[Polygon]:
    """Return the polygons of a shape on the grid: an island too small for it stays as a triangle of one cell."""
    polygons = []
    # Clockwise outside, as TopoJSON readers that draw on the sphere expect.
    for part in shapely.get_parts(shapely.orient_polygons(geometry, exterior_cw=True)):
        cells = grid.cells(part.exterior.coords)
        outer = drop_repeats(cells)
        if is_flat(outer):
            # The corner depends on the points only, so the same islet is the same triangle at every level.
            x, y = min(cells)
            outer = [(x, y), (x, y + 1), (x + 1, y)]
        inner = [drop_repeats(grid.cells(ring.coords)) for ring in part.interiors]
        polygons.append([outer, *(ring for ring in inner if not is_flat(ring))])
    return polygons


def is_flat(ring: Ring) -> bool:
    """Whether the ring encloses nothing on the grid."""
    if len(ring) < 3:
        return True
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True)) == 0


def find_junctions(rings: Iterable[Ring]) -> set[Point]:
    """Return the points where lines meet: those that two rings (or one, twice) pass with different neighbours."""
    neighbours: dict[Point, tuple[Point, Point]] = {}
    junctions = set()
    for ring in rings:
        for before, point, after in zip(ring[-1:] + ring[:-1], ring, ring[1:] + ring[:1], strict=True):
            pair = (before, after) if before < after else (after, before)
            if neighbours.setdefault(point, pair) != pair:
                junctions.add(point)
    return junctions


class ArcIndex:
    """Collects the arcs of a topology, each once whichever way it is walked."""

    def __init__(self, junctions: set[Point]) -> None:
        self.junctions = junctions
        self.arcs: list[tuple[Point, ...]] = []
        self._number: dict[tuple[Point, ...], int] = {}

    def cut(self, ring: Ring) -> list[int]:
        """Return the arc numbers of a ring, ~number where an arc is walked backwards."""
        starts = [position for position, point in enumerate(ring) if point in self.junctions]
        if not starts:
            starts = [ring.index(min(ring))]
        turned = [*ring[starts[0] :], *ring[: starts[0]], ring[starts[0]]]
        ends = [start - starts[0] for start in starts] + [len(ring)]
        return [self._add(tuple(turned[a : b + 1])) for a, b in pairwise(ends)]

    def _add(self, arc: tuple[Point, ...]) -> int:
        if (number := self._number.get(arc)) is not None:
            return number
        if (number := self._number.get(arc[::-1])) is not None:
            return ~number
        self._number[arc] = len(self.arcs)
        self.arcs.append(arc)
        return len(self.arcs) - 1


def build_topology(objects: Mapping[str, gpd.GeoSeries], grid: Grid, *, shared: bool) -> dict[str, Any]:
    """Return a TopoJSON topology: one GeometryCollection per object, `id` = the index of the layer, no properties.

    The layers are in degrees. With shared, lines are cut where they meet and each piece is written once: right for
    layers that are unions of one another. Without, every ring is one arc: smaller once a piece between two meeting
    points has fewer than four steps, because naming a piece twice then weighs more than repeating it.
    """
    snapped = {
        name: {code: snap_polygons(shape, grid) for code, shape in layer.items()} for name, layer in objects.items()
    }
    rings = [r for shapes in snapped.values() for polygons in shapes.values() for polygon in polygons for r in polygon]
    index = ArcIndex(find_junctions(rings) if shared else set())
    collections = {
        name: {
            "type": "GeometryCollection",
            "geometries": [build_geometry(code, polygons, index) for code, polygons in shapes.items()],
        }
        for name, shapes in snapped.items()
    }
    return {
        "type": "Topology",
        "transform": {"scale": list(grid.step), "translate": list(grid.origin)},
        "objects": collections,
        "arcs": [encode_steps(arc) for arc in index.arcs],
    }


def build_geometry(code: str, polygons: list[Polygon], index: ArcIndex) -> dict[str, Any]:
    """Return one TopoJSON geometry."""
    arcs = [[index.cut(ring) for ring in polygon] for polygon in polygons]
    if len(arcs) == 1:
        return {"type": "Polygon", "id": code, "arcs": arcs[0]}
    return {"type": "MultiPolygon", "id": code, "arcs": arcs}


def encode_steps(arc: tuple[Point, ...]) -> list[list[int]]:
    """Return the arc as its first point followed by steps, as TopoJSON wants it."""
    steps = np.diff(np.asarray(arc), axis=0, prepend=[[0, 0]])
    return [[int(dx), int(dy)] for dx, dy in steps]
