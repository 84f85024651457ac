"""What a page of HTML says, as plain text: whoever writes it as HTML escapes it."""

from dataclasses import dataclass, field
from typing import NamedTuple

from atlas.base.model import Language, View
from atlas.publish.stops.content import StopContent


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: a page of the atlas by its address, and the view that it opens."""

    page: str
    view: View = field(default_factory=View)


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a page, or to a file of the site by its path; `note` stands beside it."""

    text: str
    target: Target | None = None
    note: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A titled list of links; `wide` ones have room for a sentence each, the others stand in a row."""

    title: str
    links: tuple[Link, ...]
    lead: str = ""
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its first column may link, the others are numbers or words, aligned by `numeric`."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Link, tuple[str, ...]], ...]


class Drawing(NamedTuple):
    """A small map as SVG of codes and numbers only, and what stands below it."""

    svg: str = ""
    note: str = ""


@dataclass(frozen=True)
class Page:
    """One page.

    title: of the window; description: at most 200 characters, for previews and search engines; kind: the small line
    above the heading; figures: pairs (number, what); lines: sentences; facts: pairs (what, words or links); about:
    pairs (what, words) of selection, rule, date and sources; content: what its pictures are drawn from; is_listed:
    whether search engines may keep it.
    """

    target: Target
    title: str
    heading: str
    description: str
    kind: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, tuple[Link, ...]], ...] = ()
    tables: tuple[Table, ...] = ()
    lists: tuple[Listing, ...] = ()
    cautions: tuple[str, ...] = ()
    about: tuple[tuple[str, str], ...] = ()
    content: StopContent | None = None
    minimap: Drawing = field(default_factory=Drawing)
    is_listed: bool = True

    @property
    def language(self) -> Language:
        return self.target.view.language
