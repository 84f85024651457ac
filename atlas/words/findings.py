"""The findings of charts, lists and comparisons in one or two sentences, and their titles as messages."""

from collections.abc import Sequence

import pandas as pd

from atlas.base.columns import UNKNOWN
from atlas.base.i18n import Translator
from atlas.base.model import Measure, Selection
from atlas.catalogue.world import World
from atlas.indicators.comparison import Side, tell_by_chance
from atlas.indicators.ranking import Ranking
from atlas.territory.places.names import in_place, place_name, title_of_place
from atlas.territory.territory import COUNTRY, Territory
from atlas.words.headline import say_line

# Longer lists of names are replaced by their number.
NAMED = 3
MENTIONED = 6

Labels = Sequence[tuple[str, str]]


def say_regions(ranking: Ranking, territory: Territory, say: Translator) -> tuple[str, ...]:
    """Say which regions have most initiatives, if the values are counts, and how many have none in the catalogue."""
    frame = ranking.frame
    some = frame[frame["n_initiatives"] > 0]
    if some.empty:
        return (say("finding.nothing"),)
    lines = []
    if ranking.measure is Measure.COUNT and ranking.has_intervals and len(some) > 1:
        top = some["value"].max()
        tied = [place_name(str(code), territory, say.language) for code in some.index[some["value"] == top]]
        who = say.sequence(tied) if len(tied) <= NAMED else say("finding.regions", n=say.number(len(tied)))
        lines.append(say.plural(f"finding.have_{'one' if len(tied) == 1 else 'each'}", float(top), who=who))
    empty = len(frame) - len(some)
    if empty:
        lines.append(say.plural("finding.regions_without", empty))
    return tuple(lines)


def say_regions_caution(ranking: Ranking, say: Translator) -> str:
    """Say that the regions cannot be told apart, if the intervals allow each of them to be first."""
    n = int((ranking.frame["n_initiatives"] > 0).sum())
    if n < 2:
        return ""
    known = ranking.frame["best"] > 0
    if not ranking.has_intervals or len(ranking.possible_leaders) == int(known.sum()):
        return say("finding.too_small")
    return say("finding.collection")


def say_options_title(dimension: str, counts: "pd.Series[int]", labels: Labels, total: int, say: Translator) -> str:
    """Return the message of a chart of themes, target groups or service types: the most frequent ones.

    `labels` are pairs (option, label). Options shared by many are counted, not named.
    """
    known = [(label, int(counts.get(option, 0))) for option, label in labels if option != UNKNOWN]
    top = max((n for _, n in known), default=0)
    tied = [label for label, n in known if n == top]
    if not top:
        return say(f"finding.{dimension}.none")
    if total == 1 and len(tied) <= NAMED:
        return say("finding.only", who=say.sequence(tied))
    if len(tied) == 1:
        return say.plural(f"finding.{dimension}.most", top, who=tied[0], total=say.number(total))
    if len(tied) <= NAMED:
        return say.plural(f"finding.{dimension}.tied", top, who=say.sequence(tied))
    some = sum(1 for option, _ in labels if counts.get(option, 0) > 0)
    return say.plural(f"finding.{dimension}.some", some)


def say_options(dimension: str, counts: "pd.Series[int]", labels: Labels, say: Translator) -> tuple[str, ...]:
    """Say which options have no initiatives in the catalogue, and for how many initiatives the option is unknown."""
    lines = []
    known = [(option, label) for option, label in labels if option != UNKNOWN]
    empty = [label for option, label in known if not counts.get(option, 0)]
    if empty and len(empty) < len(known):
        named = say.sequence(empty) if len(empty) <= MENTIONED else say(f"finding.{dimension}.others", n=len(empty))
        lines.append(say("finding.without", what=named))
    elif not empty and len(labels) > 1:
        lines.append(say(f"finding.{dimension}.all", n=say.number(len(known))))
    unknown = int(counts.get(UNKNOWN, 0))
    if unknown:
        lines.append(say.plural(f"finding.{dimension}.unknown", unknown))
    return tuple(lines)


def say_pairs(counts: pd.DataFrame, themes: dict[str, str], targets: dict[str, str], say: Translator) -> str:
    """Name the pair of theme (row) and group (column) with most initiatives, unless several are tied."""
    top = counts.to_numpy().max(initial=0)
    pairs = [(str(row), str(column)) for row, column in counts.stack().loc[lambda cell: cell == top].index]
    if not top or len(pairs) > 1:
        return ""
    row, column = pairs[0]
    return say.plural("finding.pair", float(top), theme=themes[row], target=targets[column])


def say_sides_title(sides: Sequence[Side], selection: Selection, world: World, say: Translator) -> str:
    """Return "Iniziative nel catalogo: 2 in Puglia e 3 in Lombardia", or "La casa nei Comuni: …" with filters.

    Filters of region and place do not count.
    """
    located = ((len(side.ids), in_place(side.code, world.territory, say.language)) for side in sides)
    numbers = say.sequence(say.plural("words.located", n, place=place) for n, place in located)
    filters = selection.with_(regions=(), place="")
    if filters.is_empty:
        return say("finding.sides", numbers=numbers)
    return say_line(filters, (numbers,), numbers, world, say)


def say_chance(sides: Sequence[Side], territory: Territory, say: Translator) -> str:
    """Say which of exactly these territories the numbers tell apart, per million inhabitants, and which they do not."""
    chance = tell_by_chance(sides, territory)
    names = {side.code: title_of_place(side.code, territory, say.language) for side in sides}
    said = [say("compare.apart", higher=names[higher], lower=names[lower]) for higher, lower in chance.apart]
    alike = list(dict.fromkeys(code for pair in chance.alike for code in pair))
    if alike and len(chance.alike) == len(alike) * (len(alike) - 1) // 2:
        said.append(say("compare.alike", names=say.sequence(names[code] for code in alike)))
    elif alike:
        pairs = (say.sequence(names[code] for code in pair) for pair in chance.alike)
        said.append(say("compare.alike_pairs", pairs="; ".join(pairs)))
    parts: dict[str, list[str]] = {}
    for one, other in chance.nested:
        part, whole = (other, one) if one == COUNTRY or (other != COUNTRY and len(one) < len(other)) else (one, other)
        parts.setdefault(whole, []).append(names[part])
    if parts:
        nested = (
            say.plural("compare.nested", len(inside), parts=say.sequence(inside), whole=names[whole])
            for whole, inside in parts.items()
        )
        said.append(say("compare.nested_note", nested="; ".join(nested)))
    return " ".join(said)
