"""The title of pages and the view in words."""

import streamlit as st

from atlas.base.settings import read_settings
from atlas.base.text import bind_numbers
from atlas.intake.rehearsal import Look
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session.state import Screen
from atlas.words.sources import say_situation, say_source


def show_headline(screen: Screen) -> None:
    """Draw the view in words: title, origin of the catalogue, and sentences."""
    st.title(bind_numbers(to_plain(screen.description.headline)), anchor=False)
    if screen.look is Look.PUBLISHED:  # an uploaded file has a banner of its own
        with st.container(key="origin"):
            st.markdown(to_plain(say_origin(screen)))
    with st.container(key="view_words"):  # describes the map's frame, see map.js
        st.markdown(to_plain(screen.description.text))


def say_origin(screen: Screen) -> str:
    """Say what the catalogue is, its source and date, and its publisher if the operator has set one."""
    words, publisher = screen.words, read_settings().publisher
    source, situation = say_source(screen.world, words), say_situation(screen.world, words)
    said = (
        words("origin.what"),
        source and f"{source}.",
        situation or words("origin.updated", date=words.moment(screen.edition.date)),
        publisher and words("origin.publisher", publisher=publisher),
    )
    return " ".join(filter(None, said))
