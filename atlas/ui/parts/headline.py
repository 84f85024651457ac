"""The top of every page of data: what the reader is looking at, in words."""

import streamlit as st

from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session.state import Screen


def show_headline(screen: Screen) -> None:
    """Draw the view in words: a title that tells and the sentences below it."""
    st.title(to_plain(screen.description.headline), anchor=False)
    with st.container(key="view_words"):  # the map's frame is described by it, see map.js
        st.markdown(to_plain(screen.description.text))
