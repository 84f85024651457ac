"""The choice between the faces of the page of the regions: only the one in sight is computed."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from atlas.base.model import Face
from atlas.ui.session import state
from atlas.ui.session.state import Screen


def show_faces(screen: Screen) -> DeltaGenerator:
    """Draw the choice, which travels in the link; return its row, where the face puts its own choices."""
    words = screen.words
    state.place_widgets([("face", screen.view.face)])
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="faces")
    row.segmented_control(
        words("regions.face"),
        list(Face),
        key="face",
        format_func=lambda face: words(f"regions.face_{face.value}"),
        on_change=lambda: state.show_face(st.session_state["face"]),
        required=True,
    )
    return row
