"""The place search: a text field with matching names while typing."""

from collections.abc import Callable, Collection

import streamlit as st

from atlas.base.model import Level
from atlas.territory.places.names import title_of_place
from atlas.territory.places.search import former_name, index_places, search_places, suggest_places
from atlas.ui.parts.labels import name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session import state
from atlas.ui.session.state import Screen

SHOWN = 20
SUGGESTED = 5


@st.fragment
def show_finder(
    screen: Screen,
    key: str,
    levels: Collection[Level] = tuple(Level),
    closes: str = "",
    choose: Callable[[str], None] = state.go_to_place,
) -> None:
    """Draw the field and, below it, a button for each place that the text may mean.

    levels: what is looked for. closes: the key of the popover that a choice closes. choose: what a choice calls.
    A list of all 8,000 places takes longer to build than the page; these are at most twenty. While somebody types only
    this part of the page runs again.
    """
    if st.session_state.pop(f"{key}_chosen", False):
        st.rerun()
    words = screen.words
    kind = "place" if Level.PROVINCE in levels else "municipality"
    text = st.text_input(
        words(f"finder.{kind}"),
        key=key,
        placeholder=words(f"finder.{kind}_hint"),
        icon=":material/search:",
        live=True,
        max_chars=60,
        autocomplete="off",
        width=460,
    )
    if not (text or "").strip():
        return
    codes, said = _find(screen, text or "", levels)
    st.caption(said)
    with st.container(horizontal=True, gap="small", key=f"{key}_found"):
        for code in codes:
            name = to_plain(label(screen, code, text or ""))
            st.button(name, key=f"{key}_{code}", on_click=_on_found, args=(key, code, closes, choose))


def _find(screen: Screen, text: str, levels: Collection[Level]) -> tuple[tuple[str, ...], str]:
    """Return the codes that match a text, and a sentence on how they were found."""
    words, index = screen.words, index_places(screen.territory)
    codes, total = search_places(text, index, SHOWN, levels)
    if total:
        more = words.plural("finder.more", total - len(codes)) if total > len(codes) else ""
        return codes, " ".join(filter(None, (words.plural("finder.found", total), more)))
    # If municipalities are searched, a province or region matches its largest ones.
    areas, _ = search_places(text, index, 1)
    if areas:
        population = screen.territory.municipalities["population"].loc[list(screen.territory.expand(areas[0]))]
        largest = population.sort_values(ascending=False, kind="stable").index[:SHOWN]
        area = title_of_place(areas[0], screen.territory, screen.view.language)
        return tuple(map(str, largest)), words.plural("finder.largest", len(largest), area=to_plain(area))
    codes = suggest_places(text, index, SUGGESTED, levels)
    return codes, words("finder.suggested" if codes else "finder.not_found")


def label(screen: Screen, code: str, text: str = "") -> str:
    """Return the label of a place: name, location, name in the other language, and the former name that matched."""
    territory, level = screen.territory, screen.territory.level_of(code)
    title = title_of_place(code, territory, screen.view.language)
    if level is Level.MUNICIPALITY:
        row = territory.municipalities.loc[code]
        other = f" / {row['name_other']}" if row["name_other"] and row["name_other"] != row["name"] else ""
        title = f"{name_of(screen, code)}{other} ({row['province_abbr']})"
    former = former_name(code, text, index_places(territory)) if text else ""
    region = "" if level is Level.REGION else name_of(screen, territory.region_of(code))
    before = screen.words("finder.former", name=former) if former else ""
    return ", ".join(filter(None, (title, region, before)))


def _on_found(key: str, code: str, closes: str, choose: Callable[[str], None]) -> None:
    st.session_state[key] = ""
    st.session_state[f"{key}_chosen"] = True
    if closes:
        st.session_state[closes] = False
    choose(code)
