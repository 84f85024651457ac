"""Runs the script of the pages, which the browser fetches once: what is sent at each change is only the call."""

import json

import streamlit as st

from atlas.base.model import Language
from atlas.server.page_scripts import page_script

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


def call(language: Language, function: str, part: str, *values: object) -> None:
    """Call a function of the script with the words of a part of it, and with values that JSON can hold."""
    given = ", ".join((f"atlasSaid.{language.value}.{part}", *map(json.dumps, values))).replace("<", "\\u003c")
    script = f"{_LOAD}({json.dumps(page_script(language).path)}, () => {function}({given}));"
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def tell_page(language: Language) -> None:
    """Give the page its language, skip links and translations."""
    call(language, "atlasPage", "page", language.value)
