"""Tells the browser the session's id and what it holds, so that the page can say when both are lost."""

import secrets

import streamlit as st

from atlas.base.i18n import Translator
from atlas.ui.session import draft, stops, upload
from atlas.ui.session.page_script import call

_MARK = "atlas_session_mark"


def tell_session(words: Translator, is_form: bool = False) -> None:
    """Send the page the id of this session, and what the browser keeps of its work.

    is_form: whether a draft that the browser keeps is wanted here.
    """
    mark = st.session_state.setdefault(_MARK, secrets.token_hex(8))
    kept = (stops.kept_link(), draft.kept_link(), is_form)
    call(words.language, "atlasSession", "session", mark, _holds(), *kept)


def _holds() -> str:
    """Return which of HOLDINGS this session holds; empty if everything is in the address."""
    held = {"file": upload.current_upload() is not None, "stops": bool(stops.current_story().stops)}
    return "_".join(name for name, is_held in held.items() if is_held)
