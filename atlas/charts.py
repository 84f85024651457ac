"""Charts of a summary: frames in, altair figure out; it counts nothing and knows no session."""

from dataclasses import dataclass

import altair as alt
import pandas as pd

from atlas.classes import PALETTES

ROW_HEIGHT = 26


@dataclass(frozen=True)
class BarData:
    """What a bar chart shows: one row a bar, in the order in which they stand.

    frame: columns code, label, n, and text, the number as the language writes it. axis: the unit.
    """

    frame: pd.DataFrame
    axis: str


def build_bar_chart(bars: BarData, theme: str = "light") -> alt.LayerChart | alt.FacetChart:
    """Draw horizontal bars with the number at the end of each, so that no axis has to be read."""
    palette = PALETTES[theme]
    ink = str(palette["text"])
    base = alt.Chart(bars.frame).encode(
        y=alt.Y(
            "label:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelLimit=260, ticks=False, domain=False, labelColor=ink, labelFontSize=13),
        ),
        x=alt.X(
            "n:Q", title=bars.axis, axis=alt.Axis(labels=False, ticks=False, grid=False, domain=False, titleColor=ink)
        ),
    )
    click = alt.selection_point(name="bar", fields=["code"])
    marks = base.mark_bar(color=str(palette["circle"]), cursor="pointer").add_params(click)
    numbers = base.mark_text(align="left", dx=5, color=ink, fontWeight=600).encode(text="text:N")
    chart = alt.layer(marks, numbers, height={"step": ROW_HEIGHT})
    return chart
