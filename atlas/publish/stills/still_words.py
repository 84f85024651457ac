"""Text on a picture: wrapped into lines and placed in points, never interpreted as formulas; and the colours."""

import re
import warnings
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from atlas.indicators.classes import PALETTES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FONT = "DejaVu Sans"
COLOURS: Mapping[str, Any] = PALETTES["light"]
SOFT = "#51677d"  # ink of what is less important
_BETWEEN_WORDS = re.compile(r"[^\S\u00a0]+")  # a no-break space joins words


def write(axes: "Axes", text: str, at: tuple[float, float], size: float, width: float, **style: object) -> float:
    """Write lines at most `width` points wide from `at` downwards; return the position below them."""
    x, y = at
    for line in wrap(text, size, width, bold=style.get("weight") == "bold"):
        y -= size
        put(axes, (x, y), line, size, **style)
        y -= size * 0.35
    return y


def put(axes: "Axes", at: tuple[float, float], text: str, size: float, **style: object) -> None:
    """Write one line, with dollar signs as plain text."""
    axes.text(*at, text, fontsize=size, parse_math=False, **style)  # type: ignore[arg-type]


def wrap(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """Cut a text into lines at most `width` points wide; wider words are cut too."""

    def measure(line: str) -> float:
        return text_width(line, size, bold)

    lines = [""]
    for word in _BETWEEN_WORDS.split(text):
        while measure(word) > width and len(word) > 1:
            cut = max(1, int(len(word) * width / measure(word)) - 1)
            lines.append(word[:cut])
            word = word[cut:]
        longer = f"{lines[-1]} {word}".strip()
        if measure(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line]


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return how wide a line is, in points."""
    return size * sum(_advance(letter, bold) for letter in text)


@cache
def _advance(letter: str, bold: bool) -> float:
    """Return how wide a letter is, in parts of the size of the font."""
    from matplotlib.font_manager import findfont, get_font

    font = get_font(findfont(f"{FONT}:bold" if bold else FONT))
    font.set_size(100, 72)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a sign that the font lacks is as wide as its box
        return float(font.load_char(ord(letter)).linearHoriAdvance) / 65536 / 100
