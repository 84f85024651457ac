"""The map of a picture: land, classes, hatching, footprints and circles, as drawn by map.js."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from atlas.base.model import Level
from atlas.figures.marks import LABEL, LEAST, MOST, UNIT, Circle, gather
from atlas.figures.shapes import DEGREE, join_shapes, shape_of, shapes_by_code, to_plane
from atlas.publish.stills.still_words import COLOURS, put
from atlas.publish.stops.content import StopContent
from atlas.publish.stops.story import StopKind

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path
    from shapely import Geometry

# In metres of the Mercator plane, as shapes.py has them.
_SMALLEST_WIDTH = 1.2 * DEGREE  # a single municipality is shown with its surroundings
_CARD_WIDTH = 6.0 * DEGREE  # and the place of an initiative with enough of the country to be recognised
_HATCH, _DOTS = "//////", "..."
_SCREEN_HEIGHT = 620.0  # pixels of the map on the screen, to which the radii of the circles refer

Box = tuple[float, float, float, float]
Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """Where the map lies on the paper: `box` in points (left, bottom, right, top), metres to points by `scale`."""

    axes: "Axes"
    sheet: StopContent
    box: Box
    scale: float
    origin: tuple[float, float]

    @property
    def matrix(self) -> list[float]:
        """The affine transformation of metres to points of the paper (matplotlib: a, b, c, d, e, f)."""
        (x, y), (left, bottom) = self.origin, self.box[:2]
        return [self.scale, 0, 0, self.scale, left - x * self.scale, bottom - y * self.scale]

    def at(self, points: Points) -> Points:
        placed: Points = (points - np.array(self.origin)) * self.scale + np.array(self.box[:2])
        return placed.round(2)

    @property
    def points_per_pixel(self) -> float:
        return (self.box[3] - self.box[1]) / _SCREEN_HEIGHT

    @property
    def unit(self) -> float:
        """The radius of the circle of one initiative, as map.js has it."""
        message = self.sheet.message
        largest = message.marks.largest if message.marks else 1.0
        return min(UNIT[message.level], MOST / math.sqrt(largest)) * self.points_per_pixel


def fit_map(axes: "Axes", sheet: StopContent, box: Box) -> Frame:
    """Return the frame of the view: the map's position if it was moved, the chosen places, or Italy."""
    west, south, east, north = _bounds(sheet)
    scale = min((box[2] - box[0]) / (east - west), (box[3] - box[1]) / (north - south))
    x = (west + east) / 2 - (box[2] - box[0]) / 2 / scale
    y = (south + north) / 2 - (box[3] - box[1]) / 2 / scale
    return Frame(axes, sheet, box, scale, (x, y))


def _bounds(sheet: StopContent) -> Box:
    if sheet.stop.map_position and sheet.stop.kind in (StopKind.MAP, StopKind.OVERVIEW):
        lat, lon, zoom = sheet.stop.map_position
        half = min(20.0, 360 * 800 / 256 / 2**zoom / 2) * DEGREE
        ((x, y),) = to_plane([lon], [lat])
        return x - half, y - half * 0.8, x + half, y + half * 0.8
    selection, message = sheet.stop.view.selection, sheet.message
    codes = [code for code in (*selection.regions, selection.place) if code]
    if message.footprint is not None and sheet.card:
        codes = [str(code) for code in sheet.world.territory.municipalities.index[message.footprint]]
    chosen = [shape for code in codes if (shape := shape_of(code))]
    if not chosen:
        return _pad(shapes_by_code(Level.REGION).values(), 0.01)
    return _pad(chosen, 0.04, _CARD_WIDTH if sheet.card else _SMALLEST_WIDTH)


def _pad(shapes: Iterable["Geometry"], part: float, smallest: float = _SMALLEST_WIDTH) -> Box:
    from shapely import total_bounds

    west, south, east, north = map(float, total_bounds(list(shapes)))
    grow = max((east - west) * part, (north - south) * part, (smallest - max(east - west, north - south)) / 2)
    return west - grow, south - grow, east + grow, north + grow


