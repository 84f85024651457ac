"""The choice between the faces of the page of the regions: only the one in sight is computed."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from atlas.base.model import Face
from atlas.ui.parts.labels import name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session import state
from atlas.ui.session.state import Screen

# From all the regions to one, then what they are made of, then against each other.
_ORDER = [Face.RANKING, Face.REGION, Face.MATRIX, Face.MIX, Face.COMPARE]


def show_faces(screen: Screen) -> DeltaGenerator:
    """Draw the choice, which travels in the link; return its row, where the face puts its own choices."""
    words = screen.words
    state.place_widgets([("face", screen.view.face)])
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="faces")
    row.segmented_control(
        words("regions.face"),
        _ORDER,
        key="face",
        format_func=lambda face: words(f"regions.face_{face.value}"),
        on_change=lambda: state.show_face(st.session_state["face"]),
        required=True,
    )
    return row


def show_face_title(screen: Screen) -> None:
    """Draw the title of the page: the region whose page is open, otherwise what the filters keep."""
    code = "" if screen.view.initiative else region_of_page(screen)
    st.title(to_plain(name_of(screen, code) if code else screen.description.headline), anchor=False)


def region_of_page(screen: Screen) -> str:
    """Return the region whose page is open: the one asked for, or the only one that the filters keep; may be empty."""
    if screen.view.face is not Face.REGION:
        return ""
    regions = screen.selection.regions
    return screen.view.region or (regions[0] if len(regions) == 1 else "")
