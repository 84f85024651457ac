"""The decks that the browser keeps by name; the server never sees the list."""

import json

import streamlit as st

from atlas.base.folders import ASSETS
from atlas.base.i18n import Translator
from atlas.ui.session import stops

_SCRIPT = ASSETS / "decks.js"
_WORDS = ("name", "save", "open", "rename", "remove", "done", "none")


def show_saved_decks(words: Translator, name: str) -> None:
    """Draw the names of the saved decks, and a field that saves the current one, by default under `name`."""
    said = {word: words(f"story.decks.{word}") for word in _WORDS}
    told = ", ".join(json.dumps(one) for one in (said, name, stops.kept_link() or ""))
    call = f"atlasDecks({told});".replace("<", "\\u003c")
    script = _SCRIPT.read_text(encoding="utf-8")
    st.caption(words("story.decks.note"))
    st.html(f'<div class="atlas-decks"></div><script>{script}\n{call}</script>', unsafe_allow_javascript=True)
