"""The presentation of one session: its slides, and the one on the stage."""

import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode, urljoin

import streamlit as st

from atlas.base.i18n import translator
from atlas.base.model import View
from atlas.base.settings import read_settings
from atlas.catalogue.selection import select
from atlas.catalogue.world import World
from atlas.publish.stops.content import StopContent
from atlas.publish.stops.gathering import build_content
from atlas.publish.stops.proposed_story import propose_story
from atlas.publish.stops.story import (
    KEPT_LIMIT,
    STOPS_AT_MOST,
    Stop,
    StopKind,
    Story,
    StoryError,
    add_stop,
    annotate_stop,
    clean_title,
    copy_stop,
    delete_stop,
    from_json,
    from_link,
    move_stop,
    rename_stop,
    to_link,
    to_position,
)
from atlas.ui.session import rooms
from atlas.ui.session.state import Screen, base_address, current_view, current_world, fit_view
from atlas.words.card import row_of, title_of

# The pages whose view can be kept; the query parameter that carries a whole presentation.
PAGES_OF_DATA = ("mappa", "regioni", "comune", "catalogo")
PARAMETER = "tappe"
MAP_KEY = "atlas_map"
_STORY = "atlas_story"
_AT = "atlas_stage"
_BEFORE = "atlas_story_before"
_FAULT = "atlas_story_fault"
_FILES = "atlas_story_files"
_ROOM = "atlas_stage_room"
_STARTED = "atlas_stage_started"
_GROUND = "atlas_stage_ground"


def current_story() -> Story:
    """Return the presentation of this session, empty at first."""
    story: Story = st.session_state.get(_STORY, Story())
    return story


def set_story(story: Story) -> None:
    """Replace the presentation; this can be undone."""
    st.session_state[_BEFORE] = current_story()
    st.session_state[_STORY] = story
    st.session_state[_FAULT] = ""


def take_fault() -> str:
    """Return, once, why the last file or link was refused: a key of the locale files, or empty."""
    fault: str = st.session_state.pop(_FAULT, "")
    return fault


def on_add(screen: Screen, page: str) -> None:
    """Add the current view as the last slide."""
    try:
        set_story(add_stop(current_story(), _with_position(propose(screen, page))))
    except StoryError as error:
        st.toast(screen.words(f"story.fault.{error.reason}", most=STOPS_AT_MOST), icon=":material/error:")
        return
    n = len(current_story().stops)
    st.toast(screen.words("story.added", n=screen.words.number(n)), icon=":material/check:")


def on_move(at: int, by: int) -> None:
    """Move a stop up (-1) or down (1)."""
    set_story(move_stop(current_story(), at, by))


def on_copy(at: int) -> None:
    """Repeat a stop after itself."""
    try:
        set_story(copy_stop(current_story(), at))
    except StoryError as error:
        _set_fault(error)


def on_delete(at: int) -> None:
    """Take a stop out."""
    set_story(delete_stop(current_story(), at))


def on_empty() -> None:
    """Take all stops out."""
    set_story(Story())


def on_title(at: int, key: str, ours: str) -> None:
    """Take over the title of a stop; one that is still ours is worded anew whenever it is shown."""
    title = st.session_state[key] or ""
    set_story(rename_stop(current_story(), at, "" if clean_title(title) == ours else title))


def on_notes(at: int, key: str) -> None:
    """Take over the notes of a stop."""
    set_story(annotate_stop(current_story(), at, st.session_state[key] or ""))


def on_cover(name: str, key: str) -> None:
    """Take over a text of the cover: the title of the whole presentation, its occasion, or who presents."""
    text = clean_title(st.session_state[key] or "")
    set_story(replace(current_story(), **{name: text}))  # type: ignore[arg-type]


def on_prepare(screen: Screen) -> None:
    """Propose a series for what is selected, instead of the stops there were."""
    set_story(propose_story(screen.view, screen.world, read_settings().publisher))


def can_undo() -> bool:
    """Tell whether stops have gone that on_undo brings back."""
    before: Story = st.session_state.get(_BEFORE, Story())
    return not set(before.stops) <= set(current_story().stops)


