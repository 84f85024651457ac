"""Announcements for screen readers: page.js announces the sentences that changed since the last run."""

from html import escape

import streamlit as st

from atlas.ui.session.state import Screen
from atlas.words.card import row_of, title_of

_HEARD = "atlas_heard"


def tell(name: str, sentence: str) -> None:
    """Add a sentence to this run, announced if it differs from the last one of the same name."""
    st.session_state.setdefault(_HEARD, {})[name] = sentence


def show_heard(screen: Screen, with_view: bool) -> None:
    """Write the result of the view (except on the guessing page) and the added sentences into a hidden element."""
    said = {"view": f"{screen.description.headline}."} if with_view else {}
    said |= st.session_state.pop(_HEARD, {})
    if screen.view.initiative:
        title = title_of(row_of(screen.world, screen.view.initiative), screen.view.language)
        said["card"] = screen.words("heard.card", title=title)
    lines = "".join(f'<p data-heard="{name}">{escape(sentence)}</p>' for name, sentence in said.items())
    with st.container(key="heard"):
        st.html(f"<div>{lines}</div>")
