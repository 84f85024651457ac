"""The map of a picture: land, classes, hatching, footprints and circles, as drawn by map.js."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from atlas.base.folders import DATA_DIR
from atlas.base.model import Level
from atlas.figures.topology import Ring, read_shapes, to_plane
from atlas.indicators.classes import PALETTES
from atlas.publish.content import StopContent
from atlas.publish.still_words import put
from atlas.publish.story import StopKind

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MAP_FOLDER = DATA_DIR / "map"
_ITALY = ((6.5, 35.4), (18.6, 47.15))
_SMALLEST_WIDTH = 1.2  # minimum extent in degrees: a single municipality is shown with its surroundings
_CARD_WIDTH = 6.0  # and an initiative with enough of the country to recognise where it is
_HATCH, _DOTS = "//////", "..."
_UNIT = {Level.REGION: 9.0, Level.PROVINCE: 6.5, Level.MUNICIPALITY: 5.0}
_SCREEN_HEIGHT = 620.0  # size in pixels of the map on the screen, which the radii of circles refer to

Colours = Mapping[str, Any]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Frame:
    """The map's position on the paper: `box` in points (left, bottom, right, top), degrees to points by `scale`."""

    axes: "Axes"
    sheet: StopContent
    box: Box
    scale: float
    origin: tuple[float, float]

    def at(self, points: Ring) -> Ring:
        placed: Ring = (points - np.array(self.origin)) * self.scale + np.array(self.box[:2])
        return placed.round(2)

    @property
    def colours(self) -> Colours:
        return PALETTES["light"]

    @property
    def points_per_pixel(self) -> float:
        return (self.box[3] - self.box[1]) / _SCREEN_HEIGHT

    @property
    def unit(self) -> float:
        """The radius of the circle of one initiative, as map.js has it."""
        message = self.sheet.message
        values = message.n if message.v is None else message.v
        most = max(1.0, float(np.nanmax(values, initial=0)))
        return min(_UNIT[message.level], 30 / math.sqrt(most)) * self.points_per_pixel


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
        half = min(20.0, 360 * 800 / 256 / 2**zoom / 2)
        ((x, y),) = to_plane([lon], [lat])
        return x - half, y - half * 0.8, x + half, y + half * 0.8
    selection, message = sheet.stop.view.selection, sheet.message
    points = [ring for code in (*selection.regions, selection.place) if code for ring in _rings(code)]
    if message.footprint is not None and sheet.card:
        codes = sheet.world.territory.municipalities.index[message.footprint]
        points = [ring for code in codes for ring in _rings(str(code))]
    if not points:
        return _pad(to_plane(*zip(*_ITALY, strict=True)), 0.0)
    return _pad(np.concatenate(points), 0.04, _CARD_WIDTH if sheet.card else _SMALLEST_WIDTH)


def _pad(points: Ring, part: float, smallest: float = _SMALLEST_WIDTH) -> Box:
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    grow = max((east - west) * part, (north - south) * part, (smallest - max(east - west, north - south)) / 2)
    return west - grow, south - grow, east + grow, north + grow


def _rings(code: str) -> tuple[Ring, ...]:
    level = {2: Level.REGION, 3: Level.PROVINCE, 6: Level.MUNICIPALITY}[len(code)]
    return read_shapes(MAP_FOLDER, level).get(code, ())


def draw_map(frame: Frame) -> None:
    """Draw the map's message, from bottom to top."""
    sheet, message, colours = frame.sheet, frame.sheet.message, frame.colours
    municipalities = sheet.world.territory.municipalities.index
    _draw_ground(frame)
    if message.marks is not None:
        _draw_fills(frame, message.marks)
    soft = [str(code) for code in municipalities[message.area]] if message.area is not None else []
    _shape(frame, soft, facecolor=colours["area"], alpha=0.6, linewidth=0)
    if message.footprint is not None:
        codes = [str(code) for code in municipalities[message.footprint]]
        _shape(frame, codes, facecolor=colours["area"], edgecolor=colours["circle"], linewidth=0.8)
    regions = list(read_shapes(MAP_FOLDER, Level.REGION))
    _shape(frame, regions, facecolor="none", edgecolor=colours["outline"], linewidth=0.6)
    chosen = [code for code in (*message.regions, message.place) if code]
    _shape(frame, chosen, facecolor="none", edgecolor=colours["highlight"], linewidth=1.4)
    if message.kind == "circles":
        _draw_circles(frame)
    _draw_lead(frame)


