"""What a page on paper, a slide or a picture says of one stop: the same frame, words and map as the screen.

It writes no format: stills, slides, handout and standalone each turn a Sheet into theirs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from atlas.base.i18n import Translator, translator
from atlas.base.model import DIMENSIONS, Face, Level, View, ViewOptions
from atlas.base.text import clean_line
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.links import to_query
from atlas.catalogue.selection import select
from atlas.catalogue.world import World
from atlas.figures.maps import MapMessage
from atlas.figures.mapview import MapView, build_map_view, build_message
from atlas.indicators.comparison import compare
from atlas.indicators.indicators import (
    SMALL_COUNT,
    KeyFigures,
    count_by_service_type,
    count_by_target,
    count_by_theme,
    count_by_theme_and_target,
    count_by_year,
    is_inside,
    summarise,
)
from atlas.indicators.ranking import build_ranking
from atlas.publish.card import LISTED_AT_MOST, Card, build_card, title_of
from atlas.publish.story import PAGE_OF, Stop, Story, prepare_story
from atlas.territory.places.names import place_name
from atlas.words.description import describe_rule, describe_selection, describe_view
from atlas.words.phrases import option_label
from atlas.words.sources import say_sources


@dataclass(frozen=True)
class Bars:
    """A bar chart: what it counts, its bars from the first to the last, a value each (NaN where unknown).

    is_small: bars with fewer than five cases behind them, drawn hollow; empty when nothing is to be told apart.
    """

    title: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    is_small: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table of counts: what it counts, its rows and columns by name, the numbers."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    numbers: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Sheet:
    """Everything that is said of one stop. All of it is plain text: who writes a format escapes it.

    selected: the one frame behind map, charts, words and tables; shown and message: the map of the screen;
    about: pairs (what, words) of selection, counting rule, date, sources; address: of the live view, "" without a base.
    """

    stop: Stop
    world: World
    say: Translator
    selected: Catalogue
    headline: str
    sentences: tuple[str, ...]
    figures: KeyFigures
    about: tuple[tuple[str, str], ...]
    address: str

    @property
    def title(self) -> str:
        return clean_line(self.stop.title) or self.headline

    @property
    def notes(self) -> str:
        return "\n".join(clean_line(line) for line in self.stop.notes.splitlines())

    @property
    def caption(self) -> str:
        return " · ".join(f"{what}: {words}" for what, words in self.about[:-1]) + f" · {self.about[-1][1]}"

    @property
    def map_view(self) -> View:
        """The view that the map shows: of a card it is where that initiative is, whatever was being measured."""
        view = self.stop.view
        return replace(view, options=ViewOptions(rule=view.options.rule)) if self.card else view

    @cached_property
    def shown(self) -> MapView:
        return build_map_view(self.selected, self.map_view, self.world)

    @cached_property
    def message(self) -> MapMessage:
        return build_message(self.shown, self.selected, self.map_view, self.world.territory, self.say)

    @cached_property
    def bars(self) -> tuple[Bars, ...]:
        """The charts of the stop's page; none where the page shows none."""
        return tuple(_build_bars(self))

    @cached_property
    def grid(self) -> Grid | None:
        """Themes by target groups where the stop is about white spots."""
        if self.stop.page != "regioni" or self.stop.view.face is not Face.MATRIX:
            return None
        counts = count_by_theme_and_target(self.selected)
        return Grid(
            self.say("heatmap.targets_title"),
            tuple(self.label("themes", str(id_)) for id_ in counts.index),
            tuple(self.label("targets", str(id_)) for id_ in counts.columns),
            tuple(tuple(int(n) for n in row) for row in counts.to_numpy()),
        )

    @cached_property
    def card(self) -> Card | None:
        """The initiative that is open, if one is."""
        id_ = self.stop.view.initiative
        return build_card(self.world, id_, self.say) if id_ and self.stop.page == "catalogo" else None

    @property
    def has_map(self) -> bool:
        return self.stop.page in ("panoramica", "mappa", "comune") or self.card is not None

    @property
    def is_method(self) -> bool:
        return self.stop.page == "metodo"

    @property
    def key_figures(self) -> tuple[tuple[str, str], ...]:
        """The figures on top of the screen as pairs (number, what)."""
        say, figures, total = self.say, self.figures, self.world.catalogue
        rows = [
            ("figures.initiatives", figures.initiatives, len(total)),
            ("figures.municipalities", figures.municipalities, 0),
            ("figures.regions", figures.regions, len(self.world.territory.regions)),
        ]
        pairs = [(say.number(n), say.plural(key, n, total=say.number(of))) for key, n, of in rows]
        return (*pairs, (say.number(figures.inhabitants), say("figures.inhabitants")))

    @property
    def method(self) -> tuple[str, ...]:
        """What the page of the method says first, for the last slide."""
        n = self.say.number(len(self.world.catalogue))
        kept = (self.say("method.what", n=n), self.say("method.missing"), self.say("method.national"))
        return (*kept, self.say("method.small"), self.say("method.licence"))

    @property
    def note(self) -> str:
        """What must be known to read the charts."""
        notes = []
        if self.stop.page in ("temi", "destinatari") or self.grid:
            notes.append(self.say("sheet.several"))
        if any(any(bars.is_small) for bars in self.bars):
            notes.append(self.say("sheet.hollow"))
        return " ".join(notes)

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the selected initiatives, at most LISTED_AT_MOST, and how many more there are."""
        titles = [title_of(row, self.say.language) for row in self._first_rows()]
        more = len(self.selected) - len(titles)
        return (*titles, *([self.say.plural("sheet.more", more)] if more else []))

    def _first_rows(self) -> Iterable[Mapping[Any, object]]:
        return self.selected.initiatives[:LISTED_AT_MOST].to_dict("records")

    def label(self, dimension: str, option: str) -> str:
        return option_label(dimension, option, self.world, self.say)


def build_sheet(stop: Stop, world: World, today: date, base_address: str = "") -> Sheet:
    """Gather what one stop says. base_address: where the atlas is served, ending as its owner writes it, or ""."""
    if stop.view.initiative not in world.catalogue.store.initiatives.index:  # gone with a version of the catalogue
        stop = replace(stop, view=replace(stop.view, initiative=""))
    view, say = stop.view, translator(stop.view.language)
    selected = select(world.catalogue, view.selection)
    description = describe_view(
        selected,
        view.selection,
        view.options,
        world,
        say,
    )
    figures = summarise(selected, world.territory, view.selection)
    if stop.page == "catalogo" and view.initiative:
        # The map of a card shows that initiative and no other.
        only = np.asarray(world.catalogue.store.initiatives.index == view.initiative)
        selected = world.catalogue.keep(only)
    about = (
        (say("files.selection"), describe_selection(view.selection, world, say)),
        (say("files.counting_rule"), describe_rule(view.options.rule, say)),
        (say("files.date"), say.date(today)),
        (say("files.sources"), say_sources(world, say)),
    )
    return Sheet(
        stop=stop,
        world=world,
        say=say,
        selected=selected,
        headline=description.headline,
        sentences=description.sentences,
        figures=figures,
        about=about,
        address=to_address(stop, base_address),
    )


def build_sheets(story: Story, world: World, today: date, base_address: str = "") -> list[Sheet]:
    """Return the sheets of a presentation; the last one is always the method, added when the story has none there."""
    stops = list(story.stops)
    if not stops or stops[-1].page != "metodo":
        view = stops[-1].view if stops else View()
        say = translator(view.language)
        stops.append(Stop("metodo", View(language=view.language), say("story.prepared.method")))
    return [build_sheet(stop, world, today, base_address) for stop in stops]


def prepare(view: View, world: World) -> Story:
    """Return the presentation that the atlas proposes for the selection of a view."""
    selected = select(world.catalogue, view.selection)
    say = translator(view.language)
    return prepare_story(selected, view, world, say)


def to_address(stop: Stop, base_address: str) -> str:
    """Return the address of the live view of a stop, "" without a base address."""
    if not base_address:
        return ""
    page, query = PAGE_OF.get(stop.page, "mappa"), urlencode(to_query(stop.view))
    path = "" if page == "mappa" else page
    return f"{base_address.rstrip('/')}/{path}" + (f"?{query}" if query else "")


def _build_bars(sheet: Sheet) -> Iterable[Bars]:
    page, face = sheet.stop.page, sheet.stop.view.face
    if page == "temi":
        yield _count_bars(sheet, "themes", count_by_theme(sheet.selected), sheet.say("sheet.by_theme"))
    elif page == "destinatari":
        yield _count_bars(sheet, "targets", count_by_target(sheet.selected), sheet.say("sheet.by_target"))
    elif page == "regioni" and face is Face.MIX:
        by_type, by_year = count_by_service_type(sheet.selected), count_by_year(sheet.selected)
        yield _count_bars(sheet, "service_types", by_type, sheet.say("regions.by_service_types"))
        yield _count_bars(sheet, "years", by_year, sheet.say("regions.by_years"), is_ranked=False)
    elif page == "regioni" and face is Face.COMPARE and len(sheet.stop.view.compared) > 1:
        yield from _compared_bars(sheet)
    elif page == "regioni" and face is not Face.MATRIX:
        yield _region_bars(sheet)


def _region_bars(sheet: Sheet) -> Bars:
    shown, territory = sheet.shown, sheet.world.territory
    ranking = build_ranking(sheet.selected, territory, shown.rule, shown.measure, shown.target_group)
    # A region that was left out is not one without initiatives.
    inside = is_inside(territory, sheet.stop.view.selection)
    chosen = territory.regions.index[np.unique(territory.parents[Level.REGION][inside])]
    frame = ranking.frame[ranking.frame.index.isin(chosen)]
    names = tuple(place_name(str(code), territory, sheet.say.language) for code in frame.index)
    title = sheet.say(f"ranking.title_{shown.measure.value}")
    is_small = tuple(bool(small) for small in frame["is_small"])
    return Bars(title, names, tuple(float(value) for value in frame["value"]), is_small)


def _compared_bars(sheet: Sheet) -> Iterable[Bars]:
    """Yield how many initiatives the territories side by side have, and per million inhabitants, in their order."""
    view, world = sheet.stop.view, sheet.world
    everywhere = select(world.catalogue, view.selection.with_(regions=(), place=""))
    sides = compare(everywhere, view.compared, world.territory)
    names = tuple(place_name(side.code, world.territory, sheet.say.language) for side in sides)
    is_small = tuple(0 < len(side.ids) < SMALL_COUNT for side in sides)
    yield Bars(sheet.say("compare.initiatives"), names, tuple(float(len(side.ids)) for side in sides), is_small)
    yield Bars(sheet.say("compare.per_million"), names, tuple(side.per_million for side in sides), is_small)


def _count_bars(sheet: Sheet, dimension: str, counts: "pd.Series[int]", title: str, is_ranked: bool = True) -> Bars:
    if dimension not in DIMENSIONS:
        raise ValueError(f"no dimension: {dimension}")
    if is_ranked:
        counts = counts.sort_values(ascending=False, kind="stable")
    labels = tuple(clean_line(sheet.label(dimension, str(option))) for option in counts.index)
    return Bars(title, labels, tuple(float(n) for n in counts))
