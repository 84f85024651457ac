"""The state of one session: the view, synchronised with the address of the page.

The view is the single source of truth. Widgets are set from it before they are drawn, and change it only in callbacks.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from urllib.parse import urljoin

import pandas as pd
import streamlit as st

from atlas.base.i18n import Translator, translator
from atlas.base.model import COMPARED_AT_MOST, Face, Language, Question, Selection, View, ViewOptions
from atlas.base.settings import read_settings
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.drill import Step, go_down, go_to, go_up
from atlas.catalogue.links import clean_text, from_query, to_address, to_framing, to_query
from atlas.catalogue.selection import select
from atlas.catalogue.source import bundle
from atlas.catalogue.source.keeper import Edition
from atlas.catalogue.vocabulary import Vocabulary
from atlas.catalogue.world import World
from atlas.indicators import comparison
from atlas.intake.rehearsal import Look, Rehearsal
from atlas.territory.territory import Territory
from atlas.words.description import Description, describe_view
from atlas.words.phrases import option_label
from atlas.words.sources import say_sources

# The code of a presentation, in the address of its presenter's window.
ROOM = "sala"
# What an address holds beside the view.
_KEPT = (ROOM,)
_VIEW = "atlas_view"
_WRITTEN = "atlas_written_query"
_PAGE = "atlas_page"
_SCREEN = "atlas_screen"
_TRAIL = "atlas_trail"
_EDITION = "atlas_edition"
_REHEARSAL = "atlas_rehearsal"
_LOOK = "atlas_look"
_LOST = "atlas_lost_initiative"
_HEARD = "atlas_heard_framing"
TILES = "atlas_tiles"


@dataclass(frozen=True)
class Screen:
    """What the pages of one run read: one view, one catalogue, one selected part of it."""

    view: View
    words: Translator
    world: World
    selected: Catalogue
    edition: Edition
    look: Look = Look.PUBLISHED

    @cached_property
    def description(self) -> Description:
        """The view in words: on the page, as the map's text alternative and as the window's title."""
        return describe_view(self.selected, self.selection, self.options, self.world, self.words)

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """What stands side by side: what was chosen or, while nothing is, a pair that makes sense."""
        return self.view.compared or comparison.first_pair(self.selection, self.catalogue, self.territory)

    @cached_property
    def sides(self) -> tuple[comparison.Side, ...]:
        """The initiatives of each of these; filters of region and place do not count."""
        everywhere = select(self.catalogue, self.selection.with_(regions=(), place=""))
        return comparison.compare(everywhere, self.compared, self.territory)

    @property
    def territory(self) -> Territory:
        return self.world.territory

    @property
    def vocabulary(self) -> Vocabulary:
        return self.world.vocabulary

    @property
    def catalogue(self) -> Catalogue:
        return self.world.catalogue

    @property
    def published(self) -> World:
        """What is published, also while the pages show the visitor's own file."""
        return World(self.territory, self.vocabulary, self.edition.catalogue, provenance=self.world.provenance)

    @property
    def sources(self) -> str:
        """The sources of what is shown, as a sentence for the foot of pages and files."""
        return say_sources(self.world, self.words)

    def is_published(self, id_: str) -> bool:
        """Tell whether an initiative is published, so that its link works for others too."""
        known = self.edition.catalogue.store.initiatives.index
        return self.look is Look.PUBLISHED or (self.look is Look.ADDED and id_ in known)

    def has_source(self, id_: str) -> bool:
        """Tell whether an initiative comes from the source that the published catalogue names.

        In the bundled catalogue those of the source have a number; one that somebody has added since has none.
        """
        has_number = not pd.isna(self.catalogue.store.initiatives["source_order"].get(id_))
        return self.is_published(id_) and (has_number or read_settings().catalogue is not None)

    def address_of(self, page: str) -> str:
        """Return the link that opens a page with this view for anyone."""
        return to_address(base_address(), page, self.view)

    @property
    def selection(self) -> Selection:
        return self.view.selection

    @property
    def options(self) -> ViewOptions:
        return self.view.options


def open_screen(page: str) -> Screen:
    """Read the address, update the view and select, once at the start of a run. DataError if data are unreadable."""
    edition = _take_edition()
    world = current_world()
    _read_address(page, world)
    _write_address()
    view = current_view()
    screen = Screen(
        view=view,
        words=translator(view.language),
        world=world,
        selected=select(world.catalogue, view.selection),
        edition=edition,
        look=current_look(),
    )
    st.session_state[_SCREEN] = screen
    return screen


def base_address() -> str:
    """Return the address below which all pages are, as the visitor's browser asked for it."""
    return urljoin(st.context.url or "", ".")


def is_initiative_lost() -> bool:
    """Tell whether the address asks for an initiative that the catalogue does not have, or has no longer; once."""
    return bool(st.session_state.pop(_LOST, False))


def take_screen() -> Screen | None:
    """Return the screen opened in this run, once; None if there is none."""
    opened: Screen | None = st.session_state.pop(_SCREEN, None)
    return opened


