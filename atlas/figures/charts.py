"""Charts as Vega-Lite: rows in, a plain specification out; it counts nothing, knows no words and no session.

Plain dictionaries and not altair objects: to build and validate one of those takes longer than all the rest of the
page. The tests validate the same specifications with altair.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from atlas.figures import vega
from atlas.figures.vega import Spec

ROW = 25
# A row of a matrix: what is left of it between two gaps is more than the 24 pixels that a finger needs (WCAG 2.5.8).
CELL_ROW = 30
# The selections that a click on a mark makes.
BAR, CELL = "bar", "cell"
# A rate's whisker that reaches further than this many times the longest bar is cut, and ends in an arrow: one small
# region would leave no room to all the others. Whiskers of counts are never that long.
WHISKER_REACH = 2.5
# A profile's columns stand this far apart, and its longest bar fills this part of one.
_COLUMN, _FILLED = 1.25, 0.9
_FADED = 0.35
_LINE = 14
_HEAD: dict[str, str | float] = {"fontWeight": 600, "fontSize": 12, "lineBreak": "\n", "lineHeight": _LINE}
# The mean width of a letter of the lines under a picture's title, in pixels.
_LETTER = 6.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart: `text` is the value as the language writes it, `hint` what a pointer reads.

    value None is unknown. tone: class of the value (classes.Classes) for a rate, -1 for a count. is_small draws it
    hollow with a dashed outline. note stands at the end of the row, or instead of a bar of 0.
    """

    code: str
    label: str
    value: float | None
    text: str
    hint: str = ""
    note: str = ""
    low: float | None = None
    high: float | None = None
    tone: int = -1
    is_small: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a heatmap; text is its number as the language writes it, tint 0 to 2, -1 when it is empty."""

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
    """A bar of a profile: in which column it stands, on which row, how long (0 to 1) and the number written at it."""

    column: int
    label: str
    share: float
    text: str
    hint: str
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class RankingWords:
    """What a ranking chart says: the unit of its axis, what its two columns are, the marks of its numbers."""

    axis: str
    value: str
    note: str
    decimal: str
    thousands: str


def build_bar_chart(bars: Sequence[Bar], theme: str = "light") -> Spec:
    """Draw horizontal bars with the number at the end of each, so that no axis has to be read."""
    palette = vega.palette_of(theme)
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


def build_ranking_chart(bars: Sequence[Bar], words: RankingWords, theme: str = "light") -> Spec:
    """Draw bars with their intervals; value and note stand in two columns at the end of the rows."""
    palette = vega.palette_of(theme)
    longest = _longest(bars)
    furthest = max((bar.high or 0 for bar in bars if bar.value), default=0)
    is_rate = any(bar.tone >= 0 for bar in bars)
    top = 1.02 * max(longest, min(furthest, longest * WHISKER_REACH) if is_rate else furthest)
    # Every layer names the axis: one that said it has none would take it from all.
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
    """Draw a cell for each pair with its number in it; empty cells are there on purpose, with a dashed outline.

    `bold` are the names of rows and columns that were chosen.
    """
    palette = vega.palette_of(theme)
    paint = {tint: vega.paint_of(tint, theme) for tint in range(-1, len(vega.TINTS))}
    band = {"paddingInner": 0.08, "paddingOuter": 0.04}
    rows, columns = [cell.row_label for cell in cells], [cell.column_label for cell in cells]
    top = {"orient": "top", "labelAngle": -60, "labelAlign": "left", "labelLimit": 130}
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
    palette = vega.palette_of(theme)
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
    top = _LINE * max((lines.count("\n") + 1 for lines in titles), default=0)
    return {
        **vega.frame(rows),
        "height": {"step": 20},
        "encoding": {
            "y": vega.names("label", [part.label for part in parts], vega.name_axis(palette), paddingInner=0.25)
        },
        "layer": [
            *vega.bars(start, x2={"field": "end"}),
            vega.text("text", palette, {"x": end}, "datum.value > 0", dx=4),
            {
                **vega.text("name", palette, {"x": start, "y": {"value": -top}}, "", **_HEAD),
                "data": {"values": heads},
            },
        ],
    }


def to_picture(spec: Spec, title: str, lines: Sequence[str], width: int = 760) -> Spec:
    """Return a light chart as it leaves the page: with its title, the lines that say what it shows, and a ground."""
    ink = vega.palette_of("light")["text"]
    letters = round(width / _LETTER)
    wrapped = [part for line in lines for part in textwrap.wrap(line, letters)]
    heading = {"text": title, "subtitle": wrapped, "anchor": "start", "frame": "bounds", "offset": 16}
    heading |= {"color": ink, "subtitleColor": ink, "fontSize": 16, "subtitleFontSize": 12, "subtitlePadding": 6}
    kept = {key: value for key, value in spec.items() if key != "params"}
    return {
        **kept,
        "title": heading,
        "width": width,
        "background": vega.GROUNDS["light"],
        "padding": 16,
    }


def _break_lines(names: Sequence[str]) -> list[str]:
    """Return names a word a line, all with as many lines, so that they end on the same height."""
    broken = [name.replace("-", "-\n").replace(" ", "\n").split("\n") for name in names]
    n_lines = max((len(words) for words in broken), default=0)
    return ["\n".join([" "] * (n_lines - len(words)) + words) for words in broken]


def _longest(bars: Sequence[Bar]) -> float:
    return max((bar.value or 0 for bar in bars), default=0) or 1


def _to_rows(bars: Sequence[Bar], palette: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the bars as rows; when some are chosen the others step back."""
    any_chosen = any(bar.is_chosen for bar in bars)
    return [
        asdict(bar)
        | {
            "fill": palette["classes"][bar.tone] if bar.tone >= 0 else palette["circle"],
            "fade": 1 if bar.is_chosen or not any_chosen else _FADED,
        }
        for bar in bars
    ]


def _build_whisker(row: dict[str, Any], top: float) -> dict[str, Any]:
    if not row["value"] or row["high"] is None:
        return {"end": None, "is_cut": False}
    return {"end": min(row["high"], top), "is_cut": row["high"] > top}


def _build_y(bars: Sequence[Bar], palette: dict[str, Any]) -> Spec:
    axis = vega.name_axis(palette, [bar.label for bar in bars if bar.is_chosen])
    return vega.names("label", [bar.label for bar in bars], axis, paddingInner=0.3)
