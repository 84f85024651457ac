"""The places of a proposal: how each is called, and choosing one on the map."""

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from atlas.base.model import Selection, View
from atlas.catalogue.drill import go_to, path_of
from atlas.catalogue.selection import select
from atlas.figures.mapview import build_map_view, build_message
from atlas.figures.marks import Marks
from atlas.territory.territory_files import COUNTRY
from atlas.ui.choices.finder import label
from atlas.ui.map.map_panel import show_choosing_map
from atlas.ui.parts.labels import label_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session.draft import Draft
from atlas.ui.session.state import Screen


def name_place(screen: Screen, code: str) -> str:
    """Return the name of a place of any kind, as the finder says it."""
    if code == COUNTRY:
        return screen.words("propose.country")
    return label(screen, code) if screen.territory.level_of(code) else label_of(screen, "place", code)


def show_place_map(screen: Screen, draft: Draft) -> None:
    """Draw a switch that opens a map without marks: clicks go down to a place, a button adds it."""
    words = screen.words
    if not st.toggle(words("propose.map"), key=draft.key("map_open"), persist_state="session"):
        return
    at = str(st.session_state.get(_at(draft), ""))
    view = go_to(View(language=screen.view.language), at, screen.territory)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=draft.key("map_chosen")):
        if not at:
            st.markdown(words("propose.map_means"))
        else:
            for code in ("", *path_of(view, screen.territory)[:-1]):
                name = name_place(screen, code) if code else words("map.italy")
                st.button(
                    f"{to_plain(name)} ›",
                    key=draft.key(f"map_to_{code}"),
                    type="tertiary",
                    on_click=_go,
                    args=(screen, draft, code),
                )
            st.button(
                to_plain(words("propose.map_add", place=name_place(screen, at))),
                key=draft.key("map_add"),
                type="primary",
                icon=":material/add_location_alt:",
                disabled=at in draft.places,
                on_click=draft.on_place,
                args=(at,),
            )
    catalogue = screen.edition.catalogue
    selected = select(catalogue, Selection(regions=view.selection.regions, place=view.selection.place))
    shown = build_map_view(selected, view, screen.world)
    message = build_message(shown, selected, view, screen.territory, screen.words)
    none = np.zeros(len(message.n), dtype=int)
    bare = Marks(none, none.astype(float), (), ())
    legend = {"title": words("propose.map"), "items": [], "note": words("propose.map_note")}
    message = replace(message, marks=bare, legend=legend)
    show_choosing_map(message, draft.key("map"), partial(_go, screen, draft), partial(_go_up, screen, draft))


def _at(draft: Draft) -> str:
    return f"atlas_{draft.name}_map_at"


def _go(screen: Screen, draft: Draft, code: str) -> None:
    if not code or screen.territory.level_of(code):
        st.session_state[_at(draft)] = code


def _go_up(screen: Screen, draft: Draft) -> None:
    view = go_to(View(), str(st.session_state.get(_at(draft), "")), screen.territory)
    _go(screen, draft, ["", *path_of(view, screen.territory)][-2:][0])
