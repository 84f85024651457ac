"""Beside the title of every page of data: share this view, take its data away, keep it for a presentation."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from atlas.ui.present.downloads import show_selection_files
from atlas.ui.present.share import show_share
from atlas.ui.session import stops
from atlas.ui.session.state import Screen

# Where what is selected can be taken away; the charts of the regions have files of their own.
_WITH_FILES = ("mappa", "catalogo")


def place_stop_bar() -> DeltaGenerator:
    """Return the corner of the page that is kept for the buttons: they take no room from it."""
    return st.container(horizontal=True, horizontal_alignment="right", gap="small", key="stop_bar")


def show_stop_bar(screen: Screen, page: str) -> None:
    """Draw the buttons where place_stop_bar is; nothing on pages without data."""
    if page not in stops.PAGES_OF_DATA or stops.stage_position() is not None:
        return
    words = screen.words
    show_share(screen, page)
    if page in _WITH_FILES:
        files = st.popover(
            words("story.download"),
            icon=":material/download:",
            key="selection_files",
            help=words("story.download_help"),
            on_change="rerun",
        )
        if files.open:
            with files:
                show_selection_files(screen, "mappa")
    st.button(
        words("story.add"),
        key="stop_add",
        icon=":material/add_to_queue:",
        help=words("story.add_help"),
        on_click=stops.on_add,
        args=(screen, page),
    )
