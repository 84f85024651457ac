"""The interactive map: a constant folium base and one small message of codes and numbers for each change.

folium evaluates what it renders as a template a second time, so nothing but codes, numbers and the interface's own
words may enter: `MapMessage.to_script` refuses anything else. Names of places come to the browser with the boundaries.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any

import folium
import numpy as np
import numpy.typing as npt
from branca.element import MacroElement
from folium.template import Template

from atlas.base.model import Level
from atlas.indicators.classes import PALETTES

BaseMap = folium.Map
CENTRE = (42.2, 12.5)  # of Italy, in degrees; the script then fits the frame
_CODE = re.compile(r"[0-9]{2}|[0-9]{3}|[0-9]{6}")
PARTS = 10_000  # shares of an initiative travel as whole ten-thousandths
_LAST = "0123456789abcdefghijklmnopqrstuv"
_HIGHER = "ABCDEFGHIJKLMNOPQRSTUVWXYZwxyz-_"
_DOTS = re.compile(r"\.{5,}")
_MARKS = re.compile(r"[.\-0-9a-j]*")


@dataclass(frozen=True)
class Tiles:
    """An optional background: an address template of map tiles and the attribution its owner asks for."""

    url: str
    attribution: str


@dataclass(frozen=True)
class MapMessage:
    """Everything that one change sends to the map. Values follow the sorted codes of the level.

    kind: "circles" (numbers, area proportional to the value) or "fills" (rates, by class).
    n: initiatives by territory; v: the same by the counting rule, None when it equals n; per: of a rate, for how many
    inhabitants or municipalities (the browser divides, because rates of thousands of municipalities weigh the most);
    marks: one character a territory: `.` none in the catalogue, `-` no data, 0-9 class, a-j the same class behind few
    cases; None for circles. denominators: of the rate, None when the browser already has it (inhabitants).
    shared: positions of municipalities reached only by initiatives of several municipalities; footprint: positions of
    the municipalities of the open initiative; lead: the code of its lead or "". at: where the map goes in front of an
    audience, (latitude, longitude, zoom) or () for the whole selection; None leaves it where the visitor put it.
    words: sentences of the interface, from the language catalogue and nowhere else; legend likewise.
    """

    language: str
    level: Level
    kind: str
    n: npt.NDArray[np.int_]
    v: npt.NDArray[np.float64] | None = None
    per: int | None = None
    marks: str | None = None
    denominators: npt.NDArray[np.float64] | None = None
    regions: tuple[str, ...] = ()
    place: str = ""
    area: npt.NDArray[np.bool_] | None = None
    shared: npt.NDArray[np.bool_] | None = None
    footprint: npt.NDArray[np.bool_] | None = None
    lead: str = ""
    at: tuple[float, ...] | None = None
    with_tiles: bool = False
    words: Mapping[str, object] = field(default_factory=dict)
    legend: Mapping[str, object] = field(default_factory=dict)

    def to_script(self) -> str:
        """Return the JavaScript call that shows the message; ValueError if a code, mark or number is not one."""
        codes = (*self.regions, *(code for code in (self.place, self.lead) if code))
        if not all(_CODE.fullmatch(code) for code in codes):
            raise ValueError(f"not a territory code: {codes}")
        if self.marks is not None and not _MARKS.fullmatch(self.marks):
            raise ValueError("marks of the map may only be . - 0-9 a-j")
        values = self.n if self.v is None else self.v
        message: dict[str, object] = {
            "lang": self.language,
            "level": self.level.value,
            "kind": self.kind,
            "n": to_digits(self.n),
            "most": _short(float(np.nanmax(values, initial=0))),
            "regions": list(self.regions),
            "place": self.place,
            "lead": self.lead,
            "tiles": self.with_tiles,
            "words": self.words,
            "legend": self.legend,
        }
        if self.v is not None:
            parts = 1 if (self.v == self.v.round()).all() else PARTS
            message |= {"v": to_digits(_to_whole(self.v * parts)), "parts": parts}
        if self.at is not None:
            message["at"] = [round(number, 4) for number in self.at]
        if self.per is not None:
            message["per"] = self.per
        if self.marks is not None:
            message["c"] = to_short_marks(self.marks)
        if self.denominators is not None:
            message["d"] = to_digits(_to_whole(self.denominators))
        for name, members in (("area", self.area), ("shared", self.shared), ("foot", self.footprint)):
            if members is not None:
                message[name] = to_runs(members)
        return f"atlasMap.paint({_to_safe_json(message)});"


def to_digits(values: npt.NDArray[np.integer[Any]]) -> str:
    """Write whole numbers in base 32, the last digit of each told from the others, so that nothing stands between them.

    Zeros are one zero and how many they are: short for few values and for many.
    """
    runs = ((value, sum(1 for _ in same)) for value, same in groupby(values.tolist()))
    return "".join(_to_digits(value) * times if value else _LAST[0] + _to_digits(times) for value, times in runs)


@lru_cache(maxsize=65_536)
def _to_digits(number: int) -> str:
    higher, last = divmod(number, 32)
    digits = _LAST[last]
    while higher:
        higher, digit = divmod(higher, 32)
        digits = _HIGHER[digit] + digits
    return digits


def to_short_marks(marks: str) -> str:
    """Write long runs of dots as their length in parentheses: most municipalities have nothing in the catalogue."""
    return _DOTS.sub(lambda dots: f"({len(dots[0])})", marks)


def to_runs(members: npt.NDArray[np.bool_]) -> list[int]:
    """Write the positions that are true as [start, length, start, length, …]."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], members, [False])).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    return np.column_stack((starts, ends - starts)).ravel().tolist()


