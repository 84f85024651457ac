"""The choice between the views of the regions page; only the one shown is computed."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from atlas.base.model import Face
from atlas.base.text import bind_numbers
from atlas.ui.parts.labels import name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session import state
from atlas.ui.session.state import Screen
from atlas.words.findings import say_sides_title

# Display order.
_ORDER = [Face.RANKING, Face.REGION, Face.MATRIX, Face.MIX, Face.COMPARE]


def show_faces(screen: Screen) -> DeltaGenerator:
    """Draw the choice, which is part of the link; return its row for the controls of the view."""
    words = screen.words
    state.place_widgets([("face", screen.view.face)])
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="faces")
    row.segmented_control(
        words("regions.face"),
        _ORDER,
        key="face",
        format_func=lambda face: words(f"regions.face_{face.value}"),
        on_change=lambda: state.change_view(face=st.session_state["face"], initiative=""),
        required=True,
    )
    return row


def show_face_title(screen: Screen) -> None:
    """Draw the page's title: the open region or what stands side by side, otherwise the selection."""
    code = "" if screen.view.initiative else region_of_page(screen)
    title = name_of(screen, code) if code else screen.description.headline
    if screen.view.face is Face.COMPARE and not screen.view.initiative:
        title = say_sides_title(screen.sides, screen.selection, screen.world, screen.words)
    st.title(bind_numbers(to_plain(title)), anchor=False)


def region_of_page(screen: Screen) -> str:
    """Return the open region: the one asked for, or the only one in the filters; may be empty."""
    if screen.view.face is not Face.REGION:
        return ""
    regions = screen.selection.regions
    return screen.view.region or (regions[0] if len(regions) == 1 else "")
