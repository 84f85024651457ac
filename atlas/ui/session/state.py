"""The state of one session: the view, kept in step with the address of the page; it draws nothing.

The view is the only truth. Widgets are set from it before they are drawn and change it only in their callbacks.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

import streamlit as st

from atlas.base.i18n import Translator, translator
from atlas.base.model import COMPARED_AT_MOST, Face, Language, Selection, View, ViewOptions
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.drill import Step, go_down, go_to, go_up
from atlas.catalogue.links import clean_text, from_query, to_query
from atlas.catalogue.selection import select
from atlas.catalogue.source.keeper import Edition
from atlas.catalogue.vocabulary import Vocabulary
from atlas.catalogue.world import World
from atlas.intake.rehearsal import Look, Rehearsal
from atlas.territory.territory import Territory
from atlas.ui.session import cache
from atlas.words.description import Description, describe_view, option_label

_VIEW = "atlas_view"
_WRITTEN = "atlas_written_query"
_PAGE = "atlas_page"
_SCREEN = "atlas_screen"
_TRAIL = "atlas_trail"
_EDITION = "atlas_edition"
_REHEARSAL = "atlas_rehearsal"
_LOOK = "atlas_look"
TILES = "atlas_tiles"


@dataclass(frozen=True)
class Screen:
    """Everything that the pages of one run read: one view, one catalogue, one selected part of it."""

    view: View
    words: Translator
    world: World
    selected: Catalogue
    edition: Edition
    look: Look = Look.PUBLISHED

    @cached_property
    def description(self) -> Description:
        """The view in words: on the page, as the map's text alternative and as the window's title."""
        return describe_view(
            self.selected,
            self.selection,
            self.options,
            self.world,
            self.words,
        )

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
    def sources(self) -> str:
        """Where what is shown comes from: a sentence for the foot of a page or of a file."""
        return self.words(self.world.sources)

    def is_published(self, id_: str) -> bool:
        """Tell whether a link to an initiative opens it for others too."""
        known = self.edition.catalogue.store.initiatives.index
        return self.look is Look.PUBLISHED or (self.look is Look.ADDED and id_ in known)

    @property
    def selection(self) -> Selection:
        return self.view.selection

    @property
    def options(self) -> ViewOptions:
        return self.view.options


def open_screen(page: str) -> Screen:
    """Read the address, settle the view and select: once, at the start of a run. DataError when data are unreadable."""
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


def take_screen() -> Screen | None:
    """Return what open_screen settled in this run, once; None when nothing opened it."""
    opened: Screen | None = st.session_state.pop(_SCREEN, None)
    return opened


def current_view() -> View:
    """Return the view of this session."""
    view: View = st.session_state.setdefault(_VIEW, View())
    return view


def current_catalogue() -> Catalogue:
    """Return the initiatives that this session looks at: the published ones, unless it looks at its own file."""
    rehearsal = current_rehearsal()
    return rehearsal.catalogue(current_look()) if rehearsal else current_edition().catalogue


def current_world() -> World:
    """Return what this session looks at; DataError when data are unreadable."""
    look = current_look()
    sources = "app.sources" if look is Look.PUBLISHED else f"data.sources_{look}"
    return World(cache.load_territory(), cache.load_vocabulary(), current_catalogue(), sources)


def current_edition() -> Edition:
    """Return the published version that this run, and the callbacks before the next, read: one and the same."""
    edition: Edition | None = st.session_state.get(_EDITION)
    return edition or cache.load_edition()


def current_rehearsal() -> Rehearsal | None:
    """Return the file that this session has read, if any; it is kept here and no other session sees it."""
    rehearsal: Rehearsal | None = st.session_state.get(_REHEARSAL)
    return rehearsal


def current_look() -> Look:
    """Return which initiatives the pages of this session show."""
    look: Look = st.session_state.get(_LOOK, Look.PUBLISHED)
    return look


def set_rehearsal(rehearsal: Rehearsal | None) -> None:
    """Keep the file that was read instead of the one before; without rows in it the pages show what is published."""
    st.session_state[_REHEARSAL] = rehearsal
    look_at(current_look() if rehearsal and rehearsal.report.loaded else Look.PUBLISHED)


def look_at(look: Look) -> None:
    """Show other initiatives on every page. What of the view does not exist among them is given up."""
    st.session_state[_LOOK] = look
    _set_view(fit_view(current_view()))


def fit_view(view: View) -> View:
    """Return a view without what does not exist among the initiatives that this session looks at."""
    world = current_world()
    return from_query(to_query(view), world, world.catalogue.store.memberships["years"].options)


def _take_edition() -> Edition:
    """Take the version that is published now. What of the view has gone with the one before is given up."""
    edition, before = cache.load_edition(), st.session_state.get(_EDITION)
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
    """Return the option that a label of an earlier run meant, empty when none.

    Somebody who chooses twice within a moment does so from labels whose counts, or language, are already old.
    """
    world = current_world()
    name, _, _ = label.rpartition(" (")
    for option in world.catalogue.store.memberships[dimension].options:
        if name in {option_label(dimension, option, world, translator(it)) for it in Language}:
            return option
    return ""


def _write_address() -> None:
    """Put the view into the page's address, when it says something else."""
    query = to_query(current_view())
    if dict(st.query_params) != query:
        st.query_params.from_dict(query)
    st.session_state[_WRITTEN] = query


