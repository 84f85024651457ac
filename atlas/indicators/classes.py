"""Classes of values and their colours, shared by the map, its legend, pictures and tests."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MAX_CLASSES = 4

# Four steps from light to dark on a light background, and from dark to light on a dark one. The order is carried by
# lightness, so it works for every kind of colour vision. Each step has a contrast of at least 3:1 with the land
# (WCAG 1.4.11), checked in the tests.
PALETTES: dict[str, dict[str, object]] = {
    "light": {
        "classes": ["#2f8f9d", "#2a6fa8", "#2b4a97", "#2a1f6b"],
        "land": "#eef2f6",
        "outside": "#fafbfc",
        "sea": "#fbfcfd",
        "edge": "#d5dee6",
        "line": "#ffffff",
        "outline": "#8295a8",
        "missing": "#6b6f76",
        "few": "#66788a",
        "circle": "#0059b3",
        "onCircle": "#ffffff",
        "area": "#a9cdf0",
        "text": "#17324d",
        "highlight": "#b3450b",
    },
    "dark": {
        "classes": ["#3f86a8", "#5fb0c4", "#9ad6d0", "#e4f7e1"],
        "land": "#1b2a38",
        "outside": "#131e29",
        "sea": "#0f1a26",
        "edge": "#2b3d4f",
        "line": "#0f1a26",
        "outline": "#6f8598",
        "missing": "#9aa3ad",
        "few": "#8fa3b5",
        "circle": "#78b7ff",
        "onCircle": "#0f1a26",
        "area": "#2c5480",
        "text": "#e8eef4",
        "highlight": "#ffb27a",
    },
}


@dataclass(frozen=True)
class Classes:
    """Class breaks of a rate. `bounds` are the lowest value, then the inclusive upper bound of each class, ascending.

    Empty bounds mean that no territory has a value.
    """

    bounds: tuple[float, ...]

    @property
    def k(self) -> int:
        return max(0, len(self.bounds) - 1)

    def of(self, values: npt.ArrayLike) -> npt.NDArray[np.intp]:
        """Return the class (0 … k-1) of each value; -1 for zero, a missing value, or if there are no classes."""
        numbers = np.asarray(values, dtype=float)
        positions = np.searchsorted(np.asarray(self.bounds[1:], dtype=float), numbers, side="left")
        positions = np.minimum(positions, max(self.k - 1, 0))
        return np.where(np.isfinite(numbers) & (numbers > 0) & (self.k > 0), positions, -1).astype(np.intp)


def build_classes(values: npt.ArrayLike, k: int = MAX_CLASSES) -> Classes:
    """Cut positive finite values into at most k quantile classes.

    The outer bounds are the lowest and highest value, which a legend then writes as every other place does; those
    between are rounded up to two significant figures, so each value stays within the class shown in the legend. Equal
    values share a class, so there may be fewer than k classes.
    """
    numbers = np.asarray(values, dtype=float)
    numbers = np.sort(numbers[np.isfinite(numbers) & (numbers > 0)])
    if not len(numbers):
        return Classes(())
    uppers = np.quantile(numbers, np.arange(1, k + 1) / k, method="inverted_cdf")
    rounded = sorted({_round_up(float(upper)) for upper in uppers})
    return Classes((float(numbers[0]), *rounded[:-1], float(numbers[-1])))


def _round_up(value: float) -> float:
    step = 10.0 ** (np.floor(np.log10(value)) - 1)
    return float(np.round(np.ceil(np.round(value / step, 9)) * step, 12))
