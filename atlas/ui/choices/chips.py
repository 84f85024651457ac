"""The active filters as chips, each removed by a click, and one button that removes them all."""

import streamlit as st

from atlas.catalogue.selection import understand
from atlas.ui.choices.filters import active_filters
from atlas.ui.parts.labels import label_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session import state
from atlas.ui.session.state import Screen
from atlas.words.phrases import say_understood


def show_chips(screen: Screen) -> None:
    """Draw one chip for each active filter, and how the search was understood."""
    active = active_filters(screen.selection)
    if not active:
        return
    words = screen.words
    with st.container(horizontal=True, key="chips", gap="small"):
        for dimension, option in active:
            label = option if dimension == "text" else label_of(screen, dimension, option)
            st.button(
                words("filter.chip", dimension=words(f"filter.{dimension}"), label=to_plain(label)),
                key=f"chip_{dimension}_{option}",
                icon=":material/close:",
                icon_position="right",
                help=words("filter.remove"),
                on_click=state.remove_option,
                args=(dimension, option),
            )
        st.button(words("filter.clear"), key="clear", type="tertiary", on_click=state.clear_selection)
    understood = say_understood(understand(screen.catalogue, screen.selection), screen.world, words)
    if understood:
        with st.container(key="understood"):
            st.caption(to_plain(understood))
