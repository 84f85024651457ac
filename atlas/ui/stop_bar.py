"""Beside the title of every page of data: keep this view for a presentation, take its data away."""

import streamlit as st

from atlas.state import Screen
from atlas.ui import stops
from atlas.ui.downloads import show_selection_files


def show_stop_bar(screen: Screen, page: str) -> None:
    """Draw the buttons in the corner of the page, where they take no room from it; nothing on pages without data."""
    if page not in stops.PAGES_OF_DATA or stops.stage_position() is not None:
        return
    words = screen.words
    with st.container(horizontal=True, horizontal_alignment="right", gap="small", key="stop_bar"):
        if page == "mappa":
            files = st.popover(
                words("story.download"),
                icon=":material/download:",
                key="selection_files",
                help=words("story.download_help"),
                on_change="rerun",
            )
            if files.open:
                with files:
                    show_selection_files(screen, page)
        st.button(
            words("story.add"),
            key="stop_add",
            icon=":material/add_to_queue:",
            help=words("story.add_help"),
            on_click=stops.on_add,
            args=(screen, page),
        )
