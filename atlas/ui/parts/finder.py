"""The search for one municipality: a text field and the names that match while it is typed; it chooses in the view."""

import streamlit as st

from atlas.territory.places.search import search_places, suggest_places
from atlas.ui.parts.labels import name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session import cache, state
from atlas.ui.session.state import Screen

SHOWN = 20
SUGGESTED = 5


@st.fragment
def show_finder(screen: Screen, key: str) -> None:
    """Draw the field and, below it, a button for each municipality that the text may mean.

    A list of all 7,896 takes longer to build than the page; these are at most twenty. While somebody types only this
    part of the page runs again.
    """
    if st.session_state.pop(f"{key}_chosen", False):
        st.rerun()
    words = screen.words
    text = st.text_input(
        words("municipality.find"),
        key=key,
        placeholder=words("municipality.find_hint"),
        icon=":material/search:",
        live=True,
        max_chars=60,
        autocomplete="off",
        width=460,
    )
    if not (text or "").strip():
        return
    codes, total = search_places(text or "", cache.load_place_names(), SHOWN)
    if not total:
        codes = suggest_places(text or "", cache.load_place_names(), SUGGESTED)
        st.caption(words("municipality.suggested" if codes else "municipality.not_found"))
    else:
        st.caption(words.plural("municipality.found", total))
    with st.container(horizontal=True, gap="small", key=f"{key}_found"):
        for code in codes:
            st.button(to_plain(label(screen, code)), key=f"{key}_{code}", on_click=_on_found, args=(key, code))
    if total > len(codes):
        st.caption(words.plural("municipality.more", total - len(codes)))


def label(screen: Screen, code: str) -> str:
    """Return a municipality with its province, its region and its name in the other language where it has one."""
    row = screen.territory.municipalities.loc[code]
    other = f" / {row['name_other']}" if row["name_other"] and row["name_other"] != row["name"] else ""
    return f"{name_of(screen, code)}{other} ({row['province_abbr']}), {name_of(screen, str(row['region_code']))}"


def _on_found(key: str, code: str) -> None:
    st.session_state[key] = ""
    st.session_state[f"{key}_chosen"] = True
    state.go_to_place(code)