def on_undo() -> None:
    """Bring back the presentation as it was before the last change."""
    set_story(st.session_state.get(_BEFORE, Story()))


def file_key() -> str:
    """Return the key of the field that takes a file: a new one after each, so that it is empty again."""
    return f"story_file_{st.session_state.get(_FILES, 0)}"


def on_file() -> None:
    """Take over the file of a presentation; one that cannot be read changes nothing."""
    file = st.session_state[file_key()]
    if file is not None:
        st.session_state[_FILES] = st.session_state.get(_FILES, 0) + 1
        _take(lambda world: from_json(file.getvalue(), world))


def take_link() -> None:
    """Take the presentation that the address carries, if any, and take it off the address."""
    link = st.query_params.get(PARAMETER, "")
    if link:
        del st.query_params[PARAMETER]
        _take(lambda world: from_link(link, world, KEPT_LIMIT))


def stage_position() -> int | None:
    """Return the position of the stop before the audience, None if not presenting."""
    at: int | None = st.session_state.get(_AT)
    n = len(current_story().stops)
    return None if at is None or not n else min(at, n - 1)


def on_present(at: int = 0) -> None:
    """Go before the audience."""
    if stage_position() is None:
        st.session_state[_STARTED] = time.time()
    st.session_state[_AT] = at


def on_leave() -> None:
    """Come back from the audience."""
    st.session_state[_AT] = None


def ground() -> str:
    """Return the theme chosen for the projector, light or dark; "" for that of the window."""
    chosen: str = st.session_state.get(_GROUND, "")
    return chosen


def on_ground(theme: str) -> None:
    """Show the stage in a theme, whatever the window's is."""
    st.session_state[_GROUND] = theme


def room() -> str:
    """Return the code of this session's room, where a second window finds the notes."""
    code: str = st.session_state.setdefault(_ROOM, secrets.token_urlsafe(12))
    return code


def address_with(parameter: str, value: str) -> str:
    """Return the address of the page of presentations with a parameter: a room, or a whole presentation."""
    return f"{urljoin(st.context.url or '', 'presenta')}?{urlencode({parameter: value})}"


def tell_room(content: StopContent, following: str, at: int, total: int) -> None:
    """Update the second window with the current slide."""
    started = st.session_state.setdefault(_STARTED, time.time())
    rooms.tell(room(), rooms.Notes(at, total, content.title, content.notes, following, started))


def kept_link() -> str | None:
    """Return what the browser keeps of the presentation: "" once it was emptied, None before there was any."""
    if _STORY not in st.session_state:
        return None
    return to_link(current_story(), KEPT_LIMIT) or "" if current_story().stops else ""


def screen_of(view: View, screen: Screen) -> Screen:
    """Return the screen of another view of the same data; what has gone with a version of them is left out."""
    view = fit_view(view)
    selected = select(screen.catalogue, view.selection)
    return replace(screen, view=view, words=translator(view.language), selected=selected)


def propose(screen: Screen, page: str) -> Stop:
    """Return the stop of what a page shows now; the title of an initiative outlives it."""
    id_ = screen.view.initiative
    title = title_of(row_of(screen.world, id_), screen.view.language) if id_ else ""
    return Stop(StopKind(page), screen.view, title)


def content_of(stop: Stop, screen: Screen) -> StopContent:
    """Return what a stop says, with the data of this session; what has gone with a version of them is left out."""
    stop = replace(stop, view=fit_view(stop.view))
    return build_content(stop, screen.world, date.today(), base_address(), current_story())


def _with_position(stop: Stop) -> Stop:
    """Return the stop with where the map is now, which a stop carries beside its view."""
    framing = current_view().framing
    position = to_position(list(framing)) if stop.kind is StopKind.MAP and framing else None
    return replace(stop, view=replace(stop.view, framing=()), map_position=position)


def _take(read: Callable[[World], Story]) -> None:
    try:
        set_story(read(current_world()))
    except StoryError as error:
        _set_fault(error)


def _set_fault(error: StoryError) -> None:
    st.session_state[_FAULT] = f"story.fault.{error.reason}"
