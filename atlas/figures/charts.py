"""Charts as Vega-Lite specifications.

Plain dictionaries and not altair objects, which take longer to build and validate than all the rest of the page.
The tests validate the same specifications with altair.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from atlas.figures import vega
from atlas.figures.vega import Spec
from atlas.indicators.classes import PALETTES

ROW = 25
# Height of a matrix row: between two gaps more than the 24 pixels required for a target (WCAG 2.5.8).
CELL_ROW = 30
# The names of the selections made by clicks.
BAR, CELL = "bar", "cell"
# A rate's whisker longer than this many times the longest bar is cut and ends in an arrow: otherwise one small region
# would leave no room for the others. Whiskers of counts are never that long.
WHISKER_REACH = 2.5
# The distance between a profile's columns, and the part of it that the longest bar fills.
_COLUMN, _FILLED = 1.25, 0.6
_FADED = 0.35
_LINE = 14
# The ages of a place, highlighted, of its region and of the country: each 3:1 or more on the background.
_AGE_FILLS = ("circle", "outline", "missing")
# The mean width of a letter of the lines under a picture's title, in pixels.
_LETTER = 6.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart: `text` is the formatted value, `hint` the tooltip.

    value None is unknown. is_small draws it hollow with a dashed outline. note is shown at the end of the row, or
    instead of a bar of 0.
    """

    code: str
    label: str
    value: float | None
    text: str
    hint: str = ""
    note: str = ""
    low: float | None = None
    high: float | None = None
    is_small: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a heatmap; text is the formatted number, tint 0 to 2, -1 if it is empty."""

    row: str
    column: str
    row_label: str
    column_label: str
    text: str
    hint: str
    tint: int = -1
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A bar of a profile: its column, its row, its length (0 to 1) and its number."""

    column: int
    label: str
    share: float
    text: str
    hint: str
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class AgeBar:
    """One bar of the chart of ages: share from 0 to 1, text is the formatted number and place."""

    age: str
    place: str
    share: float
    text: str


@dataclass(frozen=True, slots=True)
class RankingWords:
    """The words of a ranking chart: axis title, headings of the two columns, decimal and thousands separators."""

    axis: str
    value: str
    note: str
    decimal: str
    thousands: str


def build_bar_chart(bars: Sequence[Bar], theme: str = "light") -> Spec:
    """Draw horizontal bars with the number at the end of each, without an axis."""
    palette = PALETTES[theme]
    x = vega.numbers("value", 0, _longest(bars))
    return {
        **vega.frame(_to_rows(bars, palette)),
        "height": {"step": ROW},
        "params": [vega.click(BAR, ["code"])],
        "encoding": {"y": _build_y(bars, palette)},
        "layer": [
            *vega.bars(x),
            vega.text("text", palette, {"x": x}, fontWeight=600, dx=5),
            vega.hit({"x": {"value": 0}, "x2": {"value": "width"}}),
        ],
    }


def end_of_axis(longest: float, highs: Sequence[float], is_rate: bool) -> float:
    """Return where the axis of a ranking ends, of its longest bar and its upper limits: what goes on is cut there."""
    furthest = max(highs, default=0)
    return 1.02 * max(longest, min(furthest, longest * WHISKER_REACH) if is_rate else furthest)


def build_ranking_chart(bars: Sequence[Bar], words: RankingWords, theme: str = "light", is_rate: bool = False) -> Spec:
    """Draw bars with their intervals, which for a rate may be cut; value and note are in two columns at the end."""
    palette = PALETTES[theme]
    longest = _longest(bars)
    top = end_of_axis(longest, [bar.high or 0 for bar in bars if bar.value], is_rate)
    # Every layer repeats the axis: a layer without one would remove it from all.
    x = {**vega.numbers("value", 0, top), "axis": vega.number_axis(words.axis, palette)}
    end = {"x": {"value": "width"}}
    spec = vega.frame([row | _build_whisker(row, top) for row in _to_rows(bars, palette)])
    number = {"decimal": words.decimal, "thousands": words.thousands, "grouping": [3], "currency": ["", ""]}
    spec["config"]["locale"] = {"number": number}
    return {
        **spec,
        "height": {"step": ROW},
        "params": [vega.click(BAR, ["code"])],
        "encoding": {"y": _build_y(bars, palette)},
        "layer": [
            *vega.bars(x),
            *vega.whiskers(x, theme),
            vega.text("text", palette, end, "datum.value", fontWeight=600, dx=62, align="right"),
            vega.text("note", palette, end, "datum.value", dx=72),
            vega.text("note", palette, {"x": {"value": 6}}, "!datum.value", fontStyle="italic"),
            vega.heading(words.value, palette, dx=62, align="right"),
            vega.heading(words.note, palette, dx=72, align="left"),
            vega.hit({"x": {"value": 0}, "x2": {"value": "width"}}),
        ],
    }


def build_heatmap(cells: Sequence[Cell], theme: str = "light", bold: Sequence[str] = ()) -> Spec:
    """Draw a cell for each pair with its number; empty cells have a dashed outline.

    `bold` are the names of the chosen rows and columns.
    """
    palette = PALETTES[theme]
    paint = {tint: vega.paint_of(tint, theme) for tint in range(-1, len(vega.TINTS))}
    band = {"paddingInner": 0.08, "paddingOuter": 0.04}
    rows, columns = [cell.row_label for cell in cells], [cell.column_label for cell in cells]
    top = {"orient": "top", "labelAngle": -60, "labelAlign": "left", "labelLimit": 160}
    return {
        **vega.frame([asdict(cell) | paint[cell.tint] for cell in cells]),
        "height": {"step": CELL_ROW},
        "params": [vega.click(CELL, ["row", "column"])],
        "encoding": {
            "y": vega.names("row_label", rows, vega.name_axis(palette, bold), **band),
            "x": vega.names("column_label", columns, {**vega.name_axis(palette, bold), **top}, **band),
        },
        "layer": [
            vega.cells("datum.tint < 0", stroke=palette["outline"], strokeDash=[2, 2], fill="transparent"),
            vega.cells("datum.tint >= 0", {"fill": vega.colour("fill")}),
            vega.cells("datum.is_chosen", stroke=palette["highlight"], strokeWidth=3, fill="transparent"),
            vega.text("text", palette, {"color": vega.colour("ink")}, align="center", fontSize=14, fontWeight=600),
            vega.hit({}, "rect"),
        ],
    }


