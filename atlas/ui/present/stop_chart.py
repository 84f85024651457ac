"""The charts of a slide on the stage, from the same bars and cells as in the files."""

from math import isnan

from atlas.figures.charts import Bar, Cell, build_bar_chart, build_heatmap
from atlas.figures.vega import TINTS, Spec
from atlas.indicators.classes import build_classes
from atlas.publish.stops.content import Bars, Grid, StopContent

# Set explicitly, because Streamlit would use the page's font size, which is very large on the stage.
_LETTERS = {"labelFontSize": 13, "titleFontSize": 13}
# The chart's width in pixels before it is enlarged to the screen: a smaller one has larger text.
WIDTH = 340
_GRID_WIDTH = 480


def build_stop_chart(content: StopContent, theme: str) -> Spec | None:
    """Return the chart of a stop with bars or a grid, None for others."""
    specs = [_build_bars(bars, theme) for bars in content.bars]
    if content.grid:
        specs = [_build_grid(content.grid, content, theme)]
    if not specs:
        return None
    config = specs[0].pop("config")
    axis = {**config["axis"], **_LETTERS}
    parts = [
        {key: value for key, value in spec.items() if key not in ("config", "$schema", "params")} for spec in specs
    ]
    return {"config": {**config, "axis": axis}, "vconcat": parts, "spacing": 24}


def alternative_of(content: StopContent) -> str:
    """Return the alternative text of a stop's chart."""
    told = [
        f"{bars.title}: " + "; ".join(f"{label} {text}" for label, text in zip(bars.labels, bars.texts, strict=True))
        for bars in content.bars
    ]
    return ". ".join([*told, *([content.grid.title] if content.grid else [])])


def _build_bars(bars: Bars, theme: str) -> Spec:
    rows = [
        Bar(str(at), label, None if isnan(value) else value, text, hint=f"{label}: {text}", is_small=small)
        for at, (label, value, text, small) in enumerate(
            zip(bars.labels, bars.values, bars.texts, bars.is_small, strict=True)
        )
    ]
    return {**build_bar_chart(rows, theme), "title": bars.title, "width": WIDTH}


def _build_grid(grid: Grid, content: StopContent, theme: str) -> Spec:
    classes = build_classes([n for row in grid.numbers for n in row], k=len(TINTS))
    cells = [
        Cell(
            row,
            column,
            row,
            column,
            content.say.number(n) if n else "",
            f"{row}, {column}: {content.say.number(n)}",
            tint,
        )
        for row, numbers in zip(grid.rows, grid.numbers, strict=True)
        for column, n, tint in zip(grid.columns, numbers, classes.of(numbers).tolist(), strict=True)
    ]
    return {**build_heatmap(cells, theme), "title": grid.title, "width": _GRID_WIDTH}
