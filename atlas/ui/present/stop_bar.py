"""The buttons beside the title: share the view (page.js copies the link), download its data, add it to the slides."""

import streamlit as st

from atlas.intake.rehearsal import Look
from atlas.ui.parts.printing import show_print_button
from atlas.ui.present.downloads import show_selection_files
from atlas.ui.session import stops
from atlas.ui.session.state import Screen

# The pages with downloads of the selection; charts have their own downloads.
_WITH_FILES = ("mappa", "catalogo")


def show_stop_bar(screen: Screen, page: str) -> None:
    """Draw the buttons; nothing on pages without data."""
    if page not in stops.PAGES_OF_DATA or stops.stage_position() is not None:
        return
    words = screen.words
    _show_share(screen, page)
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
                show_selection_files(screen)
    st.button(
        words("story.add"),
        key="stop_add",
        icon=":material/add_to_queue:",
        help=words("story.add_help"),
        on_click=stops.on_add,
        args=(screen, page),
    )


def _show_share(screen: Screen, page: str) -> None:
    """Draw the button that copies the link and, once pressed, the link itself."""
    words = screen.words
    shared = st.popover(
        words("share.button"), icon=":material/share:", key="share", help=words("share.help"), on_change="rerun"
    )
    if not shared.open:
        return
    with shared:
        st.markdown(words("share.text"))
        st.code(screen.address_of(page), language=None, wrap_lines=True)
        show_print_button(words)
        if screen.look is not Look.PUBLISHED:
            st.caption(words("share.own_file"))
