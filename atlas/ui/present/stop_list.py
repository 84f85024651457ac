"""The editor of a presentation: its slides in order with notes, its file and its link."""

import json
from dataclasses import dataclass, replace
from datetime import date
from weakref import WeakKeyDictionary

import streamlit as st

from atlas.base.folders import ASSETS
from atlas.base.i18n import Translator
from atlas.catalogue.catalogue import Store
from atlas.publish.stills.thumbnail import build_thumbnail
from atlas.publish.stops.content import StopContent
from atlas.publish.stops.story import (
    NOTES_LIMIT,
    PAGE_OF,
    STOPS_AT_MOST,
    TITLE_LIMIT,
    Stop,
    StopKind,
    Story,
    to_json,
    to_link,
)
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.parts.offer import offer
from atlas.ui.present.downloads import end_outdated_files, show_selection_files, show_story_files
from atlas.ui.session import state, stops
from atlas.ui.session.state import Screen
from atlas.words.card import shorten

# Sketches of one catalogue at most, some ten kilobytes each; those with words of a person, in the session.
_KEPT, _OWN = 1_000, "atlas_sketches"
_DECK_WORDS = ("name", "save", "open", "rename", "remove", "done", "none")


def show_desk(screen: Screen) -> None:
    """Draw the title, the actions on the whole presentation, and the slides."""
    words, story = screen.words, stops.current_story()
    st.title(words("story.title"), anchor=False)
    st.markdown(words("story.intro"))
    fault = stops.take_fault()
    if fault:
        st.error(words(fault, most=words.number(STOPS_AT_MOST)), icon=":material/error:")
    _show_actions(screen)
    made, taken = st.columns([5, 2], gap="large")
    with made:
        _show_stops(screen)
    end_outdated_files(screen)
    with taken, st.container(key="files"):
        if story.stops:
            st.header(words("story.files_title"), anchor=False)
            show_story_files(screen)
            st.caption(words("story.files_note"))
        st.header(words("story.selection_title"), anchor=False)
        with st.container(gap="xsmall", key="selection"):
            show_selection_files(screen)


def _show_stops(screen: Screen) -> None:
    words, story = screen.words, stops.current_story()
    if not story.stops:
        st.info(words("story.none"), icon=":material/lightbulb:")
        return
    _show_field(screen, "title", _sketch(screen, story.stops[0], story).title)
    for column, name, hint in zip(
        st.columns(2), ("occasion", "author"), (words("story.occasion_hint"), "ANCI"), strict=True
    ):
        with column:
            _show_field(screen, name, hint)
    st.caption(f"{words('story.kept')} {words('story.order')}")
    for at, stop in enumerate(story.stops):
        _show_stop(screen, at, stop, len(story.stops), _sketch(screen, stop, story))


def _show_field(screen: Screen, name: str, hint: str) -> None:
    """Draw the field for a text of the cover."""
    key = f"story_{name}"
    state.place_widgets([(key, getattr(stops.current_story(), name))])
    st.text_input(
        screen.words("story.story_title" if name == "title" else f"story.{name}"),
        key=key,
        max_chars=TITLE_LIMIT,
        placeholder=hint,
        on_change=stops.on_cover,
        args=(name, key),
    )


def _show_actions(screen: Screen) -> None:
    words, story = screen.words, stops.current_story()
    with st.container(horizontal=True, gap="small", key="story_actions"):
        if story.stops:
            st.button(
                words("story.present"),
                key="story_present",
                type="primary",
                icon=":material/play_arrow:",
                on_click=stops.on_present,
                help=words("story.present_help"),
            )
            st.link_button(
                words("story.room"),
                stops.address_with(state.ROOM, stops.room()),
                icon=":material/speaker_notes:",
                help=words("story.room_help"),
            )
        st.button(
            words("story.prepare"),
            key="story_prepare",
            type="secondary" if story.stops else "primary",
            icon=":material/auto_awesome:",
            on_click=stops.on_prepare,
            args=(screen,),
            help=words("story.prepare_help"),
        )
        shared = st.popover(words("story.share"), icon=":material/ios_share:", key="story_share", on_change="rerun")
        if shared.open:
            with shared:
                _show_file_and_link(screen)
        if story.stops:
            st.button(words("story.empty"), key="story_empty", icon=":material/delete:", on_click=stops.on_empty)
        saved = st.popover(
            words("story.decks.title"), icon=":material/bookmarks:", key="story_decks", on_change="rerun"
        )
        if saved.open:
            with saved:
                ours = stops.content_of(story.stops[0], screen).title if story.stops else ""
                _show_saved_decks(words, story.title or ours)
        if stops.can_undo():
            st.button(words("story.undo"), key="story_undo", icon=":material/undo:", on_click=stops.on_undo)


def _show_saved_decks(words: Translator, name: str) -> None:
    """Draw the decks that the browser keeps by name, and a field that saves this one, by default under `name`.

    The server never sees the list.
    """
    said = {word: words(f"story.decks.{word}") for word in _DECK_WORDS}
    told = ", ".join(json.dumps(one) for one in (said, name, stops.kept_link() or ""))
    call = f"atlasDecks({told});".replace("<", "\\u003c")
    script = (ASSETS / "decks.js").read_text(encoding="utf-8")
    st.caption(words("story.decks.note"))
    st.html(f'<div class="atlas-decks"></div><script>{script}\n{call}</script>', unsafe_allow_javascript=True)


