"""The marks of a map of counts: one initiative is one mark, and marks that would touch are merged."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from atlas.base.model import CountingRule, Level
from atlas.catalogue.catalogue import Catalogue
from atlas.territory.territory import Territory

Booleans = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]

# Radii in pixels, for map.js, explore.js and the pictures alike. A circle's area grows with its number: `unit` is
# the radius of one initiative at zoom 6, `near` how much it grows with each zoom.
UNIT = {Level.REGION: 9.0, Level.PROVINCE: 6.5, Level.MUNICIPALITY: 5.0}
LEAST, MOST = 2.5, 30.0
LABEL = 6.5  # minimum radius of a circle with its number
RADII = {
    "unit": {level.value: unit for level, unit in UNIT.items()},
    "near": 0.15,
    "least": LEAST,
    "most": MOST,
    "label": LABEL,
}
# With more shared initiatives, each is counted in the municipality of its circle.
SHARED_AT_MOST = 300


@dataclass(frozen=True, slots=True)
class SharedMark:
    """An initiative in several territories of the level: one circle for all of them.

    row: of the initiative in the store; anchor: position of the municipality where the circle stands, which leads it
    (is_lead) or lies in the middle of its municipalities; value: by the counting rule, 1 or the part inside;
    area: position of its municipalities in Marks.areas.
    """

    row: int
    anchor: int
    is_lead: bool
    value: float
    area: int


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a map of counts. Every initiative on the map is in exactly one mark.

    n and value: by territory of the level, the initiatives only there, and their value by the counting rule; shared:
    the initiatives of several territories, unless there are too many, in which case they are in n; areas: the distinct
    sets of municipalities of shared initiatives.
    """

    n: npt.NDArray[np.int_]
    value: npt.NDArray[np.float64]
    shared: tuple[SharedMark, ...]
    areas: tuple[Booleans, ...]

    @property
    def total(self) -> int:
        return int(self.n.sum()) + len(self.shared)

    @property
    def largest(self) -> float:
        """The largest value of a mark, at least 1, which limits the size of circles."""
        return max([1.0, float(self.value.max(initial=0)), *(mark.value for mark in self.shared)])


def build_marks(selected: Catalogue, territory: Territory, level: Level, rule: CountingRule, inside: Booleans) -> Marks:
    """Return the marks of the selected initiatives; `inside` are the territories of the level in view.

    Under the lead rule only initiatives with their lead inside have a mark.
    """
    footprint = selected.store.footprints[level]
    touched = np.bincount(footprint.row, minlength=len(selected.store.initiatives))
    kept = selected.kept[footprint.row] & inside[footprint.territory]
    if rule is CountingRule.LEAD:
        kept &= footprint.is_lead
    weights = footprint.weight if rule is CountingRule.SHARE else np.ones(len(footprint.row))
    is_alone = kept & (touched[footprint.row] == 1)
    size = len(territory.at(level))
    position = footprint.territory[is_alone]
    shared = kept & ~is_alone
    values = np.bincount(footprint.row[shared], weights=weights[shared]).astype(float)
    rows = np.unique(footprint.row[shared])
    if rule is not CountingRule.SHARE:
        values = np.minimum(values, 1.0)
    anchors, is_lead = _find_anchors(selected, territory, level, rows, inside)
    n = np.bincount(position, minlength=size)
    value = np.bincount(position, weights=weights[is_alone], minlength=size).astype(float)
    if len(rows) > SHARED_AT_MOST:
        places = territory.parents[level][anchors]
        n += np.bincount(places, minlength=size)
        value += np.bincount(places, weights=values[rows], minlength=size)
        return Marks(n, value, (), ())
    number_of, areas = _read_areas(selected, rows, len(territory.municipalities))
    marks = (
        SharedMark(row, anchor, leads, part, area)
        for row, anchor, leads, part, area in zip(
            rows.tolist(), anchors.tolist(), is_lead.tolist(), values[rows].tolist(), number_of, strict=True
        )
    )
    return Marks(n, value, tuple(marks), areas)


def mark_points(
    selected: Catalogue,
    territory: Territory,
    code: str = "",
    level: Level = Level.MUNICIPALITY,
    rule: CountingRule = CountingRule.PRESENCE,
) -> list[tuple[float, float, int]]:
    """Return the circles of a small map: longitude, latitude, initiatives, which add up to those on the map.

    code: of a region or province that the map is of, anything else for the country. The initiatives of one territory of
    the level, which is not coarser than that of the code, are one circle, those of several stand at their lead or in
    their middle.
    """
    municipal = _municipalities_in(code, territory)
    inside = np.bincount(territory.parents[level], weights=municipal, minlength=len(territory.at(level))) > 0
    marks = build_marks(selected, territory, level, rule, inside)
    anchors = np.bincount([mark.anchor for mark in marks.shared], minlength=len(territory.municipalities))
    points = []
    for frame, counts in ((territory.at(level), marks.n), (territory.municipalities, anchors)):
        kept = counts > 0
        columns = (frame[name].to_numpy(dtype=float)[kept].tolist() for name in ("lon", "lat"))
        points += list(zip(*columns, counts[kept].tolist(), strict=True))
    return points


