"""The map as a picture, drawn without a browser, with the classes, colours, circles and legend of the screen.

matplotlib is imported for the first picture. Everything is placed in points, so circles keep their size.
"""

import math
import threading
import warnings
from collections.abc import Callable
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atlas.publish.stills.still_map import Frame, draw_map, fill_of, fit_map, has_joined
from atlas.publish.stills.still_words import COLOURS, FONT, SOFT, put, wrap, write
from atlas.publish.stops.content import StopContent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 300
# matplotlib's options are global, and one large picture at a time limits memory.
_drawing = threading.Lock()


class Paper(Enum):
    """Sizes in points. MAP is a map alone, for handouts; SLIDE has larger letters; CARD is small."""

    A4 = (841.9, 595.3)
    WIDE = (960.0, 540.0)
    MAP = (440.0, 400.0)
    SLIDE = (452.0, 362.0)
    CARD = (300.0, 300.0)

    @property
    def has_words(self) -> bool:
        return self in (Paper.A4, Paper.WIDE)


def to_png(sheet: StopContent, paper: Paper = Paper.A4, dpi: int = DPI) -> bytes:
    """Return the picture as PNG."""
    return _save(sheet, paper, "png", dpi)


def to_svg(sheet: StopContent, paper: Paper = Paper.A4) -> bytes:
    """Return the picture as SVG, its words as text."""
    return _save(sheet, paper, "svg", 72)


def font_folder() -> Path:
    """Return the folder of the pictures' font, which is part of matplotlib and so the same on every machine."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _save(sheet: StopContent, paper: Paper, form: str, dpi: int) -> bytes:
    about = {"Title": sheet.title, "Description" if form == "svg" else "Comment": sheet.caption}
    return save(lambda: _draw(sheet, paper), about, form, dpi)


def save(draw: Callable[[], "Figure"], about: dict[str, str], form: str, dpi: int) -> bytes:
    """Return what `draw` draws as a PNG or SVG file, one picture at a time; `about` goes into the file."""
    import matplotlib  # imported here: 0.3 s and 30 MB, only for downloads of pictures

    options: Any = {"svg.fonttype": "none", "svg.hashsalt": "atlas", "font.family": FONT, "hatch.linewidth": 1.0}
    stream = BytesIO()
    with _drawing, matplotlib.rc_context(options), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # characters missing in the font are drawn as boxes
        metadata = {**about, **({"Date": None} if form == "svg" else {"Software": None})}
        draw().savefig(stream, format=form, dpi=dpi, metadata=metadata)
    return stream.getvalue()


def open_figure(width: float, height: float) -> tuple["Figure", "Axes"]:
    """Return a white figure and its axes, both measured in points."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 72, height / 72), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    return figure, axes


def _draw(sheet: StopContent, paper: Paper) -> "Figure":
    width, height = paper.value
    figure, axes = open_figure(width, height)
    if paper.has_words:
        bottom = _write_caption(axes, sheet, width)
        top = _write_heading(axes, sheet, width, height)
        box, legend_at = (30.0, bottom + 8, width - 236.0, top - 8), (width - 222.0, top - 14)
    else:
        legend_width = {Paper.MAP: 132.0, Paper.SLIDE: 170.0}.get(paper, 0.0)
        box, legend_at = (2.0, 2.0, width - 2 - legend_width, height - 2), (width - legend_width + 4, height - 8)
    frame = fit_map(axes, sheet, box)
    draw_map(frame)
    if paper is not Paper.CARD:
        large = 1.5 if paper is Paper.SLIDE else 1.0
        _draw_legend(frame, *legend_at, width - legend_at[0] - (14 if paper.has_words else 2), large)
    return figure


def _write_heading(axes: "Axes", sheet: StopContent, width: float, height: float) -> float:
    """Write the title and the view in words; return the position below them."""
    ink = COLOURS["text"]
    y = write(axes, sheet.title, (30, height - 28), 19, width - 60, color=ink, weight="bold")
    words = sheet.card.summary if sheet.card else sheet.description.text
    return write(axes, words, (30, y - 4), 10.5, width - 60, color=ink)


def _write_caption(axes: "Axes", sheet: StopContent, width: float) -> float:
    """Write selection, rule, date and sources at the foot; return its upper edge."""
    lines = [line for pair in sheet.about for line in wrap(f"{pair[0]}: {pair[1]}", 8, width - 60)]
    for position, line in enumerate(lines, start=1):  # in reading order, for screen readers
        put(axes, (30, 16 + (len(lines) - position) * 10.5), line, 8, color=SOFT)
    return 16 + len(lines) * 10.5


def _draw_legend(frame: Frame, x: float, y: float, width: float, large: float) -> None:
    """Draw the rows of the legend, from the same message as the map; `large` multiplies its letters.

    A picture does not zoom: it explains joined marks only where it has some.
    """
    from matplotlib.patches import Circle, Rectangle

    legend = frame.sheet.message.legend
    y = write(frame.axes, str(legend["title"]), (x, y), 9 * large, width, color=COLOURS["text"], weight="bold") - 6
    items: Any = legend["items"]
    for item in items if has_joined(frame) else [item for item in items if not item.get("several")]:
        radius = max(2.0, frame.unit * math.sqrt(item["n"])) if "n" in item else 0.0
        lines = wrap(item["label"], 8 * large, width - 42)
        height = max(2 * radius + 4, 11.0 * large * len(lines), 15.0)
        middle = y - height / 2
        if radius:
            fill, edge = (COLOURS["area"], COLOURS["circle"]) if item.get("soft") else (COLOURS["circle"], "none")
            frame.axes.add_patch(Circle((x + 17, middle), radius, facecolor=fill, edgecolor=edge, linewidth=0.8))
            if item.get("several"):
                ring = Circle((x + 17, middle), radius + 2.2, facecolor="none", edgecolor=fill, linewidth=0.8)
                frame.axes.add_patch(ring)
        else:
            style = fill_of(item["mark"])
            style = style | {"edgecolor": style["edgecolor"] if "hatch" in style else COLOURS["outline"]}
            frame.axes.add_patch(Rectangle((x + 4, middle - 6), 26, 12, linewidth=0.6, **style))
        for position, line in enumerate(lines):
            start = middle + 11.0 * large * (len(lines) / 2 - position - 0.5)
            put(frame.axes, (x + 40, start), line, 8 * large, color=COLOURS["text"], va="center")
        y -= height + 2
    write(frame.axes, str(legend["note"]), (x, y - 2), 8 * large, width, color=SOFT)
