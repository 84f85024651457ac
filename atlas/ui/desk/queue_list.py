"""The list of proposals, a page at a time."""

import streamlit as st

from atlas.base.address import RemoteAddress
from atlas.catalogue.register.queue import Line, list_proposals
from atlas.ui.desk.cells import say_places
from atlas.ui.desk.pager import ON_A_PAGE, page_of, show_pager, turn_page
from atlas.ui.desk.review import open_proposal
from atlas.ui.parts.markdown_escape import to_line, to_plain
from atlas.ui.session.state import Screen

_CLOSED, _QUEUE = "desk_closed", "desk_queue"


def show_queue(screen: Screen, address: RemoteAddress) -> None:
    """Draw the open or the closed proposals, each with a button that opens it."""
    words = screen.words
    st.header(words("desk.queue.title"), anchor=False)
    is_closed = st.toggle(words("desk.queue.closed"), key=_CLOSED, on_change=turn_page, args=(_QUEUE,))
    lines, total = list_proposals(address, not is_closed, ON_A_PAGE, page_of(_QUEUE) * ON_A_PAGE)
    if not total:
        st.info(words("desk.queue.none"), icon=":material/inbox:")
    with st.container(gap="small", key=_QUEUE):
        for line in lines:
            _show_line(screen, line)
    show_pager(screen, _QUEUE, len(lines), total)


def _show_line(screen: Screen, line: Line) -> None:
    words = screen.words
    facts = (words(f"desk.state.{line.state}"), words.moment(line.sent), say_places(screen, line.places))
    with st.container(gap=None, key=f"desk_line_{line.number}"):
        st.button(
            f"{line.number} · {to_plain(line.title) or words('desk.queue.untitled')}",
            key=f"desk_open_{line.number}",
            type="tertiary",
            on_click=open_proposal,
            args=(line.number,),
        )
        st.caption(to_line(*facts))