def _draw_ground(frame: Frame) -> None:
    """Draw the land: chosen territories in its colour, the rest paler, as on the screen."""
    selection, colours, territory = frame.sheet.stop.view.selection, frame.colours, frame.sheet.world.territory
    regions = read_shapes(MAP_FOLDER, Level.REGION)
    province = territory.province_of(selection.place) if selection.place else ""
    is_open = not selection.regions and not province
    inside = list(regions) if is_open else [province] if province else list(selection.regions)
    _shape(frame, regions, facecolor=colours["outside"], linewidth=0)
    level = frame.sheet.message.level
    _shape(frame, inside, facecolor=colours["land"], linewidth=0)
    if level is not Level.REGION and (level is Level.PROVINCE or not is_open):
        edges = [code for code in read_shapes(MAP_FOLDER, level) if _belongs(frame, code, inside, is_open)]
        _shape(frame, edges, facecolor="none", edgecolor=colours["edge"], linewidth=0.4)


def _belongs(frame: Frame, code: str, inside: Sequence[str], is_open: bool) -> bool:
    territory = frame.sheet.world.territory
    return is_open or territory.region_of(code) in inside or code[:3] in inside


def _draw_fills(frame: Frame, marks: str) -> None:
    codes = frame.sheet.shown.frame.index
    for mark in sorted(set(marks) - {"."}):
        members = [str(codes[i]) for i, sign in enumerate(marks) if sign == mark]
        _shape(frame, members, **fill_of(mark, frame.colours), linewidth=0.4)


def fill_of(mark: str, colours: Colours) -> dict[str, Any]:
    """Return the fill of a mark of MapMessage.marks: plain, hatched for few cases, dotted without data."""
    if mark == ".":
        return {"facecolor": colours["land"], "edgecolor": colours["edge"]}
    if mark == "-":
        return {
            "facecolor": colours["land"],
            "edgecolor": colours["edge"],
            "hatch": _DOTS,
            "hatchcolor": colours["missing"],
        }
    if mark.isdigit():
        return {"facecolor": colours["classes"][int(mark)], "edgecolor": colours["line"]}
    colour = colours["classes"][ord(mark) - ord("a")]
    return {"facecolor": colours["land"], "edgecolor": colour, "hatch": _HATCH, "hatchcolor": colour}


def _shape(frame: Frame, codes: Iterable[str], **style: Any) -> None:
    """Draw territories with one style, cut at the edge of the map."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path as Outline

    paths = []
    for code in codes:
        rings = [frame.at(ring) for ring in _rings(code)]
        if rings:
            paths.append(Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings)))
    if paths:
        style = {"edgecolor": "none", "joinstyle": "round"} | style
        _add(frame, PathCollection(paths, **style))


def _add(frame: Frame, artist: Any) -> None:
    from matplotlib.transforms import Bbox, TransformedBbox

    left, bottom, right, top = frame.box
    frame.axes.add_collection(artist, autolim=False)
    artist.set_clip_box(TransformedBbox(Bbox([[left, bottom], [right, top]]), frame.axes.transData))


def _draw_circles(frame: Frame) -> None:
    message, colours = frame.sheet.message, frame.colours
    places = frame.sheet.world.territory.at(message.level)
    values = np.nan_to_num(np.asarray(message.n if message.v is None else message.v, dtype=float))
    shown = np.flatnonzero(values > 0)
    shown = shown[np.argsort(-values[shown], kind="stable")]  # large circles first, so that none hides another
    if not len(shown):
        return
    soft = message.shared if message.shared is not None else np.zeros(len(values), dtype=bool)
    points = frame.at(to_plane(places["lon"].to_numpy()[shown], places["lat"].to_numpy()[shown]))
    radii = np.maximum(2.0, frame.unit * np.sqrt(values[shown]))
    _circles(
        frame,
        points,
        radii,
        [colours["area"] if soft[i] else colours["circle"] for i in shown],
        [colours["circle"] if soft[i] else colours["land"] for i in shown],
    )
    left, bottom, right, top = frame.box
    smallest = 6.5 * frame.points_per_pixel
    for (x, y), radius, i in zip(points, radii, shown, strict=True):
        label = frame.sheet.say.number(values[i])
        fits = radius >= smallest and radius * 1.9 >= 5.2 * len(label)
        if fits and left < x < right and bottom < y < top:
            ink = colours["text"] if soft[i] else colours["onCircle"]
            size = min(9.0, radius * 1.05)
            put(frame.axes, (x, y), label, size, color=ink, ha="center", va="center_baseline", weight="bold")


def _circles(
    frame: Frame, points: Ring, radii: npt.NDArray[np.float64], fills: Sequence[str], edges: Sequence[str]
) -> None:
    from matplotlib.collections import EllipseCollection

    sizes = radii * 2
    circles = EllipseCollection(
        sizes, sizes, np.zeros(len(sizes)), units="xy", offsets=points, transOffset=frame.axes.transData,
        facecolors=fills, edgecolors=edges, linewidths=0.8,
    )  # fmt: skip
    _add(frame, circles)


def _draw_lead(frame: Frame) -> None:
    lead, colours = frame.sheet.message.lead, frame.colours
    if lead:
        place = frame.sheet.world.territory.municipalities.loc[lead]
        at = frame.at(to_plane([place["lon"]], [place["lat"]]))
        _circles(frame, at, np.array([7.0]), ["none"], [colours["highlight"]])
