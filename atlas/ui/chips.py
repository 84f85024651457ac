"""The active filters as chips, each removed by a click, and one button that removes them all."""

import streamlit as st

from atlas import state
from atlas.state import Screen
from atlas.ui.filters import active_filters
from atlas.ui.labels import label_of
from atlas.ui.plain import to_plain


def show_chips(screen: Screen) -> None:
    """Draw one chip for each active filter; nothing when there is none."""
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
