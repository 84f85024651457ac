"""The list of proposals, a page at a time."""

import streamlit as st

from atlas.base.address import RemoteAddress
from atlas.catalogue.register.queue import Line, list_proposals
from atlas.ui.desk.cells import name_or_code
from atlas.ui.desk.opened import OPENED, open_proposal
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session.state import Screen

ON_A_PAGE = 20
_MOST_PLACES = 3
_CLOSED, _PAGE = "desk_closed", "atlas_desk_page"


def show_queue(screen: Screen, address: RemoteAddress) -> None:
    """Draw the open or the closed proposals, each with a button that opens it."""
    words = screen.words
    st.header(words("desk.queue.title"), anchor=False)
    is_closed = st.toggle(words("desk.queue.closed"), key=_CLOSED, on_change=_turn, args=(0,))
    page = int(st.session_state.get(_PAGE, 0))
    lines, total = list_proposals(address, not is_closed, ON_A_PAGE, page * ON_A_PAGE)
    if not total:
        st.info(words("desk.queue.none"), icon=":material/inbox:")
    with st.container(gap="small", key="desk_queue"):
        for line in lines:
            _show_line(screen, line)
    if total > ON_A_PAGE:
        last = (total - 1) // ON_A_PAGE
        with st.container(horizontal=True, vertical_alignment="center", key="desk_pages"):
            previous, following = words("desk.queue.previous"), words("desk.queue.next")
            st.button(previous, key="desk_previous", disabled=page == 0, on_click=_turn, args=(page - 1,))
            first, until = page * ON_A_PAGE + 1, page * ON_A_PAGE + len(lines)
            st.caption(words("desk.queue.shown", first=first, last=until, n=words.number(total)))
            st.button(following, key="desk_next", disabled=page >= last, on_click=_turn, args=(page + 1,))


def _show_line(screen: Screen, line: Line) -> None:
    words = screen.words
    codes = [code for code in line.places.split(";") if code]
    places = [name_or_code(screen, code) for code in codes[:_MOST_PLACES]]
    places += ["…"] if len(codes) > _MOST_PLACES else []
    facts = (words(f"desk.state.{line.state}"), words.moment(line.sent), ", ".join(places))
    with st.container(gap=None, key=f"desk_line_{line.number}"):
        st.button(
            f"{line.number} · {to_plain(line.title) or words('desk.queue.untitled')}",
            key=f"desk_open_{line.number}",
            type="tertiary",
            disabled=st.session_state.get(OPENED) == line.number,
            on_click=open_proposal,
            args=(line.number,),
        )
        st.caption(to_plain(" · ".join(filter(None, facts))))


def _turn(page: int) -> None:
    st.session_state[_PAGE] = page
