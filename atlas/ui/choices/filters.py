"""The filters in the sidebar, each option with its number of initiatives, and the active ones as chips on the page."""

from functools import partial

import streamlit as st

from atlas.base.model import Selection
from atlas.catalogue.selection import facet_counts, understand
from atlas.ui.parts.labels import label_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session import state
from atlas.ui.session.state import Screen
from atlas.words.phrases import say_understood

IN_SIGHT = ("themes", "targets", "regions")
FOLDED = ("scales", "service_types", "channels", "years")
_EMPTY_HINTS = {"themes": "filter.all_themes", "targets": "filter.all_targets", "regions": "filter.all_regions"}


def show_filters(screen: Screen, with_counts: bool) -> None:
    """Draw the filters and the explanation of their numbers, which the guessing page hides."""
    words = screen.words
    counts = facet_counts(screen.catalogue, screen.selection)
    st.header(words("filter.title"), anchor=False)
    _show_text(screen)
    for dimension in IN_SIGHT:
        _show_dimension(screen, dimension, counts[dimension], with_counts)
    folded_in_use = any(getattr(screen.selection, dimension) for dimension in FOLDED)
    fold = st.expander(words("filter.more"), expanded=folded_in_use, key="filter_fold", on_change="rerun")
    if fold.open:  # hidden filters are not drawn, which saves work on the server and in the browser
        with fold:
            for dimension in FOLDED:
                _show_dimension(screen, dimension, counts[dimension], with_counts)
    if with_counts:
        st.caption(words("filter.counts_note"))
    # On a phone the filters cover the page: this button closes them, see page.css and page.js.
    see = words.plural("filter.see", len(screen.selected)) if with_counts else words("filter.done")
    st.button(see, key="see_results", type="primary", width="stretch")


def _show_text(screen: Screen) -> None:
    key = "filter_text"
    state.place_widgets([(key, screen.selection.text)])
    st.text_input(
        screen.words("filter.text"),
        key=key,
        placeholder=screen.words("filter.text_hint"),
        on_change=state.on_text,
        args=(key,),
        max_chars=200,
        autocomplete="off",
        icon=":material/search:",
    )


def _show_dimension(screen: Screen, dimension: str, counts: dict[str, int], with_counts: bool) -> None:
    key = f"filter_{dimension}"
    chosen = list(getattr(screen.selection, dimension))
    options = _sort(screen, dimension, [*counts, *(option for option in chosen if option not in counts)])
    state.place_widgets([(key, chosen)])
    st.multiselect(
        screen.words(f"filter.{dimension}"),
        options,
        key=key,
        format_func=partial(_to_label, screen, dimension, counts if with_counts else None),
        placeholder=screen.words(_EMPTY_HINTS.get(dimension, "filter.all")),
        on_change=state.on_dimension,
        args=(dimension, key),
        select_all=False,
    )


def _to_label(screen: Screen, dimension: str, counts: dict[str, int] | None, option: str) -> str:
    words, label = screen.words, label_of(screen, dimension, option)
    return label if counts is None else words("filter.option", label=label, n=words.number(counts.get(option, 0)))


def _sort(screen: Screen, dimension: str, options: list[str]) -> list[str]:
    """Sort regions by name; everything else in the order of the vocabulary, the model or the calendar."""
    return sorted(options, key=screen.territory.name_of) if dimension == "regions" else options


def show_chips(screen: Screen) -> None:
    """Draw one chip for each active filter, and how the search was understood."""
    active = _list_active(screen.selection)
    if not active:
        return
    words = screen.words
    with st.container(horizontal=True, key="chips", gap="small"):
        for dimension, option in active:
            label = option if dimension == "text" else label_of(screen, dimension, option)
            st.button(
                words("filter.chip", dimension=words(f"filter.{dimension}"), label=to_plain(label)),
                key=f"chip_{dimension}_{option}",
                icon=":material/close:",
                icon_position="right",
                help=words("filter.remove"),
                on_click=state.remove_option,
                args=(dimension, option),
            )
        st.button(words("filter.clear"), key="clear", type="tertiary", on_click=state.clear_selection)
    understood = say_understood(understand(screen.catalogue, screen.selection), screen.world, words)
    if understood:
        with st.container(key="understood"):
            st.caption(to_plain(understood))


def _list_active(selection: Selection) -> list[tuple[str, str]]:
    """Return each active (dimension, option), in the order of the chips."""
    text = [("text", selection.text)] if selection.text else []
    place = [("place", selection.place)] if selection.place else []
    options = [(d, option) for d in (*IN_SIGHT, *FOLDED) for option in getattr(selection, d)]
    return [*text, *options, *place]