def current_view() -> View:
    """Return the view of this session."""
    view: View = st.session_state.setdefault(_VIEW, View())
    return view


def current_catalogue() -> Catalogue:
    """Return the initiatives shown in this session: the published ones, unless it shows its own file."""
    rehearsal = current_rehearsal()
    return rehearsal.catalogue(current_look()) if rehearsal else current_edition().catalogue


def current_world() -> World:
    """Return what this session looks at; DataError if data are unreadable."""
    look = current_look()
    sources = "app.sources" if look is Look.PUBLISHED else f"data.sources_{look}"
    return bundle.world_of(current_catalogue(), sources)


def current_edition() -> Edition:
    """Return the published version, the same during a run and the callbacks before the next."""
    edition: Edition | None = st.session_state.get(_EDITION)
    return edition or bundle.published_edition()


def current_rehearsal() -> Rehearsal | None:
    """Return the file read by this session, if any; no other session can see it."""
    rehearsal: Rehearsal | None = st.session_state.get(_REHEARSAL)
    return rehearsal


def current_look() -> Look:
    """Return which initiatives the pages of this session show."""
    look: Look = st.session_state.get(_LOOK, Look.PUBLISHED)
    return look


def set_rehearsal(rehearsal: Rehearsal | None) -> None:
    """Replace the file of this session; if it has no rows the pages show the published catalogue."""
    st.session_state[_REHEARSAL] = rehearsal
    look_at(current_look() if rehearsal and rehearsal.report.loaded else Look.PUBLISHED)


def look_at(look: Look) -> None:
    """Show other initiatives on every page. Filters that no longer exist are dropped."""
    st.session_state[_LOOK] = look
    _set_view(fit_view(current_view()))


def fit_view(view: View) -> View:
    """Return a view without the parts that do not exist among the initiatives of this session."""
    world = current_world()
    return from_query(to_query(view), world, world.catalogue.store.memberships["years"].options)


def _take_edition() -> Edition:
    """Switch to the current published version. Parts of the view that no longer exist are dropped."""
    edition, before = bundle.published_edition(), st.session_state.get(_EDITION)
    if edition is not before:
        st.session_state[_EDITION] = edition
        rehearsal = current_rehearsal()
        if rehearsal:
            published = replace(rehearsal.published, catalogue=edition.catalogue)
            st.session_state[_REHEARSAL] = replace(rehearsal, published=published)
        if before is not None:
            _set_view(fit_view(current_view()))
    return edition


def _read_label(dimension: str, label: str) -> str:
    """Return the option for a label of an earlier run, empty if none.

    Two quick choices in a row use labels with outdated counts or language.
    """
    world = current_world()
    name, _, _ = label.rpartition(" (")
    for option in world.catalogue.store.memberships[dimension].options:
        if name in {option_label(dimension, option, world, translator(it)) for it in Language}:
            return option
    return ""


def _write_address() -> None:
    """Write the view to the page's address if it differs."""
    query = to_query(current_view()) | {name: st.query_params[name] for name in _KEPT if name in st.query_params}
    if dict(st.query_params) != query:
        st.query_params.from_dict(query)
    st.session_state[_WRITTEN] = query


def change_view(**changes: object) -> None:
    """Change fields of the view, such as the language or what a page shows."""
    _set_view(replace(current_view(), **changes))  # type: ignore[arg-type]


def on_dimension(dimension: str, key: str) -> None:
    """Update a dimension from its filter widget."""
    known = current_catalogue().store.memberships[dimension].options
    shown = [option if option in known else _read_label(dimension, option) for option in st.session_state[key]]
    change_selection(**{dimension: tuple(dict.fromkeys(filter(None, shown)))})


def on_text(key: str) -> None:
    """Update the search from its field."""
    change_selection(text=clean_text(st.session_state[key] or ""))


def on_option(name: str, key: str) -> None:
    """Update level, measure or counting rule; a deselected control changes nothing."""
    value = st.session_state[key]
    if value is not None:
        change_view(options=replace(current_view().options, **{name: value}))


def ask(question: Question | None) -> None:
    """Ask a question of the guessing page, or offer them all."""
    change_view(question=question, initiative="")


def remove_option(dimension: str, option: str) -> None:
    """Remove one option from the selection, or clear a single-valued field."""
    selection = current_view().selection
    if dimension in ("text", "place"):
        change_selection(**{dimension: ""})
        return
    change_selection(**{dimension: tuple(o for o in getattr(selection, dimension) if o != option)})


def clear_selection() -> None:
    """Remove every filter and close the open card; language, level, measure and rule stay."""
    _walk(replace(current_view(), selection=Selection(), initiative=""), ())


def change_selection(**changes: object) -> None:
    """Change fields of the selection. A place outside the chosen regions is dropped, an open card is closed."""
    view = current_view()
    selection = view.selection.with_(**changes)
    if selection.place and "regions" in changes:
        region = bundle.bundled_territory().region_of(selection.place)
        if region not in selection.regions:
            selection = selection.with_(place="")
    _set_view(replace(view, selection=selection, initiative=""))


