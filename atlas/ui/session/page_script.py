"""Runs the scripts of the pages, which the browser fetches once: what is sent at each change is only the call."""

import json
import secrets

import streamlit as st

from atlas.base.model import Language
from atlas.server.page_scripts import page_script
from atlas.ui.session import draft, stops, upload

_MARK = "atlas_session_mark"

# Fetches a script of this server unless it was fetched before, and then runs the call; what failed is tried again.
# Addresses are relative to the pages, which are all in one folder.
_LOAD = """(window.atlasLoad ||= (src, run) => {
  const known = (window.atlasLoaded ||= {});
  known[src] ||= new Promise((done) => {
    const script = document.createElement("script");
    script.onload = done;
    script.onerror = () => { delete known[src]; };
    script.src = src;
    document.head.append(script);
  });
  known[src].then(run);
})"""


def _call(language: Language, function: str, part: str, *values: object) -> None:
    """Call a function of the script with the words of a part of it, and with values that JSON can hold."""
    given = ", ".join((f"atlasSaid.{language.value}.{part}", *map(json.dumps, values))).replace("<", "\\u003c")
    script = f"{_LOAD}({json.dumps(page_script(language).path)}, () => {function}({given}));"
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def tell_page(language: Language) -> None:
    """Give the page its language, skip links and translations."""
    _call(language, "atlasPage", "page", language.value)


def tell_session(language: Language, is_form: bool) -> None:
    """Give the page the id of this session and what it holds, so that it can say when both are lost.

    is_form: whether a draft that the browser keeps is wanted here.
    """
    mark = st.session_state.setdefault(_MARK, secrets.token_hex(8))
    kept = (stops.kept_link(), draft.kept_link(), is_form)
    _call(language, "atlasSession", "session", mark, _holds(), *kept)


def _holds() -> str:
    """Return which of HOLDINGS this session holds; empty if everything is in the address."""
    held = {"file": upload.current_upload() is not None, "stops": bool(stops.current_story().stops)}
    return "_".join(name for name, is_held in held.items() if is_held)
