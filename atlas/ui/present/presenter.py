"""The presenter's window: notes, the next title and the time, beside the audience's view or on a phone."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from atlas.base.i18n import Translator
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session import rooms

_POLL = 1.0  # polling interval in seconds of the audience's position


def show_presenter(words: Translator, room: str) -> None:
    """Draw the presenter's window, which follows the audience's view."""
    st.fragment(_show, run_every=_POLL)(words, room)


def _clock() -> str:
    """Return the time of day where the browser is."""
    try:
        zone = ZoneInfo(st.context.timezone or "Europe/Rome")
    except (ValueError, KeyError, OSError):  # the browser's word
        zone = ZoneInfo("Europe/Rome")
    return f"{datetime.now(zone):%H:%M}"


def _show(words: Translator, room: str) -> None:
    notes = rooms.ask(room)
    if notes is None:
        st.title(words("story.notes"), anchor=False)
        st.info(words("story.room_empty"), icon=":material/hourglass_empty:")
        return
    progress = words("story.progress", n=words.number(notes.at + 1), total=words.number(notes.total))
    minutes = int((time.time() - notes.started) // 60)
    st.caption(f"{_clock()} · {progress} · {words.plural('story.elapsed', minutes)}")
    st.title(to_plain(notes.title), anchor=False)
    for line in notes.notes.splitlines():
        st.markdown(f"#### {to_plain(line)}" if line.strip() else "")
    if notes.following:
        st.divider()
        st.markdown(f"{words('story.following')} **{to_plain(notes.following)}**")
