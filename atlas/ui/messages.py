"""What the page says when there is nothing to show or the data cannot be read."""

import logging

import streamlit as st

from atlas import state
from atlas.i18n import translator
from atlas.model import DataError, Language
from atlas.state import Screen
from atlas.ui.plain import to_plain

SHOWN_FAULTS = 5
_log = logging.getLogger("atlas")


def show_empty(screen: Screen) -> None:
    """Say that nothing matches, and the way out."""
    words = screen.words
    st.info(f"**{words('empty.title')}**  \n{words('empty.way_out')}", icon=":material/filter_alt_off:")
    st.button(words("empty.button"), key="empty_clear", type="primary", on_click=state.clear_selection)


def show_data_error(error: DataError, language: Language) -> None:
    """Name the files and lines that are wrong; the whole list goes to the log."""
    words = translator(language)
    for fault in error.faults:
        _log.error("data: %s", fault)
    lines = [f"- {to_plain(str(fault))}" for fault in error.faults[:SHOWN_FAULTS]]
    more = len(error.faults) - SHOWN_FAULTS
    if more > 0:
        lines.append(f"- {words.plural('error.more', more)}")
    st.error("\n".join([f"**{words('error.title')}**\n", *lines, f"\n{words('error.what_to_do')}"]))