def draw_map(frame: Frame) -> None:
    """Draw the map's message, from bottom to top."""
    message = frame.sheet.message
    _draw_ground(frame)
    if message.classes is not None:
        _draw_fills(frame, message.classes)
    for area in message.marks.areas if message.marks else ():
        _draw_area(frame, area, 0.6, 0.7)
    if message.footprint is not None:
        _draw_area(frame, message.footprint, 1.0, 1.1)
    _shape(frame, shapes_by_code(Level.REGION), facecolor="none", edgecolor=COLOURS["outline"], linewidth=0.6)
    chosen = [code for code in (*message.regions, message.place) if code]
    _shape(frame, chosen, facecolor="none", edgecolor=COLOURS["highlight"], linewidth=1.4)
    _draw_circles(frame)
    _draw_lead(frame)


def _draw_ground(frame: Frame) -> None:
    """Draw the land: chosen territories in its colour, the rest paler, as on the screen."""
    selection, territory = frame.sheet.stop.view.selection, frame.sheet.world.territory
    regions = list(shapes_by_code(Level.REGION))
    province = territory.province_of(selection.place) if selection.place else ""
    is_open = not selection.regions and not province
    inside = regions if is_open else [province] if province else list(selection.regions)
    _shape(frame, regions, facecolor=COLOURS["outside"], linewidth=0)
    level = frame.sheet.message.level
    _shape(frame, inside, facecolor=COLOURS["land"], linewidth=0)
    if level is not Level.REGION and (level is Level.PROVINCE or not is_open):
        edges = [
            code
            for code in shapes_by_code(level)
            if is_open or territory.region_of(code) in inside or code[:3] in inside
        ]
        _shape(frame, edges, facecolor="none", edgecolor=COLOURS["edge"], linewidth=0.4)


def _draw_fills(frame: Frame, marks: str) -> None:
    codes = frame.sheet.shown.frame.index
    for mark in sorted(set(marks) - {"."}):
        members = [str(codes[i]) for i, sign in enumerate(marks) if sign == mark]
        _shape(frame, members, **fill_of(mark), linewidth=0.4)


def fill_of(mark: str) -> dict[str, Any]:
    """Return how a class of MapMessage.classes is filled: plain, hatched behind few cases, dotted without data."""
    if mark.isdigit():
        return {"facecolor": COLOURS["classes"][int(mark)], "edgecolor": COLOURS["line"]}
    if mark == ".":
        return {"facecolor": COLOURS["land"], "edgecolor": COLOURS["edge"]}
    if mark == "-":
        hatch, edge, ink = _DOTS, COLOURS["edge"], COLOURS["missing"]
    elif mark == "/":  # in the legend: few cases, whatever the class
        hatch, edge, ink = _HATCH, COLOURS["outline"], COLOURS["few"]
    else:
        hatch, edge, ink = _HATCH, *[COLOURS["classes"][ord(mark) - ord("a")]] * 2
    return {"facecolor": COLOURS["land"], "edgecolor": edge, "hatch": hatch, "hatchcolor": ink}


def _shape(frame: Frame, codes: Iterable[str], **style: Any) -> None:
    """Draw territories with one style; a code without an outline is left out."""
    wanted = sorted(set(codes), key=lambda code: (len(code), code))
    _plot(frame, [outline for code in wanted if (outline := _outline_of(code))], **style)


@cache
def _outline_of(code: str) -> "Path | None":
    shape = shape_of(code)
    return None if shape is None else _to_outline(shape)


def _to_outline(shape: "Geometry") -> "Path":
    """Return the rings of a shape in metres, holes the other way round than land, as matplotlib wants them."""
    from matplotlib.path import Path
    from shapely import get_coordinates, get_parts, get_rings, normalize

    rings = [get_coordinates(ring) for ring in get_rings(get_parts(normalize(shape)))]
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))


def _plot(frame: Frame, outlines: Sequence["Path"], **style: Any) -> None:
    """Draw outlines with one style, cut at the edge of the map."""
    from matplotlib.collections import PathCollection
    from matplotlib.transforms import Affine2D

    placed = Affine2D.from_values(*frame.matrix) + frame.axes.transData
    _add(frame, PathCollection(outlines, transform=placed, **{"edgecolor": "none", "joinstyle": "round"} | style))


def _draw_area(frame: Frame, members: npt.NDArray[np.bool_], alpha: float, width: float) -> None:
    """Shade the municipalities of an initiative and draw one line around all of them, none between."""
    codes = tuple(map(str, frame.sheet.world.territory.municipalities.index[members]))
    area = [_to_outline(join_shapes(codes))] if codes else []
    _plot(frame, area, facecolor=COLOURS["area"], alpha=alpha, linewidth=0)
    _plot(frame, area, facecolor="none", edgecolor=COLOURS["circle"], linewidth=width)


