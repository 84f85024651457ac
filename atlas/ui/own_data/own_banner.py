"""The banner on every page while an uploaded file is shown, with the way back."""

import streamlit as st

from atlas.intake.rehearsal import Look
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session import state
from atlas.ui.session.state import Screen
from atlas.ui.session.upload import current_upload


def show_banner(screen: Screen, on_stage: bool) -> None:
    """Draw the banner while the session shows its own file, in one line during a presentation."""
    upload = current_upload()
    if screen.look is Look.PUBLISHED or upload is None:
        return
    words = screen.words
    if on_stage:
        st.caption(words(f"data.banner_{screen.look}"))
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="own_banner"):
        with st.container(gap=None, width="stretch"):
            st.markdown(words(f"data.banner_{screen.look}"))
            st.caption(to_plain(words("data.banner_note", file=upload.name)))
        st.button(
            words("data.banner_back"),
            key="own_back",
            icon=":material/undo:",
            on_click=state.look_at,
            args=(Look.PUBLISHED,),
        )
