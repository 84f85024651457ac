"""The accessibility statement, in the order of AgID's model."""

import datetime

import streamlit as st

from atlas.base.settings import read_settings
from atlas.ui.session.state import Screen

# The date of the last manual review of the pages.
REVIEWED = datetime.date(2026, 11, 25)
_LIMITS = ("map", "words", "tables", "charts", "files", "readers")


def show_statement(screen: Screen) -> None:
    """Draw the statement: conformity, limits and alternatives, testing, contact."""
    words = screen.words
    st.title(words("access.title"), anchor=False)
    st.markdown(words("access.intro"))
    _show("status", screen)
    st.header(words("access.contents_title"), anchor=False)
    st.subheader(words("access.limits_title"), anchor=False)
    st.markdown("\n".join(f"- {words(f'access.limit_{limit}')}" for limit in _LIMITS))
    for part in ("burden", "outside"):
        st.subheader(words(f"access.{part}_title"), anchor=False)
        st.markdown(words(f"access.{part}"))
    _show("tested", screen)
    st.header(words("access.contact_title"), anchor=False)
    contact = read_settings().contact
    st.markdown(words("access.contact", contact=to_link(contact)) if contact else words("access.no_contact"))
    _show("procedure", screen)
    _show("site", screen)
    _show("helps", screen)
    st.caption(screen.sources)


def _show(section: str, screen: Screen) -> None:
    words = screen.words
    st.header(words(f"access.{section}_title"), anchor=False)
    st.markdown(words(f"access.{section}", date=words.date(REVIEWED)))


def to_link(contact: str) -> str:
    """Return a Markdown link; the settings only allow characters without a meaning in Markdown links."""
    address = contact if contact.startswith("https://") else f"mailto:{contact}"
    return f"<{address}>" if contact.startswith("https://") else f"[{contact}]({address})"
