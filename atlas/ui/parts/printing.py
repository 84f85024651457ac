"""Printing: a run with folds opened and complete lists and tables, after which page.js starts the print dialog."""

from numbers import Number
from typing import Any

import pandas as pd
import streamlit as st

from atlas.base.i18n import Translator
from atlas.ui.parts.markdown_escape import to_plain

_PRINTS = "atlas_prints"
# Limit of printed rows; the download has them all.
ROWS = 200
# Cells; beyond these pandas would refuse to write them one by one.
_STYLED = 200_000


def show_print_button(words: Translator) -> None:
    """Draw the button that prints the page, its tables included."""
    st.button(
        words("share.print"), key="print", icon=":material/print:", help=words("share.print_help"), on_click=_on_print
    )


def show_print_keys() -> None:
    """Draw, out of sight, what page.js presses before printing by keyboard and after every print."""
    with st.container(key="print_keys"):
        st.button("print", key="print_now", on_click=_on_print)
        st.button("end", key="print_end")


def show_imprint(lines: list[tuple[str, str]]) -> None:
    """Write what a sheet has to say of itself, as pairs (what, words), seen on paper only."""
    with st.container(key="paper_about"):
        st.caption("  \n".join(f"{to_plain(what)}: {to_plain(words)}" for what, words in lines))


def is_for_paper() -> bool:
    """Tell whether this run is for printing: lists are then complete."""
    return bool(st.session_state.get(_PRINTS))


def show_rest(words: Translator, shown: int, total: int) -> None:
    """Say, on paper only, how many initiatives of a list are printed, and where the others are or how to print them."""
    if shown >= total:
        return
    with st.container(key="paper_rest"):
        if is_for_paper():
            st.caption(words.plural("share.more_rows", total - shown))
        else:  # the print menu of the browser, which the page hears of too late
            st.caption(words("share.printed_part", n=words.number(shown), total=words.number(total)))


def end_of_page() -> None:
    """Reset printing at the end of the page."""
    st.session_state.pop(_PRINTS, None)


def show_table(table: pd.DataFrame, words: Translator, name: str, **options: Any) -> None:
    """Draw a scrolling table and, for printing, the same rows as a plain table.

    name: of the widget's surroundings. options: of st.dataframe.
    """
    numbers = [column for column in table.columns if pd.api.types.is_numeric_dtype(table[column])]
    # Written as everywhere else, and sorted by what they are; the browser would write them in a language of its own.
    shown = table.style.format(lambda cell: _to_text(cell, words), subset=pd.Index(numbers)) if numbers else table
    st.dataframe(shown if table.size <= _STYLED else table, hide_index=True, placeholder="", **options)
    with st.container(key=f"paper_{name}"):
        written = table.head(ROWS).map(lambda cell: _to_text(cell, words))
        st.table(written.rename(columns=lambda column: to_plain(str(column))), hide_index=True, border="horizontal")
        if len(table) > ROWS:
            st.caption(words.plural("share.more_rows", len(table) - ROWS))


def _to_text(cell: object, words: Translator) -> str:
    """Return a cell formatted for the language and escaped, because Streamlit's tables render Markdown."""
    if isinstance(cell, Number):
        return "" if pd.isna(cell) else words.number(float(cell))  # type: ignore[call-overload, arg-type]
    return "" if cell is None or cell is pd.NA else to_plain(str(cell))


def _on_print() -> None:
    st.session_state[_PRINTS] = True
    for key in [key for key in st.session_state if str(key).endswith("_fold")]:
        st.session_state[key] = True
