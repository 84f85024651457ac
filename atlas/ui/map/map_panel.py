"""The map with its controls: level, measure, counting rule, navigation, national initiatives."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit_folium import st_folium

from atlas.base.settings import read_settings
from atlas.base.text import clean_line
from atlas.catalogue.drill import path_of
from atlas.figures import map_files
from atlas.figures.maps import MapMessage, build_base_map, build_layer
from atlas.figures.mapview import MapView, build_map_view, build_message
from atlas.territory.places.names import to_place
from atlas.ui.choices.counting import show_counting
from atlas.ui.choices.finder import show_finder
from atlas.ui.parts.about import show_about
from atlas.ui.parts.labels import name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session import state, stops
from atlas.ui.session.state import Screen
from atlas.words.card import row_of, title_of

HEIGHT = 560
TITLES_AT_MOST = 300
_KEY = stops.MAP_KEY


def show_controls(screen: Screen, shown: MapView) -> None:
    """Draw the counting control and the help of the map."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="map_controls"):
        show_counting(screen, shown.level, shown.measure, shown.target_group)
        show_about(screen, "map", "map")


def show_path(screen: Screen) -> None:
    """Draw the breadcrumbs from Italy to the chosen territory, a button one step up (Escape), and the place search."""
    words = screen.words
    path = path_of(screen.view, screen.territory)
    crumbs = [("", words("map.italy")), *((code, name_of(screen, code)) for code in path)]
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="path"):
        for code, name in crumbs[:-1]:
            st.button(
                f"{to_plain(name)} ›", key=f"crumb_{code}", type="tertiary", on_click=state.go_to_place, args=(code,)
            )
        st.markdown(f"**{to_plain(crumbs[-1][1])}**", width="content")
        if not screen.view.initiative and screen.selection.regions:
            before = crumbs[-2][0] if len(crumbs) > 1 else crumbs[-1][0]
            to = to_place(before, screen.territory, screen.view.language)
            st.button(
                # Escape is handled by map.js: a shortcut would also react to an Escape that closes a list.
                f"{words('map.up', to=to_plain(to))} :small[(Esc)]",
                key="path_up",
                icon=":material/arrow_upward:",
                on_click=state.on_up,
            )
        finder = st.popover(words("map.go_to"), icon=":material/search:", key="finder", on_change="rerun")
        if finder.open:
            with finder:
                show_finder(screen, "finder_place", closes="finder")


def show_map(screen: Screen, shown: MapView) -> None:
    """Draw the map. Its frame is made once; afterwards only the message changes."""
    tiles = _show_tiles_question(screen)
    message = build_message(
        shown,
        screen.selected,
        screen.view,
        screen.territory,
        screen.words,
        with_tiles=tiles,
        heard=state.heard_of_framing(),
    )
    with st.container(key="map_area"):  # as high as the map before there is one, see page.css
        _draw(message, _KEY, _on_click)
    _write_titles(screen, message)


def _write_titles(screen: Screen, message: MapMessage) -> None:
    """Write the titles of single-initiative marks into a hidden element, where map.js reads them (titleOf)."""
    shared = message.marks.shared if message.marks else ()
    titles = screen.selected.store.initiatives
    own, italian = titles[f"title_{screen.view.language}"], titles["title_it"]
    rows = [mark.row for mark in shared[:TITLES_AT_MOST]]
    with st.container(key="map_titles"):
        st.text("\n".join(f"{row}\t{clean_line(str(own.iat[row] or italian.iat[row]))}" for row in rows))


def show_stage_map(screen: Screen, at: tuple[float, ...], theme: str) -> None:
    """Draw the map of a slide at the slide's position (see MapMessage.at) in the projector's theme, without clicks."""
    shown = build_map_view(screen.selected, screen.view, screen.world)
    message = build_message(
        shown,
        screen.selected,
        screen.view,
        screen.territory,
        screen.words,
        with_tiles=bool(st.session_state.get(state.TILES)) and read_settings().tiles is not None,
        at=at,
    )
    _draw(replace(message, theme=theme), _KEY)


def show_choosing_map(
    message: MapMessage, key: str, on_code: Callable[[str], None], on_up: Callable[[], None] = lambda: None
) -> None:
    """Draw a map for choosing a place: a click gives its code, Escape goes up."""
    _draw(message, key, lambda: _take_choice(key, on_code, on_up))


def _draw(message: MapMessage, key: str, on_change: Callable[[], None] | None = None) -> None:
    """Send a message to the map of this key; its frame is made once, whatever is sent."""
    # Built anew each time, because streamlit-folium modifies it.
    base = build_base_map(map_files.addresses(), read_settings().tiles)
    st_folium(
        base,
        key=key,
        height=HEIGHT,
        use_container_width=True,
        returned_objects=[],
        render=False,  # only the map is sent; the page around it would be rendered for nobody
        feature_group_to_add=build_layer(message),
        on_change=on_change,
    )


def show_shelf(screen: Screen) -> None:
    """Draw the national initiatives, which are not on the map."""
    national = screen.selected.store.initiatives.index[screen.selected.rows[~screen.selected.placed]]
    if not len(national):
        return
    words = screen.words
    with st.container(border=True, gap="small", key="shelf"):
        st.markdown(f"**{words.plural('map.shelf', len(national))}**", help=words("map.shelf_note"))
        for id_ in national[:5]:
            title = to_plain(title_of(row_of(screen.world, id_), screen.view.language))
            st.button(title, key=f"shelf_{id_}", type="tertiary", on_click=state.open_initiative, args=(id_,))


def _show_tiles_question(screen: Screen) -> bool:
    """Ask for consent before loading tiles from the operator's tile host, if one is set."""
    tiles = read_settings().tiles
    if tiles is None:
        return False
    words = screen.words
    return st.toggle(
        words("map.background"),
        key=state.TILES,
        help=words("map.background_note", host=to_plain(tiles.origin)),
    )


def _on_click() -> None:
    """Handle a click or Escape from the map's frame, ignoring anything else."""
    clicked = st.session_state.get(_KEY)
    if not isinstance(clicked, dict):
        return
    if "framing" in clicked:
        state.on_framing(clicked["framing"], clicked.get("t"))
    elif clicked.get("up"):
        state.on_up()
    elif isinstance(row := clicked.get("row"), int):
        state.open_row(row)
    elif isinstance(code := clicked.get("code"), str):
        state.on_map_click(code)


def _take_choice(key: str, on_code: Callable[[str], None], on_up: Callable[[], None]) -> None:
    clicked = st.session_state.get(key)
    if not isinstance(clicked, dict):
        return
    if clicked.get("up"):
        on_up()
    elif isinstance(code := clicked.get("code"), str):
        on_code(code)
