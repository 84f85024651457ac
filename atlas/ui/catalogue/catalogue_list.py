"""The initiatives of the selection as cards, as a list of titles or as a table, in an order of the reader's choice."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from atlas.base.model import Listing, Order
from atlas.base.text import fold
from atlas.publish.export import build_table
from atlas.ui.catalogue.cards import READING_WIDTH, marked_words, show_list, show_titles
from atlas.ui.parts.printing import ROWS, is_for_paper, show_rest
from atlas.ui.session import state
from atlas.ui.session.state import Screen
from atlas.words.card import place_of, row_of, summary_of, title_of


def show_catalogue(screen: Screen) -> None:
    """Draw the choices of look and order and the initiatives of the selection."""
    words = screen.words
    orders = [order for order in Order if order is not Order.RELEVANCE or screen.selection.text]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="catalogue_controls"):
        # With a search there is one order more: a widget with other options is another widget.
        sort = f"catalogue_order_{'search' if screen.selection.text else 'all'}"
        order = screen.view.order if screen.view.order in orders else orders[0]
        state.place_widgets([("catalogue_look", screen.view.listing), (sort, order)])
        st.segmented_control(
            words("catalogue.look"),
            list(Listing),
            key="catalogue_look",
            format_func=lambda listing: words(f"catalogue.look_{listing}"),
            on_change=lambda: state.change_view(listing=st.session_state["catalogue_look"]),
            required=True,
        )
        st.selectbox(
            words("catalogue.sort"),
            orders,
            key=sort,
            format_func=lambda order: words(f"catalogue.sort_{order}"),
            on_change=lambda: state.change_view(order=Order(st.session_state[sort])),
            width=240,
        )
    ids = sort_initiatives(screen, order)
    title = words.plural("list.title", len(ids))
    if screen.view.listing is Listing.TABLE and not is_for_paper():  # wider than a sheet, on which it is a list
        _show_table(screen, ids, title)
        show_rest(words, 0, len(ids))
    elif screen.view.listing is not Listing.CARDS:
        st.header(title, anchor=False)
        shown = ids[:ROWS] if is_for_paper() else ids
        with st.container(gap=None, key="catalogue_titles"):
            show_titles(screen, shown, "title", with_facts=True)
        show_rest(words, len(shown), len(ids))
    else:
        with st.container(width="stretch" if is_for_paper() else READING_WIDTH, key="catalogue_cards"):
            show_list(screen, ids, title)


def sort_initiatives(screen: Screen, order: Order) -> list[str]:
    """Return the ids of the selection in an order; what is equal stays in the order of the collection."""
    ids = [str(id_) for id_ in screen.selected.store.initiatives.index[screen.selected.rows]]
    keys: dict[Order, Callable[[str], object]] = {
        Order.PLACE: lambda id_: fold(place_of(row_of(screen.world, id_), screen.world, screen.words)),
        Order.TITLE: lambda id_: fold(title_of(row_of(screen.world, id_), screen.view.language)),
        Order.YEAR: lambda id_: _to_sortable_year(row_of(screen.world, id_)["start_year"]),
        Order.RELEVANCE: lambda id_: -_relevance(screen, id_),
    }
    return sorted(ids, key=keys[order]) if order in keys else ids  # type: ignore[arg-type]


def _to_sortable_year(year: object) -> tuple[bool, int]:
    """Return a key that puts the latest first and the unknown last."""
    is_unknown = bool(pd.isna(year))  # type: ignore[call-overload]
    return is_unknown, 0 if is_unknown else -int(year)  # type: ignore[call-overload]


def _relevance(screen: Screen, id_: str) -> int:
    """Return 2 for each searched word in the title of an initiative and 1 for each in its summary."""
    row, language, marked = row_of(screen.world, id_), screen.view.language, marked_words(screen)
    title, summary = (set(_split(text)) for text in (title_of(row, language), summary_of(row, language)))
    return 2 * len(title & marked) + len(summary & marked)


def _split(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in fold(text)).split()


def _show_table(screen: Screen, ids: list[str], title: str) -> None:
    table = build_table(screen.selected, screen.world, screen.view.language).set_index("id", drop=False).loc[ids]
    st.header(title, anchor=False)
    st.dataframe(table, hide_index=True, alt=title, height="content" if len(ids) < 15 else 560)
    st.caption(screen.words("catalogue.table_note"))
