"""The picture that messengers and search engines show beside a link: 1200 × 630 pixels."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from atlas.base.i18n import Translator
from atlas.publish.stills.still_map import draw_map, fit_map
from atlas.publish.stills.still_words import COLOURS, SOFT, put, text_width, wrap
from atlas.publish.stills.stills import open_figure, save
from atlas.publish.stops.content import Bars, Grid, StopContent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# In points; at 144 dots an inch, 1200 × 630 pixels.
WIDTH, HEIGHT, DPI = 600.0, 315.0, 144
_LEFT, _BRAND = 30.0, "#0059b3"
_BRAND_TOP = 62.0
_BARS, _LEAST_BAR = 8, 29.0


def to_preview(sheet: StopContent | None, heading: str, kind: str, words: str, say: Translator) -> bytes:
    """Return the picture of a page as PNG: its heading and largest numbers, and its map or chart.

    words: written below the heading of a page without figures.
    """
    return save(lambda: _draw(sheet, heading, kind, words, say), {"Title": heading}, "png", DPI)


def _draw(sheet: StopContent | None, heading: str, kind: str, words: str, say: Translator) -> "Figure":
    ink = COLOURS["text"]
    figure, axes = open_figure(WIDTH, HEIGHT)
    has_picture = sheet is not None and (sheet.has_map or bool(sheet.bars) or sheet.grid is not None)
    right = WIDTH - _LEFT if not has_picture else 244.0 if sheet and sheet.grid else 330.0
    if sheet is not None and has_picture:
        _draw_side(axes, sheet, (right + 14, 0, WIDTH, HEIGHT))
    y = HEIGHT - 34
    if kind:
        put(axes, (_LEFT, y), kind, 10.5, color=SOFT, weight="bold")
        y -= 8
    size, lines = _fit(heading, right - _LEFT)
    for line in lines:
        y -= size * 1.05
        put(axes, (_LEFT, y), line, size, color=ink, weight="bold")
        y -= size * 0.2
    figures = sheet.figures[:2] if sheet and not sheet.card else ()
    for number, what in figures:
        if y < 118:
            break
        put(axes, (_LEFT, y - 32), number, 20, color=_BRAND, weight="bold")
        start = _LEFT + text_width(number, 20, bold=True) + 7
        for position, line in enumerate(wrap(what, 10, right - start)[:2]):
            put(axes, (start, y - 32 - position * 12), line, 10, color=ink)
        y -= 38
    if sheet and sheet.card:
        where = " · ".join(part for part in (sheet.card.place, sheet.card.when) if part)
        for line in wrap(where, 11.5, right - _LEFT)[:3]:
            put(axes, (_LEFT, y - 20), line, 11.5, color=ink)
            y -= 16
        y -= 4
    if not figures:
        _draw_words(axes, _without(heading, words), y - 6, right - _LEFT, 11.0 if has_picture else 13.0)
    _draw_brand(axes, say)
    return figure


def _without(heading: str, words: str) -> str:
    """Return the words without the heading that they begin with."""
    rest = words.removeprefix(heading.rstrip(".")).lstrip(" .:")
    return rest[:1].upper() + rest[1:]


def _draw_words(axes: "Axes", words: str, top: float, width: float, size: float) -> None:
    """Write words down to the brand; what finds no room is left out and said so by an ellipsis."""
    room = max(0, int((top - _BRAND_TOP) / (size * 1.35)))
    lines = wrap(words, size, width)
    if len(lines) > room:
        lines = [*lines[: room - 1], f"{lines[room - 1].rstrip(' ,;:.…')}…"] if room else []
    for line in lines:
        top -= size * 1.35
        put(axes, (_LEFT, top), line, size, color=SOFT)


def _fit(heading: str, width: float) -> tuple[float, list[str]]:
    """Return the largest size at which a heading takes at most five lines, and its lines; a longer one is cut."""
    for size in (24.0, 21.0, 18.0, 16.0):
        lines = wrap(heading, size, width, bold=True)
        if len(lines) <= (4 if size > 20 else 5):
            return size, lines
    return size, [*lines[:4], f"{lines[4].rstrip(' ,;:.')}…"]


def _draw_brand(axes: "Axes", say: Translator) -> None:
    """Draw the mark and the name of the atlas at the foot."""
    from matplotlib.patches import Circle, Rectangle

    axes.add_artist(Rectangle((0, 0), 9, HEIGHT, facecolor=_BRAND, linewidth=0))
    for x, y, radius in ((_LEFT + 4, 42, 4.0), (_LEFT + 14, 33, 6.5), (_LEFT + 4, 24, 2.8)):
        axes.add_artist(Circle((x, y), radius, facecolor=_BRAND, linewidth=0))
    put(axes, (_LEFT + 28, 36), say("app.short_title"), 13, color=COLOURS["text"], weight="bold")
    put(axes, (_LEFT + 28, 23), say("app.subtitle"), 10, color=SOFT)


def _draw_side(axes: "Axes", sheet: StopContent, box: tuple[float, float, float, float]) -> None:
    from matplotlib.patches import Rectangle

    left, bottom, right, top = box
    sea = COLOURS["sea" if sheet.has_map else "land"]
    axes.add_artist(Rectangle((left, bottom), right - left, top - bottom, facecolor=sea, linewidth=0, zorder=0))
    if sheet.has_map:
        draw_map(fit_map(axes, sheet, (left + 8, bottom + 8, right - 8, top - 8)))
    elif sheet.grid:
        _draw_grid(axes, sheet.grid, box)
    else:
        _draw_charts(axes, sheet.bars, box)


def _draw_charts(axes: "Axes", charts: Sequence[Bars], box: tuple[float, float, float, float]) -> None:
    """Draw the first chart, and the next ones below it while there is room for all their bars."""
    left, bottom, right, top = box
    top -= 40
    for position, bars in enumerate(charts):
        n = min(len(bars.values), _BARS)
        height = min((top - bottom - 27) / (n if position else max(n, 5)), 44.0)
        if position and (n < len(bars.values) or height < _LEAST_BAR):
            return
        top = _draw_bars(axes, bars, (left, top, right), height) - 14


def _draw_bars(axes: "Axes", bars: Bars, box: tuple[float, float, float], height: float) -> float:
    """Draw the first bars with their labels above and their numbers beside, hollow where there are few cases.

    box: left, top and right; height: of a bar with its label. The position below them is returned.
    """
    from matplotlib.patches import Rectangle

    left, y, right = box
    ink, left = COLOURS["text"], left + 18
    for line in wrap(bars.title, 10, right - left - 18)[:2]:
        put(axes, (left, y), line, 10, color=SOFT)
        y -= 13
    values = np.nan_to_num(np.array(bars.values[:_BARS], dtype=float))
    largest = max(float(values.max(initial=0.0)), 1e-9)
    for label, value, text, few in zip(bars.labels, values, bars.texts, bars.is_small, strict=False):
        put(axes, (left, y - 9), wrap(label, 8.5, right - left - 20)[0], 8.5, color=ink)
        width = (right - left - 60) * float(value) / largest
        fill = "white" if few else _BRAND
        bar = Rectangle((left, y - height + 7), width, height - 19, facecolor=fill, edgecolor=_BRAND, linewidth=0.9)
        axes.add_artist(bar)
        put(
            axes, (left + width + 5, y - height + 7 + (height - 19) / 2), text, 9, color=ink, va="center", weight="bold"
        )
        y -= height
    return y


def _draw_grid(axes: "Axes", grid: Grid, box: tuple[float, float, float, float]) -> None:
    """Draw a table of counts: the darker a square, the larger its number, which stands in it."""
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Rectangle

    left, bottom, right, top = box
    ink, soft, strong = COLOURS["text"], np.array(to_rgb("#d6e4f5")), np.array(to_rgb(_BRAND))
    names = [wrap(name, 7.5, 110)[0] for name in (*grid.rows, *grid.columns)]
    left += 10 + max(text_width(name, 7.5) for name in names[: len(grid.rows)])
    top -= 16 + max(text_width(name, 7.5) for name in names[len(grid.rows) :])
    wide, high = (right - left - 14) / len(grid.columns), (top - bottom - 16) / len(grid.rows)
    most = max(2, max(max(row) for row in grid.numbers))
    for x, name in enumerate(names[len(grid.rows) :]):
        put(axes, (left + (x + 0.5) * wide, top + 5), name, 7.5, color=ink, rotation=90, ha="center", va="bottom")
    for y, (name, row) in enumerate(zip(names, grid.numbers, strict=False)):
        middle = top - (y + 0.5) * high
        put(axes, (left - 5, middle), name, 7.5, color=ink, ha="right", va="center_baseline")
        for x, n in enumerate(row):
            share = (n - 1) / (most - 1)
            fill = soft + (strong - soft) * share if n else "white"
            corner = (left + x * wide + 0.8, middle - high / 2 + 0.8)
            axes.add_artist(Rectangle(corner, wide - 1.6, high - 1.6, facecolor=fill, linewidth=0))
            if n:
                at, shade = (left + (x + 0.5) * wide, middle), "white" if share > 0.45 else ink
                put(axes, at, str(n), 7.5, color=shade, ha="center", va="center_baseline", weight="bold")