def build_base_map(addresses: Mapping[str, str], region_of: Mapping[str, str], tiles: Tiles | None = None) -> BaseMap:
    """Return the map that never changes: no data, no tiles of its own, our scripts only.

    addresses: where the frame finds leaflet_js, leaflet_css, map_js, map_css and the files names, outlines and
    municipalities. region_of: region code by province code. The same arguments give the same script, so the frame is
    not remade and keeps its pan and zoom.
    """
    base = BaseMap(
        location=CENTRE,
        zoom_start=6,
        tiles=None,
        prefer_canvas=True,
        zoom_control=False,
        min_zoom=4,
        max_zoom=13,
        zoom_snap=0.25,
        scroll_wheel_zoom=False,
        double_click_zoom=False,
        attribution_control=True,
        font_size="13px",
    )
    base.default_js = [("leaflet", addresses["leaflet_js"]), ("atlas_map", addresses["map_js"])]
    base.default_css = [("leaflet_css", addresses["leaflet_css"]), ("atlas_map_css", addresses["map_css"])]
    files = {name: addresses[name] for name in ("names", "outlines", "municipalities")}
    options: dict[str, object] = {"files": files, "palettes": PALETTES, "regionOf": dict(region_of)}
    if tiles:
        options["tiles"] = {"url": tiles.url, "attribution": tiles.attribution}
    _Script(f"atlasMap.start(map_div, {_to_safe_json(options)});").add_to(base)
    return base


def build_layer(message: MapMessage) -> folium.FeatureGroup:
    """Return the empty layer that carries the message; streamlit-folium runs its script without remaking the map."""
    layer = folium.FeatureGroup(control=False)
    _Script(message.to_script()).add_to(layer)
    return layer


def to_marks(classes: Sequence[int], is_small: Sequence[bool], is_missing: Sequence[bool]) -> str:
    """Write one character a territory, as MapMessage.marks explains."""
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
    """Return JSON that neither HTML nor a template engine can read as theirs."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("{%", "{ %").replace("{#", "{ #")
    if "{{" in text or "{%" in text or "{#" in text:
        raise ValueError("a template mark in a map message")
    return text


def _to_whole(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int_]:
    return np.nan_to_num(values).round().astype(int)


def _short(value: float) -> float | int:
    """Four figures are more than a map can show."""
    return int(value) if value.is_integer() else float(f"{value:.4g}")
