"""The proposed presentation of a selection: at most eight slides, none empty or repeated."""

from dataclasses import replace

import numpy as np

from atlas.base.model import Face, View
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.selection import select
from atlas.catalogue.world import World
from atlas.indicators.indicators import count_by, summarise
from atlas.publish.stops.kinds import LISTED
from atlas.publish.stops.story import Stop, StopKind, Story

SCREENS = 8
# Up to so many initiatives are shown one by one; a chart of fewer shows nothing.
TOLD = 4
CHARTED = 4
REGIONS_CHARTED = 8
EXAMPLES = 2


def propose_story(view: View, world: World, author: str = "") -> Story:
    """Return the presentation of the selection of a view: cover, message and map, charts, initiatives, closing."""
    selected = select(world.catalogue, view.selection)
    base = replace(view, initiative="", face=Face.RANKING, compared=(), question=None)
    kinds = [StopKind.COVER, StopKind.OVERVIEW, *_choose_charts(selected, base, world)]
    stops = [Stop(kind, base) for kind in kinds]
    if TOLD < len(selected) <= LISTED:
        stops.append(Stop(StopKind.CATALOGUE, base))
    room = SCREENS - len(stops) - 1
    told = len(selected) if len(selected) <= TOLD else min(EXAMPLES, room)
    if told > room:  # showing each initiative is better than a chart
        stops = stops[: 2 + max(0, room - told)]
    stops += [Stop(StopKind.CATALOGUE, replace(base, initiative=id_)) for id_ in choose_examples(selected, told)]
    return Story(author=author, stops=(*stops, Stop(StopKind.CLOSING, base)))


def _choose_charts(selected: Catalogue, view: View, world: World) -> list[StopKind]:
    """Return the charts with new information: at least two bars, and not of a filtered dimension."""
    if len(selected) < CHARTED:
        return []
    kinds = []
    figures = summarise(selected, world.territory, view.selection)
    if figures.regions > 1 and len(selected) >= REGIONS_CHARTED:
        kinds.append(StopKind.REGIONS)
    if len(view.selection.themes) != 1 and int((count_by(selected, "themes") > 0).sum()) > 1:
        kinds.append(StopKind.THEMES)
    if len(view.selection.targets) != 1 and int((count_by(selected, "targets") > 0).sum()) > 1:
        kinds.append(StopKind.TARGETS)
    return kinds


def choose_examples(selected: Catalogue, n: int) -> list[str]:
    """Return ids of example initiatives in catalogue order, with different main themes and places if possible.

    First those whose main theme and places are both new, then those with a new theme, then any.
    """
    frame = selected.store.initiatives.iloc[np.sort(selected.rows)]
    rows = [(str(id_), str(cells["themes"]).split(";")[0], str(cells["places"])) for id_, cells in frame.iterrows()]
    chosen: list[tuple[str, str, str]] = []
    for counts in (lambda theme, place: theme and place, lambda theme, place: theme, lambda theme, place: True):
        for row in rows:
            has_new_theme = row[1] not in {other[1] for other in chosen}
            has_new_place = row[2] not in {other[2] for other in chosen}
            if len(chosen) < n and row not in chosen and counts(has_new_theme, has_new_place):
                chosen.append(row)
    return [row[0] for row in rows if row in chosen]
