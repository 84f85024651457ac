"""The picture that messengers and search engines show beside a link: 1200 × 630 pixels."""

from typing import TYPE_CHECKING

import numpy as np

from atlas.base.i18n import Translator
from atlas.indicators.classes import PALETTES
from atlas.publish.stills.still_map import draw_map, fit_map
from atlas.publish.stills.still_words import put, text_width, wrap
from atlas.publish.stills.stills import save
from atlas.publish.stops.content import Bars, StopContent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# In points; at 144 dots an inch, 1200 × 630 pixels.
WIDTH, HEIGHT, DPI = 600.0, 315.0, 144
_LEFT, _SOFT, _BRAND = 30.0, "#51677d", "#0059b3"
_BARS = 8


def to_preview(sheet: StopContent | None, heading: str, kind: str, words: str, say: Translator) -> bytes:
    """Return the picture of a page as PNG: its heading and largest numbers, and its map or chart.

    words: written below the heading of a page that has neither, or no sheet at all.
    """
    return save(lambda: _draw(sheet, heading, kind, words, say), {"Title": heading}, "png", DPI)


def _draw(sheet: StopContent | None, heading: str, kind: str, words: str, say: Translator) -> "Figure":
    from matplotlib.figure import Figure

    ink = PALETTES["light"]["text"]
    figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
    axes.set_axis_off()
    has_picture = sheet is not None and (sheet.has_map or bool(sheet.bars))
    right = 330.0 if has_picture else WIDTH - _LEFT
    if sheet is not None and has_picture:
        _draw_side(axes, sheet, (right + 14, 0, WIDTH, HEIGHT))
    y = HEIGHT - 34
    if kind:
        put(axes, (_LEFT, y), kind, 10.5, color=_SOFT, weight="bold")
        y -= 8
    size, lines = _fit(heading, right - _LEFT)
    for line in lines:
        y -= size * 1.05
        put(axes, (_LEFT, y), line, size, color=ink, weight="bold")
        y -= size * 0.2
    for number, what in sheet.figures[:2] if sheet and not sheet.card else ():
        if y < 118:
            break
        put(axes, (_LEFT, y - 32), number, 20, color=_BRAND, weight="bold")
        start = _LEFT + text_width(number, 20, bold=True) + 7
        for position, line in enumerate(wrap(what, 10, right - start)[:2]):
            put(axes, (start, y - 32 - position * 12), line, 10, color=ink)
        y -= 38
    if not has_picture:
        for line in wrap(words, 13, right - _LEFT)[:5]:
            put(axes, (_LEFT, y - 22), line, 13, color=_SOFT)
            y -= 18
    elif sheet and sheet.card:
        where = " · ".join(part for part in (sheet.card.place, sheet.card.when) if part)
        for line in wrap(where, 11.5, right - _LEFT)[:3]:
            put(axes, (_LEFT, y - 20), line, 11.5, color=_SOFT)
            y -= 16
    _draw_brand(axes, say)
    return figure


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
    put(axes, (_LEFT + 28, 36), say("app.short_title"), 13, color=PALETTES["light"]["text"], weight="bold")
    put(axes, (_LEFT + 28, 23), say("app.subtitle"), 10, color=_SOFT)


def _draw_side(axes: "Axes", sheet: StopContent, box: tuple[float, float, float, float]) -> None:
    from matplotlib.patches import Rectangle

    left, bottom, right, top = box
    sea = PALETTES["light"]["land"] if not sheet.has_map else PALETTES["light"]["sea"]
    axes.add_artist(Rectangle((left, bottom), right - left, top - bottom, facecolor=sea, linewidth=0, zorder=0))
    if sheet.has_map:
        draw_map(fit_map(axes, sheet, (left + 8, bottom + 8, right - 8, top - 8)))
    else:
        _draw_bars(axes, sheet.bars[0], box)


def _draw_bars(axes: "Axes", bars: Bars, box: tuple[float, float, float, float]) -> None:
    """Draw the first bars with their labels above them and their numbers beside, hollow where there are few cases."""
    from matplotlib.patches import Rectangle

    left, _, right, top = box
    ink, left, y = PALETTES["light"]["text"], left + 18, top - 40
    for line in wrap(bars.title, 10, right - left - 18)[:2]:
        put(axes, (left, y), line, 10, color=_SOFT)
        y -= 13
    values = np.nan_to_num(np.array(bars.values[:_BARS], dtype=float))
    largest, height = max(float(values.max(initial=0.0)), 1e-9), (y - 14) / max(len(values), 5)
    small = bars.is_small or (False,) * len(bars.values)
    for label, value, text, few in zip(bars.labels, values, bars.texts, small, strict=False):
        put(axes, (left, y - 9), wrap(label, 8.5, right - left - 20)[0], 8.5, color=ink)
        width = (right - left - 60) * float(value) / largest
        fill = "white" if few else _BRAND
        bar = Rectangle((left, y - height + 7), width, height - 19, facecolor=fill, edgecolor=_BRAND, linewidth=0.9)
        axes.add_artist(bar)
        put(
            axes, (left + width + 5, y - height + 7 + (height - 19) / 2), text, 9, color=ink, va="center", weight="bold"
        )
        y -= height