def _add(frame: Frame, artist: Any) -> None:
    from matplotlib.transforms import Bbox, TransformedBbox

    frame.axes.add_collection(artist, autolim=False)
    left, bottom, right, top = frame.box
    artist.set_clip_box(TransformedBbox(Bbox([[left, bottom], [right, top]]), frame.axes.transData))


def has_joined(frame: Frame) -> bool:
    """Tell whether a circle of the picture stands for several marks that would touch."""
    return any(len(circle.members) > 1 for circle in _circles_of(frame))


def _circles_of(frame: Frame) -> list[Circle]:
    """Return the circles of the picture: one for each mark, those that would touch as one, as map.js does."""
    scale, points = frame.points_per_pixel, _mark_points(frame)
    return gather([point[:3] for point in points], frame.unit, LEAST * scale, MOST * scale)


def _draw_circles(frame: Frame) -> None:
    """Draw the circles, those of several marks with a second line around."""
    points, circles = _mark_points(frame), _circles_of(frame)
    if not circles:
        return
    is_soft = [all(points[i][3] for i in circle.members) for circle in circles]
    at = np.array([(circle.x, circle.y) for circle in circles])
    radii = np.array([circle.radius for circle in circles])
    fills = [COLOURS["area"] if soft else COLOURS["circle"] for soft in is_soft]
    _circles(frame, at, radii, fills, [COLOURS["circle"] if soft else COLOURS["land"] for soft in is_soft])
    several = np.array([len(circle.members) > 1 for circle in circles])
    if several.any():
        n = int(several.sum())
        _circles(frame, at[several], radii[several] + 2.2, ["none"] * n, [COLOURS["circle"]] * n)
    left, bottom, right, top = frame.box
    for circle, soft in zip(circles, is_soft, strict=True):
        label = frame.sheet.say.number(round(circle.value, 6))
        is_large = (
            circle.radius >= LABEL * frame.points_per_pixel or len(circle.members) > 1
        )  # a counted mark says its number
        fits = is_large and circle.radius * 1.9 >= 5.2 * len(label)
        if fits and left < circle.x < right and bottom < circle.y < top:
            ink = COLOURS["text"] if soft else COLOURS["onCircle"]
            size = min(9.0, circle.radius * 1.05)
            middle = {"ha": "center", "va": "center_baseline"}
            put(frame.axes, (circle.x, circle.y), label, size, color=ink, weight="bold", **middle)


def _mark_points(frame: Frame) -> list[tuple[float, float, float, bool]]:
    """Return each mark as (x, y, value, is shared) in points of the paper."""
    marks, territory = frame.sheet.message.marks, frame.sheet.world.territory
    if marks is None:
        return []
    places, towns = territory.at(frame.sheet.message.level), territory.municipalities
    shown = np.flatnonzero(marks.value > 0)
    anchors = [mark.anchor for mark in marks.shared]
    lon = np.concatenate((places["lon"].to_numpy()[shown], towns["lon"].to_numpy()[anchors]))
    lat = np.concatenate((places["lat"].to_numpy()[shown], towns["lat"].to_numpy()[anchors]))
    values = [*marks.value[shown].tolist(), *(mark.value for mark in marks.shared)]
    is_shared = [False] * len(shown) + [True] * len(anchors)
    at = frame.at(to_plane(lon, lat)).tolist()
    return [(x, y, value, shared) for (x, y), value, shared in zip(at, values, is_shared, strict=True)]


def _circles(
    frame: Frame, points: Points, radii: npt.NDArray[np.float64], fills: Sequence[str], edges: Sequence[str]
) -> None:
    from matplotlib.collections import EllipseCollection

    sizes = radii * 2
    circles = EllipseCollection(
        sizes, sizes, np.zeros(len(sizes)), units="xy", offsets=points, transOffset=frame.axes.transData,
        facecolors=fills, edgecolors=edges, linewidths=0.8,
    )  # fmt: skip
    _add(frame, circles)


def _draw_lead(frame: Frame) -> None:
    lead = frame.sheet.message.lead
    if lead:
        place = frame.sheet.world.territory.municipalities.loc[lead]
        at = frame.at(to_plane([place["lon"]], [place["lat"]]))
        _circles(frame, at, np.array([7.0]), ["none"], [COLOURS["highlight"]])
