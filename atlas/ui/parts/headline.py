"""The top of every page of data: what the reader is looking at, in words."""

import streamlit as st

from atlas.base.settings import read_settings
from atlas.intake.rehearsal import Look
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session.state import Screen


def show_headline(screen: Screen, with_origin: bool = False) -> None:
    """Draw the view in words: a title that tells, whose collection this is if asked, and the sentences."""
    st.title(to_plain(screen.description.headline), anchor=False)
    if with_origin and screen.look is Look.PUBLISHED:  # somebody's own file has a banner of its own
        with st.container(key="origin"):
            st.markdown(to_plain(say_origin(screen)))
    with st.container(key="view_words"):  # the map's frame is described by it, see map.js
        st.markdown(to_plain(screen.description.text))


def say_origin(screen: Screen) -> str:
    """Say what the catalogue is, where it comes from, as of when and, if the operator says so, who publishes it."""
    words, settings = screen.words, read_settings()
    if settings.catalogue is None:
        said = [words("origin.bundled")]
    else:
        said = [words("origin.own", date=words.moment(screen.edition.date))]
    if settings.publisher:
        said.append(words("origin.publisher", publisher=settings.publisher))
    return " ".join(said)
