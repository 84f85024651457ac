"""A small static map of one territory as SVG, from the simplified outlines."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from atlas.base.model import Level
from atlas.indicators.classes import PALETTES

WIDTH, HEIGHT = 260, 220
_MARGIN = 12
_LAYERS = {Level.REGION: "regions", Level.PROVINCE: "provinces"}
# Radius in pixels of the circle of one initiative; the area grows with the number, with the same scale on every map.
_RADIUS = 3.2

Ring = list[tuple[float, float]]
Point = tuple[float, float, int]


@dataclass(frozen=True)
class Outlines:
    """The outlines of regions and provinces, as the TopoJSON file of the map has them."""

    document: Mapping[str, Any]

    @cached_property
    def _arcs(self) -> list[Ring]:
        """Return each arc in degrees: steps on a grid, added up."""
        (sx, sy), (tx, ty) = (self.document["transform"][key] for key in ("scale", "translate"))
        arcs = []
        for steps in self.document["arcs"]:
            x = y = 0
            arc = []
            for dx, dy in steps:
                x, y = x + dx, y + dy
                arc.append((x * sx + tx, y * sy + ty))
            arcs.append(arc)
        return arcs

    @cached_property
    def _shapes(self) -> Mapping[Level, Mapping[str, Mapping[str, Any]]]:
        objects = self.document["objects"]
        return {level: {one["id"]: one for one in objects[name]["geometries"]} for level, name in _LAYERS.items()}

    def codes(self, level: Level) -> Iterable[str]:
        return self._shapes[level]

    def rings(self, level: Level, code: str) -> list[Ring]:
        """Return the rings of a region or province, outer and inner ones alike; KeyError if it has no outline."""
        shape = self._shapes[level][code]
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        return [self._join(ring) for polygon in polygons for ring in polygon]

    def neighbours(self, code: str) -> tuple[str, ...]:
        """Return the codes of the regions that share a border with one."""
        mine = self._borders[code]
        return tuple(other for other, arcs in self._borders.items() if other != code and arcs & mine)

    @cached_property
    def _borders(self) -> Mapping[str, frozenset[int]]:
        """Return the arcs of each region, ignoring direction."""
        borders = {}
        for code, shape in self._shapes[Level.REGION].items():
            polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
            borders[code] = frozenset(a if a >= 0 else ~a for polygon in polygons for ring in polygon for a in ring)
        return borders

    def _join(self, arcs: list[int]) -> Ring:
        ring: Ring = []
        for arc in arcs:
            points = self._arcs[arc] if arc >= 0 else self._arcs[~arc][::-1]
            ring.extend(points[1:] if ring else points)
        return ring


def read_outlines(path: Path) -> Outlines:
    """Read the simplified outlines of the map."""
    return Outlines(json.loads(path.read_text(encoding="utf-8")))


def build_minimap(
    outlines: Outlines, level: Level | None, code: str, points: Iterable[Point], theme: str = "light"
) -> str:
    """Draw a region, a province or, without a level, all the regions, and circles at `points` (lon, lat, number).

    The territory fills the picture; circles have the same scale on every picture. Codes and numbers only go in.
    """
    palette = PALETTES[theme]
    shown = [code] if level else list(outlines.codes(Level.REGION))
    shapes = [outlines.rings(level or Level.REGION, one) for one in shown]
    project = _fit([point for shape in shapes for ring in shape for point in ring])
    land = "".join(
        f'<path d="{_to_path(shape, project)}" fill="{palette["land"]}" stroke="{palette["outline"]}"/>'
        for shape in shapes
    )
    circles = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS * math.sqrt(n):.1f}"/>'
        for (x, y), n in sorted(((project(lon, lat), n) for lon, lat, n in points), key=lambda one: -one[1])
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<g stroke-width="1" stroke-linejoin="round" fill-rule="evenodd">{land}</g>'
        f'<g fill="{palette["circle"]}" fill-opacity="0.85" stroke="{palette["line"]}" stroke-width="0.7">'
        f"{circles}</g></svg>"
    )


def _fit(points: Ring) -> Any:
    """Return the projection of degrees to pixels that fills the picture; degrees of longitude shrink northwards."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = min((WIDTH - 2 * _MARGIN) / ((east - west) * shrink), (HEIGHT - 2 * _MARGIN) / (north - south))
    left = (WIDTH - (east - west) * shrink * scale) / 2
    top = (HEIGHT - (north - south) * scale) / 2

    def project(lon: float, lat: float) -> tuple[float, float]:
        return left + (lon - west) * shrink * scale, top + (north - lat) * scale

    return project


def _to_path(rings: Iterable[Ring], project: Any) -> str:
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (project(*point) for point in ring)) + "Z" for ring in rings
    )
