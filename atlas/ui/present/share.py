"""The share button: page.js copies the link on click; it is also shown to be copied by hand."""

from urllib.parse import urljoin

import streamlit as st

from atlas.catalogue.links import to_address
from atlas.intake.rehearsal import Look
from atlas.ui.parts.printing import show_print_button
from atlas.ui.session.state import Screen


def show_share(screen: Screen, page: str) -> None:
    """Draw the button that copies the link and, once pressed, the link itself."""
    words = screen.words
    shared = st.popover(
        words("share.button"), icon=":material/share:", key="share", help=words("share.help"), on_change="rerun"
    )
    if not shared.open:
        return
    with shared:
        st.markdown(words("share.text"))
        st.code(address_of(screen, page), language=None, wrap_lines=True)
        show_print_button(words)
        if screen.look is not Look.PUBLISHED:
            st.caption(words("share.own_file"))


def address_of(screen: Screen, page: str) -> str:
    """Return the link that opens this page with this view for anyone."""
    return to_address(urljoin(st.context.url or "", "."), page, screen.view)
