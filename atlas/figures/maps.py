"""The interactive map: a constant folium base and one small message of codes and numbers for each change.

folium evaluates what it renders as a template a second time, so only codes, numbers and the interface's own
words may be in it: `MapMessage.to_script` refuses anything else. Place names reach the browser with the boundaries.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import folium
import numpy as np
import numpy.typing as npt
from branca.element import MacroElement
from folium.template import Template

from atlas.base.model import Level
from atlas.base.settings import TileSettings
from atlas.figures.marks import Marks

BaseMap = folium.Map
CENTRE = (42.2, 12.5)  # of Italy, in degrees; the script then fits the frame
GEOMETRY = ("names", "outlines", "municipalities")  # the files that the script draws from
_CODE = re.compile(r"[0-9]{2}|[0-9]{3}|[0-9]{6}")
_CLASSES = re.compile(r"[.\-0-9a-j]*")


@dataclass(frozen=True)
class MapMessage:
    """Everything that one change sends to the map. Arrays follow the sorted codes of the level.

    kind: "circles" (numbers, area proportional to the value) or "fills" (rates, by class).
    n: initiatives by territory; v: the same by the counting rule, None when it equals n; per: of a rate, for how many
    inhabitants or municipalities (the browser divides); classes: one character a territory: `.` none in the catalogue,
    `-` no data, 0-9 class, a-j the same class behind few cases; None for circles. denominators: of the rate, None when
    the browser already has it (inhabitants). others: n at the other levels, for the tooltip.
    marks: what the circles are, None for fills; footprint: the municipalities of the open initiative; opened: its row
    or -1; lead: the code of its lead or "".
    picked: the code chosen on an answer map, "" if none; None on other maps.
    at: the position on the stage, (latitude, longitude, zoom) or () for the whole selection; None on pages. framing:
    where the visitor moved the map, () if it follows the chosen place; heard: the time of the last framing known to
    the server. theme: light or dark for the projector; "" for that of the window.
    words: texts of the interface, from the locale files only; legend likewise.
    """

    language: str
    level: Level
    kind: str
    n: npt.NDArray[np.int_]
    v: npt.NDArray[np.float64] | None = None
    per: int | None = None
    classes: str | None = None
    denominators: npt.NDArray[np.float64] | None = None
    others: Mapping[Level, npt.NDArray[np.int_]] = field(default_factory=dict)
    marks: Marks | None = None
    regions: tuple[str, ...] = ()
    place: str = ""
    footprint: npt.NDArray[np.bool_] | None = None
    opened: int = -1
    lead: str = ""
    picked: str | None = None
    at: tuple[float, ...] | None = None
    framing: tuple[float, ...] = ()
    heard: int = 0
    with_tiles: bool = False
    theme: str = ""
    words: Mapping[str, object] = field(default_factory=dict)
    legend: Mapping[str, object] = field(default_factory=dict)

    def to_script(self) -> str:
        """Return the JavaScript call that shows the message; ValueError if a code, class or number is not one."""
        codes = (*self.regions, *(code for code in (self.place, self.lead, self.picked) if code))
        if not all(_CODE.fullmatch(code) for code in codes):
            raise ValueError(f"not a territory code: {codes}")
        if self.classes is not None and not _CLASSES.fullmatch(self.classes):
            raise ValueError("classes of the map may only be . - 0-9 a-j")
        message: dict[str, object] = {
            "lang": self.language,
            "level": self.level.value,
            "kind": self.kind,
            **self._to_territories(),
            "others": {level.value: to_sparse(n) for level, n in self.others.items()},
            "regions": list(self.regions),
            "place": self.place,
            "opened": self.opened,
            "lead": self.lead,
            "tiles": self.with_tiles,
            "words": self.words,
            "legend": self.legend,
        }
        optional: dict[str, object] = {
            "marks": None if self.marks is None else to_plain_marks(self.marks),
            "foot": None if self.footprint is None else to_runs(self.footprint),
            "per": self.per,
            "picked": self.picked,
            "at": None if self.at is None else [round(number, 4) for number in self.at],
            "theme": self.theme or None,
            "framing": [round(number, 4) for number in self.framing] or None,
            "heard": self.heard or None,
        }
        message |= {name: value for name, value in optional.items() if value is not None}
        return f"atlasMap.paint({_to_safe_json(message)});"

    def _to_territories(self) -> dict[str, object]:
        """Return the non-empty territories as steps between positions, and a list for each column."""
        n = np.asarray(self.n)
        known = np.frombuffer((self.classes or "").encode(), dtype=np.uint8)
        at = np.flatnonzero((n > 0) | (known != ord("."))) if len(known) else np.flatnonzero(n)
        columns: dict[str, object] = {"where": to_steps(at), "n": n[at].tolist()}
        if self.v is not None:
            columns["v"] = [_short(value) for value in np.nan_to_num(self.v[at]).tolist()]
        if self.classes is not None:
            columns["classes"] = "".join(self.classes[i] for i in at.tolist())
        if self.denominators is not None:
            columns["d"] = np.nan_to_num(self.denominators[at]).round().astype(int).tolist()
        return columns


def to_sparse(n: npt.NDArray[np.int_]) -> list[list[int]]:
    """Return [steps, numbers] of the non-zero entries."""
    at = np.flatnonzero(n)
    return [to_steps(at), np.asarray(n)[at].tolist()]


def to_steps(positions: npt.NDArray[np.intp]) -> list[int]:
    """Return the first position, then the differences, which are half as long as positions in the thousands."""
    steps: list[int] = np.diff(positions, prepend=0).tolist()
    return steps


def to_plain_marks(marks: Marks) -> dict[str, object]:
    """Return the marks as lists; values only if they differ from the number of initiatives."""
    at = np.flatnonzero(marks.n)
    plain: dict[str, object] = {"where": to_steps(at), "n": marks.n[at].tolist()}
    if (marks.value != marks.n).any():
        plain["v"] = [_short(value) for value in marks.value[at].tolist()]
    plain["shared"] = [
        [mark.row, mark.anchor, int(mark.is_lead), _short(mark.value), mark.area] for mark in marks.shared
    ]
    plain["areas"] = [to_runs(area) for area in marks.areas]
    return plain


def to_runs(members: npt.NDArray[np.bool_]) -> list[int]:
    """Write the positions that are true as [start, length, start, length, …]."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], members, [False])).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    return np.column_stack((starts, ends - starts)).ravel().tolist()


