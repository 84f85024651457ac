"""The content of a stop, shared by stage, slides, handout and offline page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Self

from atlas.base.i18n import Translator
from atlas.base.model import View, ViewOptions
from atlas.base.text import clean_line
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.world import World
from atlas.figures.maps import MapMessage
from atlas.figures.mapview import MapView, build_map_view, build_message
from atlas.indicators.peers import Peer
from atlas.publish.stops.story import Stop
from atlas.words.card import Card
from atlas.words.description import Description
from atlas.words.phrases import option_label


@dataclass(frozen=True)
class Bars:
    """A bar chart: what it counts, its bars from the first to the last, a value each (NaN where unknown) and its text.

    is_small: bars with fewer than five cases behind them, drawn hollow.
    """

    title: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    texts: tuple[str, ...]
    is_small: tuple[bool, ...]


@dataclass(frozen=True)
class Grid:
    """A table of counts: what it counts, its rows and columns by name, the numbers and their texts, empty for 0."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    numbers: tuple[tuple[int, ...], ...]
    texts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class StopContent:
    """The whole content of a stop, as plain text: each format escapes it.

    selected: the one frame behind map, charts, words and tables. figures: pairs (number, what), the largest words.
    lines: sentences. items: pairs (title, where and when) of initiatives or places; facts: pairs (what, words).
    cautions: what to be careful about, smaller. about: pairs (what, words) of selection, counting rule, date, sources.
    address: of the live view, "" if the atlas has no public one. peers: of a municipality, those similar to it.
    """

    stop: Stop
    world: World
    say: Translator
    selected: Catalogue
    description: Description
    about: tuple[tuple[str, str], ...]
    today: date
    address: str
    title: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    items: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    cautions: tuple[str, ...] = ()
    bars: tuple[Bars, ...] = ()
    grid: Grid | None = None
    card: Card | None = None
    has_map: bool = False
    derived_notes: tuple[str, ...] = ()
    peers: tuple[Peer, ...] = ()

    @property
    def notes(self) -> str:
        """The presenter's notes, by default the view in words."""
        lines = self.stop.notes.splitlines() or self.derived_notes
        return "\n".join(clean_line(line) for line in lines)

    @property
    def caption(self) -> str:
        """Selection, counting rule, date and sources in one line, for the foot of a screen, slide or picture."""
        return " · ".join(words.rstrip(".") for _, words in self.about) + "."

    @property
    def map_alt(self) -> str:
        """The alternative text of the map."""
        return self.say("sheet.map_alt", text=self.card.title if self.card else self.description.text)

    @property
    def map_view(self) -> View:
        """The view of the map; for a card it always shows where the initiative is."""
        view = self.stop.view
        return replace(view, options=ViewOptions(rule=view.options.rule)) if self.card else view

    @cached_property
    def shown(self) -> MapView:
        return build_map_view(self.selected, self.map_view, self.world)

    @cached_property
    def message(self) -> MapMessage:
        return build_message(self.shown, self.selected, self.map_view, self.world.territory, self.say)

    def titled(self, title: str) -> Self:
        """Return the content under another title; a blank one leaves its own."""
        return replace(self, title=clean_line(title) or self.title)

    def texts(self) -> Iterator[str]:
        """Yield all texts and numbers of the stop in reading order, without those of the map."""
        yield self.title
        for pair in self.figures:
            yield from pair
        yield from self.lines
        for pair in (*self.items, *self.facts):
            yield from (text for text in pair if text)
        for bars in self.bars:
            yield from (bars.title, *bars.labels, *bars.texts)
        if self.grid:
            yield from (self.grid.title, *self.grid.columns, *self.grid.rows)
            yield from (text for row in self.grid.texts for text in row if text)
        yield from self.cautions

    def label(self, dimension: str, option: str) -> str:
        """Return the label of an option of a dimension."""
        return clean_line(option_label(dimension, option, self.world, self.say))
