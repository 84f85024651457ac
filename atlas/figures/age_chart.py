"""The chart of the age structure of a place, compared with its region and the country, as Vega-Lite."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from atlas.indicators.classes import PALETTES

STEP = 17
_FONT = "Source Sans, Source Sans 3, Liberation Sans, Arial, sans-serif"
# The place is highlighted; region and country are grey. All have a contrast of at least 3:1 with the background.
_FILLS = ("circle", "outline", "missing")


@dataclass(frozen=True, slots=True)
class AgeBar:
    """One bar: share from 0 to 1, text is the formatted number and place."""

    age: str
    place: str
    share: float
    text: str


def build_age_chart(bars: Sequence[AgeBar], theme: str = "light") -> dict[str, Any]:
    """Draw one bar per age group and place on one scale, labelled with number and place."""
    palette = PALETTES[theme]
    places = list(dict.fromkeys(bar.place for bar in bars))
    fills = {place: palette[_FILLS[min(row, len(_FILLS) - 1)]] for row, place in enumerate(places)}
    rows = [asdict(bar) | {"fill": fills[bar.place]} for bar in bars]
    # The labels at the end of the bars need as much room as the longest bar.
    longest = max((bar.share for bar in bars), default=0.0) or 1.0
    x = {"field": "share", "type": "quantitative", "axis": None, "scale": {"domain": [0, longest * 2], "nice": False}}
    axis = {"title": None, "ticks": False, "domain": False, "labelColor": palette["text"], "labelFontSize": 13}
    axis["labelPadding"] = 6
    y = {"field": "age", "type": "nominal", "sort": None, "axis": axis, "scale": {"paddingInner": 0.25}}
    offset = {"field": "place", "type": "nominal", "sort": places}
    text = {"type": "text", "align": "left", "dx": 4, "fontSize": 12, "color": palette["text"]}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": "transparent",
        "data": {"values": rows},
        "config": {"font": _FONT, "view": {"stroke": None}, "axis": {"aria": False}},
        "height": {"step": STEP},
        "encoding": {"x": x, "y": y, "yOffset": offset},
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 2},
                "encoding": {"fill": {"field": "fill", "type": "nominal", "scale": None}},
            },
            {"mark": text, "encoding": {"text": {"field": "text", "type": "nominal"}}},
        ],
    }
