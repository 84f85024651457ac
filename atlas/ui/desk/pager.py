"""A long list, a page at a time."""

import streamlit as st

from atlas.ui.session.state import Screen

ON_A_PAGE = 20


def page_of(key: str) -> int:
    """Return which page of a list is shown, from 0."""
    return int(st.session_state.get(_name(key), 0))


def turn_page(key: str, page: int = 0) -> None:
    """Show a page of a list."""
    st.session_state[_name(key)] = page


def show_pager(screen: Screen, key: str, shown: int, total: int) -> None:
    """Draw the buttons to the pages before and after, and which lines are shown; nothing if all are."""
    if total <= ON_A_PAGE:
        return
    words, page, last = screen.words, page_of(key), (total - 1) // ON_A_PAGE
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}_pages"):
        previous, following = words("desk.queue.previous"), words("desk.queue.next")
        st.button(previous, key=f"{key}_previous", disabled=page == 0, on_click=turn_page, args=(key, page - 1))
        first = page * ON_A_PAGE + 1
        told = {"first": words.number(first), "last": words.number(first + shown - 1), "n": words.number(total)}
        st.caption(words("desk.queue.shown", **told))
        st.button(following, key=f"{key}_next", disabled=page >= last, on_click=turn_page, args=(key, page + 1))


def _name(key: str) -> str:
    return f"atlas_{key}_page"
