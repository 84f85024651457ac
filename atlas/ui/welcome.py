"""Three steps for whoever opens the map for the first time; only the browser remembers that they were dismissed."""

from dataclasses import replace

import streamlit as st

from atlas.base.model import View
from atlas.ui.session.state import Screen

_CLOSED = "atlas_welcome_closed"


def show_welcome(screen: Screen) -> None:
    """Draw the steps until they are dismissed. A link that already chooses something comes without them."""
    if st.session_state.get(_CLOSED) or replace(screen.view, language=View().language) != View():
        return
    words = screen.words
    with st.container(border=True, gap="small", key="welcome"):
        st.markdown(f"**{words('welcome.title')}**\n\n{words('welcome.steps')}")
        st.button(words("welcome.close"), key="welcome_close", icon=":material/check:", on_click=_on_close)


def _on_close() -> None:
    st.session_state[_CLOSED] = True
