"""What an editor wants to do: the proposals, the published initiatives, a whole list, the memory."""

import streamlit as st

from atlas.base.address import RemoteAddress
from atlas.ui.desk.memory import show_memory
from atlas.ui.desk.published import show_published
from atlas.ui.desk.queue_list import show_queue
from atlas.ui.desk.review import OPENED, show_proposal
from atlas.ui.desk.whole_list import show_whole_list
from atlas.ui.session.state import Screen

_SECTIONS = ("queue", "initiatives", "list", "memory")


def show_section(screen: Screen, address: RemoteAddress) -> None:
    """Draw the choice of what to do, and that."""
    words = screen.words
    section = st.segmented_control(
        words("desk.section"),
        _SECTIONS,
        default="queue",
        key="desk_section",
        format_func=lambda one: words(f"desk.section_{one}"),
        required=True,
        persist_state="session",
    )
    if section == "queue" and OPENED in st.session_state:
        show_proposal(screen, address)
    elif section == "queue":
        show_queue(screen, address)
    elif section == "initiatives":
        show_published(screen, address)
    elif section == "list":
        show_whole_list(screen, address)
    else:
        show_memory(screen, address)
