"""What a choice has changed, in sentences for the ear: page.js says those that differ from the run before."""

from html import escape

import streamlit as st

from atlas.ui.session.state import Screen

_HEARD = "atlas_heard"


def tell(name: str, sentence: str) -> None:
    """Keep a sentence for the end of this run. Under one name only what differs from the run before is said."""
    st.session_state.setdefault(_HEARD, {})[name] = sentence


def show_heard(screen: Screen, with_view: bool = True) -> None:
    """Give the page what the view holds, unless a class is guessing it, and what its parts told, out of sight."""
    said = {"view": f"{screen.description.headline}."} if with_view else {}
    said |= st.session_state.pop(_HEARD, {})
    if screen.view.initiative:
        titles = screen.catalogue.store.initiatives.loc[screen.view.initiative]
        title = titles[f"title_{screen.view.language}"] or titles["title_it"] or titles["title_en"]
        said["card"] = screen.words("heard.card", title=title)
    lines = "".join(f'<p data-heard="{name}">{escape(sentence)}</p>' for name, sentence in said.items())
    with st.container(key="heard"):
        st.html(f"<div>{lines}</div>")