def _show_file_and_link(screen: Screen) -> None:
    words, story = screen.words, stops.current_story()
    if story.stops:
        name = "atlante-presentazione.json"
        offer(words("story.save"), to_json(story), name, "story_save", icon=":material/save:")
        link = to_link(story)
        if link is None:
            st.caption(words("story.link_too_long"))
        else:
            st.markdown(f"**{words('story.link')}**")
            st.code(stops.address_with(stops.PARAMETER, link), language=None, wrap_lines=True)
    st.file_uploader(words("story.load"), type=["json"], key=stops.file_key(), on_change=stops.on_file)


@dataclass(frozen=True, slots=True)
class _Sketch:
    """What the builder shows of a slide: its title and the one it would have by itself, picture, line and notes."""

    proposed: str
    title: str
    picture: str
    brief: str
    notes: str


_Sketches = WeakKeyDictionary[Store, dict[object, _Sketch]]
_shared: _Sketches = WeakKeyDictionary()


def _sketch(screen: Screen, stop: Stop, story: Story) -> _Sketch:
    """Return the sketch of a slide. Every change of the page draws all slides and changes one: what has been gathered
    once is kept as long as its data are there, for all sessions; what a person has written, for that session only.
    """
    cover = (story.title, story.occasion, story.author) if stop.kind is StopKind.COVER else ()
    is_ours = not any((stop.title, stop.notes, stop.view.selection.text, *cover))
    own: _Sketches = st.session_state.setdefault(_OWN, WeakKeyDictionary())
    kept = (_shared if is_ours else own).setdefault(screen.catalogue.store, {})
    drawn_from = stop, date.today(), cover
    sketch = kept.get(drawn_from)
    if sketch is None:
        proposed = stops.content_of(replace(stop, title=""), screen)
        content = proposed.titled(stop.title)
        brief = to_plain(_say_briefly(content))
        sketch = _Sketch(proposed.title, content.title, build_thumbnail(content), brief, content.notes)
        if len(kept) >= _KEPT:
            kept.clear()
        kept[drawn_from] = sketch
    return sketch


def _show_stop(screen: Screen, at: int, stop: Stop, n: int, sketch: _Sketch) -> None:
    words = screen.words
    title, notes = f"stop_title_{at}", f"stop_notes_{at}"
    state.place_widgets([(title, sketch.title)])
    with st.container(border=True, gap="small", key=f"stop_{at}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="medium", key=f"stop_head_{at}"):
            st.image(sketch.picture, width=200, alt=sketch.title)
            with st.container(gap="xsmall", key=f"stop_words_{at}"):
                st.text_input(
                    words("story.stop_title", n=words.number(at + 1), page=words(f"story.page.{stop.kind.value}")),
                    key=title,
                    max_chars=TITLE_LIMIT,
                    on_change=stops.on_title,
                    args=(at, title, sketch.proposed),
                )
                st.caption(sketch.brief)
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"stop_row_{at}"):
            _show_buttons(screen, at, stop, n)
        fold = st.expander(words("story.notes"), key=f"stop_fold_{at}", on_change="rerun")
        if fold.open:  # of sixty stops hardly one is open
            state.place_widgets([(notes, stop.notes)])
            fold.text_area(
                words("story.notes"),
                key=notes,
                max_chars=NOTES_LIMIT,
                height=140,
                placeholder=sketch.notes,
                on_change=stops.on_notes,
                args=(at, notes),
                label_visibility="collapsed",
            )


def _say_briefly(content: StopContent) -> str:
    """Return a one-line description of a slide."""
    figures = [f"{number} {what}" for number, what in content.figures[:2]]
    charts = [bars.title for bars in content.bars] + ([content.grid.title] if content.grid else [])
    return shorten(" · ".join([*figures, *charts, *content.lines, *(title for title, _ in content.items)]), 140)


def _show_buttons(screen: Screen, at: int, stop: Stop, n: int) -> None:
    words = screen.words
    for name, key, icon, is_off, on_click, args in (
        ("move_up", "stop_up", "arrow_upward", at == 0, stops.on_move, (at, -1)),
        ("move_down", "stop_down", "arrow_downward", at == n - 1, stops.on_move, (at, 1)),
        ("copy", "stop_copy", "content_copy", False, stops.on_copy, (at,)),
        ("remove", "stop_delete", "close", False, stops.on_delete, (at,)),
        ("from_here", "stop_present", "play_arrow", False, stops.on_present, (at,)),
    ):
        st.button(
            words(f"story.{name}"),
            key=f"{key}_{at}",
            icon=f":material/{icon}:",
            type="tertiary",
            disabled=is_off,
            on_click=on_click,
            args=args,
        )
    if st.button(words("story.see"), key=f"stop_open_{at}", icon=":material/open_in_new:", type="tertiary"):
        state.show_view(replace(stop.view, framing=stop.map_position or ()))
        st.switch_page(f"pages/{PAGE_OF[stop.kind]}.py")