def mark_areas(selected: Catalogue, territory: Territory, code: str = "") -> list[tuple[str, ...]]:
    """Return the areas of a small map: of each set of municipalities that share initiatives, those inside `code`.

    A set of which only one is inside has no area: its circle stands there.
    """
    inside, codes = _municipalities_in(code, territory), territory.municipalities.index.to_numpy(dtype=str)
    marks = build_marks(selected, territory, Level.MUNICIPALITY, CountingRule.PRESENCE, inside)
    areas = (tuple(codes[area & inside].tolist()) for area in marks.areas)
    return [area for area in areas if len(area) > 1]


def _municipalities_in(code: str, territory: Territory) -> Booleans:
    """Return which municipalities are in a region or province; all of them for any other code."""
    level = territory.level_of(code)
    if level is None:
        return np.ones(len(territory.municipalities), dtype=bool)
    inside: Booleans = territory.parents[level] == territory.positions[level][code]
    return inside


def _find_anchors(
    selected: Catalogue, territory: Territory, level: Level, rows: Positions, inside: Booleans
) -> tuple[Positions, Booleans]:
    """Return where the circle of each row stands, and whether that is its lead.

    It is the municipality that leads it, if that is inside, or the one nearest to the middle of those inside.
    """
    footprint = selected.store.footprints[Level.MUNICIPALITY]
    is_wanted = np.zeros(len(selected.store.initiatives), dtype=bool)
    is_wanted[rows] = True
    is_kept = is_wanted[footprint.row] & inside[territory.parents[level]][footprint.territory]
    row, at, is_lead = footprint.row[is_kept], footprint.territory[is_kept], footprint.is_lead[is_kept]
    x = territory.municipalities["lon"].to_numpy(dtype=float)[at] * math.cos(math.radians(42))
    y = territory.municipalities["lat"].to_numpy(dtype=float)[at]
    away = (x - _mean_by(row, x)) ** 2 + (y - _mean_by(row, y)) ** 2
    away[is_lead] = -1.0
    starts = np.flatnonzero(np.diff(row, prepend=-1))  # entries of a row stand together
    if not len(starts):
        return at, is_lead
    nearest = np.repeat(np.minimum.reduceat(away, starts), np.diff(starts, append=len(row)))
    found = np.flatnonzero(away == nearest)
    first = found[np.diff(row[found], prepend=-1) > 0]
    return at[first], is_lead[first]


def _mean_by(row: Positions, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return for each entry the mean of the entries of its row."""
    sums, sizes = np.bincount(row, weights=values), np.bincount(row)
    means: npt.NDArray[np.float64] = sums[row] / sizes[row]
    return means


def _read_areas(selected: Catalogue, rows: Positions, size: int) -> tuple[list[int], tuple[Booleans, ...]]:
    """Return which area each row has, and the areas: each different set of municipalities once."""
    footprint = selected.store.footprints[Level.MUNICIPALITY]
    starts, ends = np.searchsorted(footprint.row, rows), np.searchsorted(footprint.row, rows, side="right")
    known: dict[bytes, int] = {}
    areas: list[Booleans] = []
    numbers = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        own = footprint.territory[start:end]
        if (key := own.tobytes()) not in known:
            known[key] = len(areas)
            areas.append(np.zeros(size, dtype=bool))
            areas[-1][own] = True
        numbers.append(known[key])
    return numbers, tuple(areas)


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle of the map: its place and radius in one unit of the picture, its value, and the marks it stands for."""

    x: float
    y: float
    radius: float
    value: float
    members: tuple[int, ...]


def gather(points: Sequence[tuple[float, float, float]], unit: float, least: float, most: float) -> list[Circle]:
    """Return the circles of marks (x, y, value), merging those that would touch; map_layout.js does the same.

    A circle's area grows with its value: its radius is `unit` for one, always between `least` and `most`. Large
    ones come first; a mark that touches an earlier circle is merged with it, at the centre of both.
    """

    def size(value: float) -> float:
        return min(most, max(least, unit * math.sqrt(value)))

    order = sorted(range(len(points)), key=lambda i: (-points[i][2], i))
    circles = [Circle(points[i][0], points[i][1], size(points[i][2]), points[i][2], (i,)) for i in order]
    while True:
        merged = _merge_touching(circles, size, 2 * most)
        if len(merged) == len(circles):
            return merged
        circles = sorted(merged, key=lambda circle: -circle.value)


def _merge_touching(circles: Sequence[Circle], size: Callable[[float], float], cell: float) -> list[Circle]:
    standing: list[Circle] = []
    grid: dict[tuple[int, int], list[int]] = {}
    for circle in circles:
        column, row = math.floor(circle.x / cell), math.floor(circle.y / cell)
        near = (i for dx in (-1, 0, 1) for dy in (-1, 0, 1) for i in grid.get((column + dx, row + dy), ()))
        at = next((i for i in near if _touch(standing[i], circle)), None)
        if at is None:
            grid.setdefault((column, row), []).append(len(standing))
            standing.append(circle)
            continue
        other = standing[at]
        value = other.value + circle.value
        part = circle.value / value
        x, y = other.x + (circle.x - other.x) * part, other.y + (circle.y - other.y) * part
        grid[math.floor(other.x / cell), math.floor(other.y / cell)].remove(at)
        grid.setdefault((math.floor(x / cell), math.floor(y / cell)), []).append(at)
        standing[at] = Circle(x, y, size(value), value, other.members + circle.members)
    return standing


def _touch(one: Circle, other: Circle) -> bool:
    return math.hypot(one.x - other.x, one.y - other.y) < one.radius + other.radius