def on_language(language: Language) -> None:
    """Change the language and nothing else."""
    _set_view(replace(current_view(), language=language))


def on_dimension(dimension: str, key: str) -> None:
    """Take over what a filter widget of a dimension shows."""
    known = current_catalogue().store.memberships[dimension].options
    shown = [option if option in known else _read_label(dimension, option) for option in st.session_state[key]]
    change_selection(**{dimension: tuple(dict.fromkeys(filter(None, shown)))})


def on_text(key: str) -> None:
    """Take over the search field."""
    change_selection(text=clean_text(st.session_state[key] or ""))


def on_option(name: str, key: str) -> None:
    """Take over a choice of level, measure or counting rule; a deselected control changes nothing."""
    value = st.session_state[key]
    if value is not None:
        view = current_view()
        _set_view(replace(view, options=replace(view.options, **{name: value})))


def on_question(key: str) -> None:
    """Take over the question that the class is asked."""
    _set_view(replace(current_view(), question=st.session_state[key], initiative=""))


def remove_option(dimension: str, option: str) -> None:
    """Take one option out of the selection, or empty a field that holds one value."""
    selection = current_view().selection
    if dimension in ("text", "place"):
        change_selection(**{dimension: ""})
        return
    change_selection(**{dimension: tuple(o for o in getattr(selection, dimension) if o != option)})


def clear_selection() -> None:
    """Remove every filter and close the open card; language, level, measure and rule stay."""
    st.session_state[_TRAIL] = ()
    _set_view(replace(current_view(), selection=Selection(), initiative=""))


def change_selection(**changes: object) -> None:
    """Change fields of the selection. A place outside the chosen regions is given up, an open card is closed."""
    view = current_view()
    selection = view.selection.with_(**changes)
    if selection.place and "regions" in changes:
        region = cache.load_territory().region_of(selection.place)
        if region not in selection.regions:
            selection = selection.with_(place="")
    _set_view(replace(view, selection=selection, initiative=""))


def open_initiative(initiative_id: str) -> None:
    """Open the card of an initiative, or close it with an empty id."""
    _set_view(replace(current_view(), initiative=initiative_id))


def toggle_option(dimension: str, option: str) -> None:
    """Take over a click on a bar: add its option to the selection, or take it out."""
    chosen = getattr(current_view().selection, dimension)
    if option in chosen:
        remove_option(dimension, option)
    else:
        change_selection(**{dimension: (*chosen, option)})


def toggle_cell(**pair: str) -> None:
    """Take over a click on a cell: choose exactly its option of each dimension, or undo when they are the choice."""
    selection = current_view().selection
    undo = all(getattr(selection, dimension) == (option,) for dimension, option in pair.items())
    change_selection(**{dimension: () if undo else (option,) for dimension, option in pair.items()})


def show_view(view: View) -> None:
    """Show another view in the language of the visitor, as a stop of a presentation asks."""
    _set_view(fit_view(replace(view, language=current_view().language)))


def show_face(face: Face) -> None:
    """Turn to a face of the page of the regions and close an open card."""
    _set_view(replace(current_view(), face=face, initiative=""))


def compare(codes: Iterable[str]) -> None:
    """Put these territories side by side."""
    _set_view(replace(current_view(), compared=tuple(codes)[:COMPARED_AT_MOST]))


def go_to_place(code: str) -> None:
    """Choose a territory by its code ("" is the whole country), as the search and the breadcrumbs do."""
    view = current_view()
    st.session_state[_TRAIL] = ()
    _set_view(go_to(view, code, cache.load_territory()))


def on_map_click(code: str) -> None:
    """Choose what was clicked on the map and show the level below it; remember the way back."""
    view = current_view()
    trail: tuple[Step, ...] = st.session_state.get(_TRAIL, ())
    changed, trail = go_down(view, code, cache.load_territory(), trail)
    st.session_state[_TRAIL] = trail
    _set_view(changed)


def on_up() -> None:
    """Close the card or, without one, go back to where the last step came from."""
    view = current_view()
    if view.initiative:
        open_initiative("")
        return
    trail: tuple[Step, ...] = st.session_state.get(_TRAIL, ())
    changed, trail = go_up(view, cache.load_territory(), trail)
    st.session_state[_TRAIL] = trail
    _set_view(changed)


def place_widgets(values: Iterable[tuple[str, object]]) -> None:
    """Set the keys of widgets that are about to be drawn to what the view says.

    The browser knows options by their labels, and counts and languages change them: a choice is told again at every
    run, or the browser would answer with a label that no longer exists. A text is only told when it differs, so that
    nobody loses what is being typed.
    """
    for key, value in values:
        if not isinstance(value, str) or isinstance(value, Enum) or st.session_state.get(key) != value:
            st.session_state[key] = value


def _set_view(view: View) -> None:
    st.session_state[_VIEW] = view


def _read_address(page: str, world: World) -> None:
    """Take the view from the address at the first run and when the visitor went back or forward in the browser.

    A change of page empties the address: then the view stays and is written again.
    """
    query = dict(st.query_params)
    written = st.session_state.get(_WRITTEN)
    turned_page = st.session_state.get(_PAGE) not in (None, page)
    st.session_state[_PAGE] = page
    if query == written or (turned_page and not query):
        return
    st.session_state[_VIEW] = from_query(query, world, world.catalogue.store.memberships["years"].options)
