"""The map for answering a question: the places to choose from, without any numbers."""

from collections.abc import Collection

import numpy as np

from atlas.base.i18n import Translator
from atlas.base.model import Level
from atlas.figures.maps import MapMessage
from atlas.figures.mapview import BUTTONS
from atlas.figures.marks import Marks
from atlas.territory.territory import Territory


def build_answer_map(
    options: Collection[str], chosen: str, start: str, territory: Territory, words: Translator
) -> MapMessage:
    """Return the message of a map of regions, or of municipalities when the options are some.

    options: codes of one level. chosen: one of them or "". start: the municipality from where something is looked for,
    or "". Regions are shapes without a mark; municipalities are circles of one size, the chosen one full. Counts would
    give the answer away, so the message carries none: every option weighs the same.
    """
    level = territory.level_of(next(iter(options), "")) or Level.REGION
    codes = territory.at(level).index
    is_option = np.asarray(codes.isin(list(options)))
    has_circles = level is Level.MUNICIPALITY
    options_there = is_option.astype(int) if has_circles else np.zeros(len(codes), dtype=int)
    # Regions that are not options are drawn as outside; if all are options, only the chosen one is inside.
    some = () if has_circles or is_option.all() else tuple(sorted(options))
    note = words("quiz.map_note") + (f" {words('quiz.map_start')}" if start else "")
    return MapMessage(
        language=words.language.value,
        level=level,
        kind="circles",
        n=options_there,
        marks=Marks(options_there, options_there.astype(float), (), ()),
        picked=chosen,
        regions=some or ((chosen,) if chosen and not has_circles else ()),
        place=chosen if some else "",
        lead=start,
        words=_build_words(words, is_part=bool(some)),
        legend={"title": words("quiz.map_chosen" if chosen else "quiz.map_title"), "items": [], "note": note},
    )


def _build_words(words: Translator, is_part: bool) -> dict[str, object]:
    """Return the tooltips of places: the name and that it can be chosen, without numbers."""
    choose = words("quiz.map_choose")
    return {
        **dict.fromkeys(("value", "small", "missing", "shared", "size", "lead", "middle"), ""),
        **{name: words(f"map.words.{name}") for name in ("people", "failed", "hint", "nearer")},
        "none": choose,
        "choose": choose,
        "outside": words("quiz.map_no_option") if is_part else choose,
        "count": [choose, choose],
        "base": words("map.words.people"),
        "map": words("quiz.map_title"),
        "buttons": {name: words(f"map.words.button_{name}") for name in BUTTONS},
    }
