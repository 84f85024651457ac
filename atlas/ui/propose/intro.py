"""What the page is for, before the first question."""

import streamlit as st

from atlas.ui.session.state import Screen


def show_intro(screen: Screen) -> None:
    """Say who may propose, what happens with it, and where what is written stays."""
    words = screen.words
    st.title(words("propose.title"), anchor=False)
    st.markdown(words("propose.intro"))
    st.info(words("propose.privacy"), icon=":material/lock:")
