"""What the map shows of a selected catalogue: values, classes, footprints, legend."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.i18n import Translator
from atlas.base.model import CountingRule, Level, Measure, Selection, View
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.vocabulary import Vocabulary
from atlas.catalogue.world import World
from atlas.figures.maps import MapMessage, to_class_marks
from atlas.figures.marks import Booleans, Marks, build_marks
from atlas.indicators.classes import Classes, build_classes
from atlas.indicators.indicators import PER, count_by_territory, is_inside, rate_by_territory
from atlas.territory.territory import Territory

OTHERS_AT_MOST = 1_000
BUTTONS = ("in", "out", "home", "fit", "names", "full")


@dataclass(frozen=True)
class MapView:
    """What the map shows: one frame for the map, its table and its legend.

    frame: every territory of the level by code, columns of indicators.rate_by_territory, zero outside the chosen
    territory; inside: which territories are in it; measure: the one in use, which at the level of municipalities can
    only be the count or a rate by inhabitants; classes: of a rate, empty for a count.
    """

    level: Level
    measure: Measure
    rule: CountingRule
    target_group: str | None
    frame: pd.DataFrame
    inside: Booleans
    classes: Classes

    def class_marks(self) -> str:
        """Return the class of each territory as in MapMessage.classes."""
        frame = self.frame
        positions = self.classes.of(frame["value"]).tolist()
        return to_class_marks(positions, frame["is_small"].tolist(), frame["is_missing"].tolist())


def build_map_view(selected: Catalogue, view: View, world: World) -> MapView:
    """Count or rate the selected initiatives by territory, as the options of the view ask."""
    options, territory = view.options, world.territory
    group = target_group_of(view.selection, world.vocabulary)
    measure = usable_measure(options.measure, options.level, group)
    frame = rate_by_territory(selected, territory, options.level, options.rule, measure, group)
    inside = territories_inside(territory, view.selection, options.level)
    if not inside.all():
        frame.loc[~inside, ["n_initiatives", "numerator", "value"]] = 0
        frame.loc[~inside, ["is_small", "is_missing"]] = False
    classes = build_classes(frame["value"]) if measure.is_rate else Classes(())
    return MapView(options.level, measure, options.rule, group, frame, inside, classes)


def target_group_of(selection: Selection, vocabulary: Vocabulary) -> str | None:
    """Return the age bands of the only chosen target group; None if none, several, or one without a population."""
    if len(selection.targets) != 1 or selection.targets[0] not in vocabulary.targets:
        return None
    return vocabulary.targets[selection.targets[0]].population_group or None


def usable_measures(level: Level, target_group: str | None) -> tuple[Measure, ...]:
    """Return the measures that apply at a level: per 100 municipalities does not apply to a municipality."""
    measures = [Measure.COUNT, Measure.PER_MILLION]
    if level is not Level.MUNICIPALITY:
        measures.append(Measure.PER_100_MUNICIPALITIES)
    return (*measures, *([Measure.PER_100K_TARGET] if target_group else []))


def usable_measure(measure: Measure, level: Level, target_group: str | None) -> Measure:
    """Return the measure if it applies, otherwise the count."""
    return measure if measure in usable_measures(level, target_group) else Measure.COUNT


def build_message(
    shown: MapView,
    selected: Catalogue,
    view: View,
    territory: Territory,
    words: Translator,
    *,
    with_tiles: bool = False,
    at: tuple[float, ...] | None = None,
    heard: int = 0,
) -> MapMessage:
    """Return the message of what the map shows; `at` and `heard` as in MapMessage."""
    frame = shown.frame
    n = frame["n_initiatives"].to_numpy()
    is_rate = shown.measure.is_rate
    classes = shown.class_marks() if is_rate else None
    marks = None if is_rate else build_marks(selected, territory, shown.level, shown.rule, shown.inside)
    footprint, opened, lead = _open_footprint(selected, view.initiative, territory)
    needs_denominator = is_rate and not (shown.measure is Measure.PER_MILLION and shown.level is Level.MUNICIPALITY)
    return MapMessage(
        language=view.language.value,
        level=shown.level,
        kind="fills" if is_rate else "circles",
        n=n,
        v=None if shown.rule is CountingRule.PRESENCE else frame["numerator"].to_numpy(dtype=float),
        per=PER[shown.measure] if is_rate else None,
        classes=classes,
        denominators=frame["denominator"].where(n > 0, 0).to_numpy(dtype=float) if needs_denominator else None,
        others=_count_others(selected, territory, view.selection, shown.level),
        marks=marks,
        regions=view.selection.regions,
        place=view.selection.place,
        footprint=footprint,
        opened=opened,
        lead=lead,
        at=at,
        framing=view.framing if at is None else (),
        heard=heard,
        with_tiles=with_tiles,
        words=_build_words(shown, words),
        legend={
            "title": legend_title(shown, words),
            "items": _legend_items(shown, words, marks, classes),
            "note": words("map.legend.note"),
        },
    )


def territories_inside(territory: Territory, selection: Selection, level: Level) -> Booleans:
    """Tell which territories of a level contain or are inside the chosen ones; all if none are chosen."""
    inside = np.zeros(len(territory.at(level)), dtype=bool)
    inside[territory.parents[level][is_inside(territory, selection)]] = True
    return inside


def _count_others(
    selected: Catalogue, territory: Territory, selection: Selection, shown: Level
) -> Mapping[Level, npt.NDArray[np.int_]]:
    """Count the initiatives at the levels not shown, which clicks can open too.

    Levels with thousands of entries are left out; the map of that level has them.
    """
    counts = {}
    for level in Level:
        if level is not shown:
            frame = count_by_territory(selected, territory, level, CountingRule.PRESENCE)
            n = frame["n_initiatives"].to_numpy()
            inside = np.where(territories_inside(territory, selection, level), n, 0)
            if np.count_nonzero(inside) <= OTHERS_AT_MOST:
                counts[level] = inside
    return counts


def _open_footprint(selected: Catalogue, initiative: str, territory: Territory) -> tuple[Booleans | None, int, str]:
    """Return the municipalities of the open initiative, its row and the code of its lead; None if no card is open."""
    store = selected.store
    if not initiative or initiative not in store.initiatives.index:
        return None, -1, ""
    footprint = store.footprints[Level.MUNICIPALITY]
    row = int(np.flatnonzero(store.initiatives.index == initiative)[0])
    own = footprint.row == row
    members = np.zeros(len(territory.municipalities), dtype=bool)
    members[footprint.territory[own]] = True
    leads = footprint.territory[own & footprint.is_lead]
    return members, row, str(territory.municipalities.index[leads[0]]) if len(leads) else ""


def _build_words(shown: MapView, words: Translator) -> Mapping[str, object]:
    value = base = "map.words.people"
    if shown.measure.is_rate:
        value, base = (f"map.words.{what}.{shown.measure.value}" for what in ("rate_value", "base"))
    elif shown.rule is not CountingRule.PRESENCE:
        value = f"map.words.{shown.rule.value}_value"
    plain = ("none", "people", "small", "missing", "outside", "failed", "hint", "lead", "middle", "choose", "nearer")
    return {
        **{key: words(f"map.words.{key}") for key in plain},
        "map": words("map.title"),
        "count": [words("map.words.count_one"), words("map.words.count_other")],
        "shared": words("map.words.shared"),
        "size": words("map.words.size"),
        "value": words(value),
        "base": words(base),
        "buttons": {name: words(f"map.words.button_{name}") for name in BUTTONS},
    }


def legend_title(shown: MapView, words: Translator) -> str:
    """Return the legend's title: what is counted, the unit, and the counting rule if it is not the default."""
    if shown.measure is Measure.COUNT:
        title = words(f"map.legend.count_{shown.level.value}")
    elif shown.measure is Measure.PER_100K_TARGET:
        title = words("map.legend.per_100k_target")
    else:
        title = words(f"map.{shown.measure.value}")
    rule = "" if shown.rule is CountingRule.PRESENCE else f" · {words(f'map.{shown.rule.value}')}"
    return title + rule