def open_initiative(initiative_id: str) -> None:
    """Open the card of an initiative, or close it with an empty id."""
    change_view(initiative=initiative_id)


def open_row(row: int) -> None:
    """Open the card of the initiative in a row of the catalogue, as its mark on the map asks."""
    ids = current_catalogue().store.initiatives.index
    if 0 <= row < len(ids):
        open_initiative(str(ids[row]))


def toggle_option(dimension: str, option: str) -> None:
    """Handle a click on a bar: add its option to the selection or remove it."""
    chosen = getattr(current_view().selection, dimension)
    if option in chosen:
        remove_option(dimension, option)
    else:
        change_selection(**{dimension: (*chosen, option)})


def toggle_cell(**pair: str) -> None:
    """Handle a click on a cell: select exactly its options, or clear them if they are already selected."""
    selection = current_view().selection
    undo = all(getattr(selection, dimension) == (option,) for dimension, option in pair.items())
    change_selection(**{dimension: () if undo else (option,) for dimension, option in pair.items()})


def show_view(view: View) -> None:
    """Show the view of a slide, in the visitor's language."""
    _set_view(fit_view(replace(view, language=current_view().language)))


def compare(codes: Iterable[str]) -> None:
    """Compare these territories."""
    change_view(compared=tuple(codes)[:COMPARED_AT_MOST])


def show_region(code: str) -> None:
    """Open the page of a region; it filters nothing."""
    change_view(face=Face.REGION, region=code, initiative="")


def go_to_place(code: str) -> None:
    """Choose a territory by its code ("" is the whole country), as the search and the breadcrumbs do."""
    _walk(go_to(replace(current_view(), municipality=""), code, bundle.bundled_territory()), ())


def show_municipality(code: str) -> None:
    """Open the page of a municipality, which filters nothing."""
    change_view(municipality=code, initiative="")


def filter_by_municipality(code: str) -> None:
    """Choose a municipality for the whole atlas, as the visitor asked on its page."""
    go_to_place(code)
    change_view(municipality=code)


def on_map_click(code: str) -> None:
    """Select the territory clicked on the map and show the level below it, keeping the way back."""
    _walk(*go_down(current_view(), code, bundle.bundled_territory(), _trail()))


def on_up() -> None:
    """Close the card or, without one, go back one step."""
    if current_view().initiative:
        open_initiative("")
    else:
        _walk(*go_up(current_view(), bundle.bundled_territory(), _trail()))


def _trail() -> tuple[Step, ...]:
    """Return the way back to where the visitor came from on the map."""
    trail: tuple[Step, ...] = st.session_state.get(_TRAIL, ())
    return trail


def _walk(view: View, trail: tuple[Step, ...]) -> None:
    st.session_state[_TRAIL] = trail
    _set_view(view)


def place_widgets(values: Iterable[tuple[str, object]]) -> None:
    """Set the keys of widgets from the view before they are drawn.

    The browser identifies options by label, which changes with counts and language: choices are set at every run, or
    the browser would send back outdated labels. A text is only set if it differs, so as not to interrupt typing.
    """
    for key, value in values:
        if not isinstance(value, str) or isinstance(value, Enum) or st.session_state.get(key) != value:
            st.session_state[key] = value


def on_framing(value: object, told: object) -> None:
    """Update the map's framing, None if it follows the chosen place; `told`: when the frame sent it."""
    st.session_state[_HEARD] = int(told) if isinstance(told, int | float) else 0
    framing = to_framing(value) if isinstance(value, list) else ()
    st.session_state[_VIEW] = replace(current_view(), framing=framing)


def heard_of_framing() -> int:
    """Return when the map's frame last said where it was moved; 0 when never."""
    heard: int = st.session_state.get(_HEARD, 0)
    return heard


def _set_view(view: View) -> None:
    """Keep the view. Another place, or another open card, takes the map there: where it was moved counts no more."""
    before = current_view()
    if _looked_at(view) != _looked_at(before) and view.framing == before.framing:
        view = replace(view, framing=())
    st.session_state[_VIEW] = view


def _looked_at(view: View) -> tuple[object, ...]:
    return view.selection.regions, view.selection.place, view.initiative


def _read_address(page: str, world: World) -> None:
    """Read the view from the address at the first run and after going back or forward in the browser.

    A change of page empties the address: then the view is kept and written again.
    """
    query = dict(st.query_params)
    written = st.session_state.get(_WRITTEN)
    turned_page = st.session_state.get(_PAGE) not in (None, page)
    st.session_state[_PAGE] = page
    if query == written or (turned_page and not query):
        return
    view = from_query(query, world, world.catalogue.store.memberships["years"].options)
    st.session_state[_VIEW] = view
    st.session_state[_LOST] = bool(query.get("id")) and not view.initiative
