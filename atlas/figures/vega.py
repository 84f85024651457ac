"""Building blocks of the Vega-Lite charts, and their colours."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from atlas.indicators.classes import PALETTES

Spec = dict[str, Any]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
# On the page the font of Streamlit; in a file the one bundled with vl-convert.
FONT = "Source Sans, Liberation Sans, Arial, sans-serif"
# The page background in each theme, as in .streamlit/config.toml.
GROUNDS = {"light": "#ffffff", "dark": "#0f1a26"}
# Tints of the map's blue. Numbers on them have a contrast of at least 4.5:1 in both themes.
TINTS = (0.2, 0.5, 1.0)
_DASH = [4, 3]


def paint_of(tint: int, theme: str) -> dict[str, str]:
    """Return the fill of a cell and the ink of the number in it; tint -1 is a cell without colour."""
    palette: dict[str, Any] = PALETTES[theme]
    if tint < 0:
        return {"fill": "transparent", "ink": palette["text"]}
    pairs = zip(*(bytes.fromhex(colour[1:]) for colour in (GROUNDS[theme], palette["circle"])), strict=True)
    mixed = bytes(round(ground + (ink - ground) * TINTS[tint]) for ground, ink in pairs)
    return {"fill": f"#{mixed.hex()}", "ink": palette["onCircle" if tint == len(TINTS) - 1 else "text"]}


def frame(rows: list[dict[str, Any]]) -> Spec:
    """Return what all charts share: the rows, a transparent background, the font."""
    return {
        "$schema": SCHEMA,
        "background": "transparent",
        "padding": {"left": 0, "top": 5, "right": 5, "bottom": 0},
        "data": {"values": rows},
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            # Screen readers get one description per row (see hit), and not every mark and axis.
            "mark": {"aria": False},
            "axis": {"aria": False},
        },
    }


def names(field: str, rows: Iterable[str], axis: Spec, **scale: float) -> Spec:
    """Return a position by name, in the order of first occurrence in `rows`, for all layers."""
    domain = list(dict.fromkeys(rows))
    return {"field": field, "type": "nominal", "sort": None, "axis": axis, "scale": {"domain": domain, **scale}}


def numbers(field: str, low: float, high: float) -> Spec:
    """Return a position by number on a scale that does not depend on the rows, without an axis."""
    return {"field": field, "type": "quantitative", "scale": {"domain": [low, high], "nice": False}, "axis": None}


def colour(field: str) -> Spec:
    """Return a colour taken from a field of the rows."""
    return {"field": field, "type": "nominal", "scale": None}


def name_axis(palette: dict[str, Any], bold: Sequence[str] = ()) -> Spec:
    """Return the axis of names; `bold` are the chosen ones."""
    axis: Spec = {"title": None, "labelLimit": 210, "labelPadding": 6, "ticks": False, "domain": False}
    axis |= {"labelColor": palette["text"], "labelFontSize": 13}
    if bold:
        test = " || ".join(f"datum.label === {json.dumps(label)}" for label in bold)
        axis["labelFontWeight"] = {"condition": {"test": test, "value": 700}, "value": 400}
    return axis


def number_axis(title: str, palette: dict[str, Any]) -> Spec:
    """Return a plain axis with its unit."""
    ink = {"titleColor": palette["text"], "labelColor": palette["text"], "tickColor": palette["outline"]}
    return {"title": title, "titleFontWeight": "normal", "tickCount": 5, "grid": False, "domain": False, **ink}


def click(name: str, fields: list[str]) -> Spec:
    """Return the selection made by a click on a row or cell, with these fields."""
    return {"name": name, "select": {"type": "point", "fields": fields, "toggle": False}, "views": ["hit"]}


def bars(x: Spec, **encoding: Spec) -> list[Spec]:
    """Return the solid bars, and those of small numbers: hollow with a dashed outline."""
    common = {"x": x, "opacity": {"field": "fade", "type": "quantitative", "scale": None}, **encoding}
    return [
        {
            "transform": [{"filter": "datum.value > 0 && !datum.is_small"}],
            "mark": {"type": "bar", "cornerRadiusEnd": 2},
            "encoding": {**common, "fill": colour("fill")},
        },
        {
            "transform": [{"filter": "datum.value > 0 && datum.is_small"}],
            "mark": {"type": "bar", "fill": "transparent", "strokeDash": _DASH, "strokeWidth": 1.5},
            "encoding": {**common, "stroke": colour("fill")},
        },
    ]


def whiskers(x: Spec, theme: str) -> list[Spec]:
    """Return the intervals from `low` to `end`, with an arrow where they are cut."""
    palette = PALETTES[theme]
    fade = {"field": "fade", "type": "quantitative", "scale": None}
    end = {**x, "field": "end"}
    return [
        *(
            {
                "transform": [{"filter": "isValid(datum.end)"}],
                "mark": {"type": "rule", "strokeWidth": width, "color": ink},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "end"}, "opacity": fade},
            }
            # The line has an edge in the background colour, to be visible on bars of every colour.
            for width, ink in ((4.5, GROUNDS[theme]), (1.5, palette["text"]))
        ),
        {
            "transform": [{"filter": "datum.is_cut"}],
            "mark": {"type": "point", "shape": "triangle-right", "size": 45, "filled": True, "color": palette["text"]},
            "encoding": {"x": end, "opacity": fade},
        },
    ]


def text(field: str, palette: dict[str, Any], encoding: Spec, test: str = "", **mark: str | float) -> Spec:
    """Return a label on each row that matches the test."""
    layer: Spec = {
        "mark": {"type": "text", "align": "left", "fontSize": 13, "color": palette["text"], **mark},
        "encoding": {"text": {"field": field, "type": "nominal"}, **encoding},
    }
    return {"transform": [{"filter": test}], **layer} if test else layer


def heading(words: str, palette: dict[str, Any], **mark: str | float) -> Spec:
    """Return the heading of a column of numbers to the right of the bars."""
    place = {"x": {"value": "width"}, "y": {"value": -8}}
    layer = text("heading", palette, place, "", fontSize=12, **mark)
    return {"data": {"values": [{"heading": words}]}, **layer}


def cells(test: str, encoding: Spec | None = None, **mark: object) -> Spec:
    """Return a rectangle in each cell that matches the test."""
    layer: Spec = {"transform": [{"filter": test}], "mark": {"type": "rect", "cornerRadius": 2, **mark}}
    return layer | ({"encoding": encoding} if encoding else {})


def hit(encoding: Spec, mark: str = "bar") -> Spec:
    """Return the target of pointer and tooltip: the whole row or cell, also where nothing is drawn."""
    hint = {"field": "hint", "type": "nominal"}
    return {
        "name": "hit",
        "mark": {"type": mark, "opacity": 0, "cursor": "pointer", "aria": True},
        "encoding": {**encoding, "tooltip": hint, "description": hint},
    }
