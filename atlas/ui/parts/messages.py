"""Messages for an empty selection, unreadable data and unexpected errors."""

import logging

import streamlit as st

from atlas.base.i18n import translator
from atlas.base.model import DataError, Language
from atlas.server.problems import log_unexpected
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session import state
from atlas.ui.session.state import Screen

SHOWN_FAULTS = 5
_log = logging.getLogger("atlas")


def show_empty(screen: Screen) -> None:
    """Say that nothing matches, and how to go on."""
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


def show_unexpected(error: Exception) -> bool:
    """Say that something went wrong, with the reference number of the traceback in the log.

    Streamlit calls this for unexpected errors of pages, fragments and callbacks, instead of showing them itself.
    """
    language = state.current_view().language
    if isinstance(error, DataError):
        show_data_error(error, language)
    else:
        reference = log_unexpected(error, "in una pagina")
        st.error(translator(language)("error.unexpected", reference=reference), icon=":material/error:")
    return True