def build_base_map(addresses: Mapping[str, str], tiles: TileSettings | None = None) -> BaseMap:
    """Return the constant base map: no data, no tiles, our scripts only.

    addresses: where the frame finds leaflet_js, leaflet_css, layout_js, map_js, map_css and the files names, outlines
    and municipalities. The same arguments give the same script, so the frame is not remade and keeps its pan and zoom.
    streamlit-folium sends the script with every message: what never changes is in the file map_js, see map_files.
    """
    base = BaseMap(
        location=CENTRE,
        zoom_start=6,
        tiles=None,
        prefer_canvas=True,
        zoom_control=False,
        track_resize=False,  # map.js watches the frame itself
        min_zoom=4,
        max_zoom=13,
        zoom_animation_threshold=9,  # animates from Italy to a village in one movement
        zoom_snap=0.05,  # fractional zoom, so that the country fills a frame of any size
        scroll_wheel_zoom=False,
        double_click_zoom=False,
        attribution_control=True,
        font_size="13px",
    )
    base.default_js = [(f"atlas_{name}", addresses[name]) for name in ("leaflet_js", "layout_js", "map_js")]
    base.default_css = [("leaflet_css", addresses["leaflet_css"]), ("atlas_map_css", addresses["map_css"])]
    options: dict[str, object] = {"files": {name: addresses[name] for name in GEOMETRY}}
    if tiles:
        options["tiles"] = {"url": tiles.url, "attribution": tiles.attribution}
    _Script(f"atlasMap.start(map_div, {_to_safe_json(options)});").add_to(base)
    return base


def build_layer(message: MapMessage) -> folium.FeatureGroup:
    """Return the empty layer that carries the message; streamlit-folium runs its script without remaking the map."""
    layer = folium.FeatureGroup(control=False)
    _Script(message.to_script()).add_to(layer)
    return layer


def to_class_marks(classes: Sequence[int], is_small: Sequence[bool], is_missing: Sequence[bool]) -> str:
    """Write one character per territory, see MapMessage.classes."""
    digits, letters = "0123456789", "abcdefghij"
    return "".join(
        "-" if missing else "." if position < 0 else (letters if small else digits)[position]
        for position, small, missing in zip(classes, is_small, is_missing, strict=True)
    )


class _Script(MacroElement):
    """A line of our own JavaScript inside the map's script."""

    _template = Template("{% macro script(this, kwargs) %}{{ this.line }}{% endmacro %}")

    def __init__(self, line: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "AtlasScript"
        self.line = line


def _to_safe_json(value: object) -> str:
    """Return JSON without characters that are special in HTML or templates."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("{%", "{ %").replace("{#", "{ #")
    if "{{" in text or "{%" in text or "{#" in text:
        raise ValueError("a template mark in a map message")
    return text


def _short(value: float) -> float | int:
    """Round to four significant figures, more than a map can show."""
    return int(value) if value.is_integer() else float(f"{value:.4g}")