def build_profile_chart(parts: Sequence[Part], columns: Sequence[str], theme: str = "light") -> Spec:
    """Draw the bars of several territories on one scale, each territory in a column of its own under its name."""
    palette = PALETTES[theme]
    longest = max((part.share for part in parts), default=0) or 1
    rows = [
        asdict(part)
        | {
            "value": part.share,
            "start": part.column * _COLUMN,
            "end": part.column * _COLUMN + part.share / longest * _FILLED,
            "fill": palette["circle"],
            "fade": 1,
        }
        for part in parts
    ]
    start, end = (vega.numbers(field, 0, _COLUMN * len(columns)) for field in ("start", "end"))
    titles = _break_lines(columns)
    heads = [{"start": column * _COLUMN, "name": lines} for column, lines in enumerate(titles)]
    above = {"x": start, "y": {"value": -_LINE * max((lines.count("\n") + 1 for lines in titles), default=0)}}
    style: dict[str, str | float] = {"fontWeight": 600, "fontSize": 12, "lineBreak": "\n", "lineHeight": _LINE}
    return {
        **vega.frame(rows),
        "height": {"step": 20},
        "encoding": {
            "y": vega.names("label", [part.label for part in parts], vega.name_axis(palette), paddingInner=0.25)
        },
        "layer": [
            *vega.bars(start, x2={"field": "end"}),
            vega.text("text", palette, {"x": end}, "datum.value > 0", dx=4),
            {**vega.text("name", palette, above, "", **style), "data": {"values": heads}},
        ],
    }


def build_age_chart(bars: Sequence[AgeBar], theme: str = "light") -> Spec:
    """Draw one bar per age group and place on one scale, labelled with number and place."""
    palette = PALETTES[theme]
    places = list(dict.fromkeys(bar.place for bar in bars))
    fills = {place: palette[_AGE_FILLS[min(row, len(_AGE_FILLS) - 1)]] for row, place in enumerate(places)}
    # The labels at the end of the bars need as much room as the longest bar.
    longest = max((bar.share for bar in bars), default=0.0) or 1.0
    shared = vega.frame([asdict(bar) | {"fill": fills[bar.place]} for bar in bars])
    del shared["padding"], shared["config"]["mark"]  # no row has a target that describes it: each mark does
    return {
        **shared,
        "height": {"step": 17},
        "encoding": {
            "x": vega.numbers("share", 0, longest * 2),
            "y": vega.names("age", [bar.age for bar in bars], vega.name_axis(palette), paddingInner=0.25),
            "yOffset": {"field": "place", "type": "nominal", "sort": places},
        },
        "layer": [
            {"mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": {"fill": vega.colour("fill")}},
            vega.text("text", palette, {}, dx=4, fontSize=12),
        ],
    }


def to_picture(spec: Spec, title: str, lines: Sequence[str], width: int = 760) -> Spec:
    """Return a light chart for export, with title, subtitle lines and background."""
    ink = PALETTES["light"]["text"]
    letters = round(width / _LETTER)
    wrapped = [part for line in lines for part in textwrap.wrap(line, letters)]
    heading = {"text": title, "subtitle": wrapped, "anchor": "start", "frame": "bounds", "offset": 16}
    heading |= {"color": ink, "subtitleColor": ink, "fontSize": 16, "subtitleFontSize": 12, "subtitlePadding": 6}
    return {
        **{key: value for key, value in spec.items() if key != "params"},
        "title": heading,
        "width": width,
        "background": vega.GROUNDS["light"],
        "padding": 16,
    }


def _break_lines(names: Sequence[str]) -> list[str]:
    """Return names with one word per line, padded to the same number of lines."""
    broken = [name.replace("-", "-\n").replace(" ", "\n").split("\n") for name in names]
    n_lines = max((len(words) for words in broken), default=0)
    return ["\n".join([" "] * (n_lines - len(words)) + words) for words in broken]


def _longest(bars: Sequence[Bar]) -> float:
    return max((bar.value or 0 for bar in bars), default=0) or 1


def _to_rows(bars: Sequence[Bar], palette: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the bars as rows; if some are chosen the others are faded."""
    any_chosen = any(bar.is_chosen for bar in bars)
    return [
        asdict(bar) | {"fill": palette["circle"], "fade": 1 if bar.is_chosen or not any_chosen else _FADED}
        for bar in bars
    ]


def _build_whisker(row: dict[str, Any], top: float) -> dict[str, Any]:
    if not row["value"] or row["high"] is None:
        return {"end": None, "is_cut": False}
    return {"end": min(row["high"], top), "is_cut": row["high"] > top}


def _build_y(bars: Sequence[Bar], palette: dict[str, Any]) -> Spec:
    axis = vega.name_axis(palette, [bar.label for bar in bars if bar.is_chosen])
    return vega.names("label", [bar.label for bar in bars], axis, paddingInner=0.3)
