"""A comparison in words: one sentence on chance, and one table with all its numbers."""

import pandas as pd

from atlas.indicators.comparison import PROFILES, Side
from atlas.territory.places.names import title_of_place
from atlas.territory.territory import COUNTRY
from atlas.ui.parts.labels import label_of
from atlas.ui.session.state import Screen


def side_name(screen: Screen, code: str) -> str:
    """Return the name of a territory for use on its own."""
    if code == COUNTRY:
        return screen.words("map.italy")
    return title_of_place(code, screen.territory, screen.view.language)


def build_whole_table(screen: Screen, sides: tuple[Side, ...]) -> pd.DataFrame:
    """Return all numbers of the comparison, one row each.

    Columns: territory, its code, what, item, number, share of its initiatives (%), limits of the 95% interval.
    """
    words = screen.words
    rows: list[tuple[str, str, float, float | None, float | None, float | None]] = []
    whose: list[tuple[str, str]] = []
    for side in sides:
        rate, low, high = (round(number, 3) for number in (side.per_million, side.low, side.high))
        facts: list[tuple[str, str, float, float | None, float | None, float | None]] = [
            (words("compare.initiatives"), "", len(side.ids), None, None, None),
            (words("compare.per_million"), "", rate, None, low, high),
            (words("compare.municipalities_involved"), "", len(side.municipalities), None, None, None),
            (words("compare.all_municipalities"), "", side.n_municipalities, None, None, None),
            (words("figures.inhabitants"), "", side.inhabitants, None, None, None),
            (words("municipality.inhabitants"), "", side.population, None, None, None),
        ]
        for dimension in PROFILES:
            what = words(f"compare.dimension.{dimension}")
            facts += [
                (what, label_of(screen, dimension, option), n, to_share(n, side), None, None)
                for option, n in side.profiles[dimension].items()
            ]
        rows += facts
        whose += [(side_name(screen, side.code), side.code)] * len(facts)
    names = ("what", "table_name", "number", "share", "low", "high")
    table = pd.DataFrame(rows, columns=[words(f"compare.{name}") for name in names])
    table.insert(0, words("compare.territory"), [name for name, _ in whose])
    table.insert(1, words("column.code"), [code for _, code in whose])
    return table


def to_share(n: int, side: Side) -> float:
    """Return n as a percentage of a territory's initiatives, with one decimal; 0 if it has none."""
    return round(100 * n / len(side.ids), 1) if side.ids else 0.0