def _legend_items(
    shown: MapView, words: Translator, marks: Marks | None, classes: str | None
) -> list[dict[str, object]]:
    """Return the rows of the legend: a circle (n), a class (mark) or a kind of blank (mark), each with its label.

    The mark `/` is the hatching of few cases in no class's colour. Only what the map has, or can have at another zoom:
    of a single mark, neither other sizes nor marks joined. Where and while it has none in sight, the map leaves out
    the rows of shared and joined marks.
    """
    items: list[dict[str, object]] = []
    n_plain, n_shared = (int(np.count_nonzero(marks.value > 0)), len(marks.shared)) if marks else (0, 0)
    if classes is not None:
        has_small = not set("abcdefghij").isdisjoint(classes)
        for position, label in enumerate(class_labels(shown.classes, words)):
            is_solid = str(position) in classes or not has_small
            items.append({"mark": str(position) if is_solid else "abcdefghij"[position], "label": label})
        if has_small:
            items.append({"mark": "/", "label": words("map.legend.small")})
    else:
        if n_plain or n_shared > 1:
            for n in _round_numbers(float(np.nan_to_num(shown.frame["value"]).max(initial=0))):
                items.append({"n": n, "label": words.number(n)})
        if n_shared:
            items.append({"n": 1, "soft": 1, "label": words("map.legend.shared")})
        if n_plain + n_shared > 1:
            items.append({"n": 2, "several": 1, "label": words("map.legend.several")})
    items.append({"mark": ".", "label": words("map.legend.none")})
    if classes is not None and shown.frame["is_missing"].any():
        items.append({"mark": "-", "label": words("map.legend.missing")})
    return items


def class_labels(classes: Classes, words: Translator) -> list[str]:
    """Return "from … to …" for each class, or the value where the class has only one."""
    bounds = words.numbers(classes.bounds)
    return [low if low == high else words("map.legend.class", low=low, high=high) for low, high in pairwise(bounds)]


def _round_numbers(most: float) -> list[int]:
    """Return up to three numbers for the legend's circles: one, about a third, and the largest whole one."""
    top = max(1, int(most))
    return sorted({1, max(1, round(top / 3)), top}) if top > 1 else [1]
