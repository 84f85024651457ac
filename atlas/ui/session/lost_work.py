"""Tells the browser the session's id and what it holds, so that the page can say when both are lost."""

import json
import secrets

import streamlit as st

from atlas.base.folders import ASSETS
from atlas.base.i18n import Translator
from atlas.ui.session import draft, stops, upload

SCRIPT = ASSETS / "session.js"
_MARK = "atlas_session_mark"
# What a session may hold that is not in the address.
_HOLDINGS = ("file", "stops", "file_stops")
_SAID = {
    "cut": "line.cut",
    "cutText": "line.cut_text",
    "uploadCut": "line.upload_cut",
    "fileFailed": "line.file_failed",
    "close": "line.close",
}


def tell_session(words: Translator, is_form: bool = False) -> None:
    """Send the page the id of this session, the messages about its loss, and what the browser keeps of its work.

    is_form: whether a draft that the browser keeps is wanted here.
    """
    mark = st.session_state.setdefault(_MARK, secrets.token_hex(8))
    said = {name: words(key) for name, key in _SAID.items()}
    lost = {"lost": {holds: words(f"line.lost_{holds}") for holds in _HOLDINGS}}
    told = (mark, _holds(), said | lost, stops.kept_link(), draft.kept_link(), is_form)
    call = f"atlasSession({', '.join(json.dumps(one) for one in told)});"
    script = SCRIPT.read_text(encoding="utf-8")
    safe = call.replace("<", "\\u003c")
    st.html(f"<script>{script}\n{safe}</script>", unsafe_allow_javascript=True)


def _holds() -> str:
    """Return which of _HOLDINGS this session holds; empty if everything is in the address."""
    held = {"file": upload.current_upload() is not None, "stops": bool(stops.current_story().stops)}
    return "_".join(name for name, is_held in held.items() if is_held)
