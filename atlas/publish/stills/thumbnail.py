"""A stop as a small picture for the builder: its title and the shape of what stands below it, as SVG."""

import math
from functools import lru_cache
from html import escape

from atlas.figures.marks import mark_points
from atlas.figures.minimap import HEIGHT, WIDTH, build_minimap
from atlas.publish.stills.still_words import COLOURS, wrap
from atlas.publish.stops.content import Bars, Grid, StopContent
from atlas.publish.stops.story import StopKind

SIZE = (240, 135)
_COVER = "#12304f"
_BARS, _CIRCLES, _LINES = 7, 300, 5
_COARSE = 1.2  # pixels
_draw_land = lru_cache(maxsize=256)(build_minimap)  # the builder draws all its stops at every change


def build_thumbnail(content: StopContent) -> str:
    """Return the picture of a stop, always on a light ground; text of the stop is escaped."""
    width, height = SIZE
    is_cover = content.stop.kind is StopKind.COVER
    ground, letters, top = (_COVER, "#ffffff", 58) if is_cover else ("#ffffff", COLOURS["text"], 18)
    lines = wrap(content.title, 11, width - 24, bold=True)
    if len(lines) > 2:  # what finds no room is said so
        lines = [lines[0], wrap(f"{lines[1]} ", 11, width - 34, bold=True)[0] + "…"]
    title = "".join(
        f'<text x="12" y="{top + 14 * at}" font-size="11" font-weight="700" fill="{letters}">{escape(line)}</text>'
        for at, line in enumerate(lines)
    )
    below = top + 14 * len(lines) - 6
    body = ""
    if not is_cover:
        line = f'<rect x="12" y="{below}" width="216" height="1.5" fill="{COLOURS["circle"]}"/>'
        body = line + _draw_body(content, below + 8, height - below - 14)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="Source Sans, DejaVu Sans, sans-serif"><rect width="{width}" height="{height}" fill="{ground}"/>'
        f"{title}{body}</svg>"
    )


def _draw_body(content: StopContent, top: float, height: float) -> str:
    if content.grid:
        return _draw_grid(content.grid, top, height)
    if content.bars:
        return _draw_bars(content.bars[0], top, height) + _draw_lines(150, 78, top, height)
    if content.has_map:
        scale = min(120 / WIDTH, height / HEIGHT)
        map_ = _draw_map(content).replace("<svg ", f'<svg x="12" y="{top}" ', 1)
        map_ = map_.replace(
            f'width="{WIDTH}" height="{HEIGHT}"', f'width="{WIDTH * scale}" height="{HEIGHT * scale}"', 1
        )
        return map_ + _draw_lines(140, 88, top, height)
    return _draw_lines(12, 200, top, height)


def _draw_map(content: StopContent) -> str:
    shown, regions = content.shown, content.stop.view.selection.regions
    only = regions[0] if len(regions) == 1 else ""
    marks = mark_points(content.selected, content.world.territory, only, shown.level, shown.rule)
    return _draw_land(only, tuple((lon, lat, min(n, 9)) for lon, lat, n in marks[:_CIRCLES]), coarse=_COARSE)


def _draw_bars(bars: Bars, top: float, height: float) -> str:
    values = [0.0 if math.isnan(value) else value for value in bars.values[:_BARS]]
    most, step = max(values, default=0.0) or 1.0, min(12.0, height / max(len(values), 1))
    drawn = "".join(
        f'<rect x="12" y="{top + at * step:.1f}" width="{125 * value / most:.1f}" height="{step * 0.7:.1f}"/>'
        for at, value in enumerate(values)
    )
    return f'<g fill="{COLOURS["circle"]}">{drawn}</g>'


def _draw_grid(grid: Grid, top: float, height: float) -> str:
    size = min(216 / len(grid.columns), height / len(grid.rows))
    return "".join(
        f'<rect x="{12 + x * size:.1f}" y="{top + y * size:.1f}" width="{size * 0.85:.1f}" height="{size * 0.85:.1f}" '
        f'fill="{COLOURS["circle" if n else "land"]}"/>'
        for y, row in enumerate(grid.numbers)
        for x, n in enumerate(row)
    )


def _draw_lines(left: float, width: float, top: float, height: float) -> str:
    """Draw words as lines: what they say is not read at this size."""
    step = min(12.0, height / _LINES)
    return "".join(
        f'<rect x="{left}" y="{top + at * step:.1f}" width="{width * part:.0f}" height="4" fill="#b9c6d3"/>'
        for at, part in zip(range(_LINES), (1, 0.9, 0.95, 0.8, 0.5), strict=True)
    )
