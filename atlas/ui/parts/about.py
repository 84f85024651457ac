"""The help of a chart or map: how to read it, what it counts, what to be careful about."""

import streamlit as st

from atlas.ui.session.state import Screen
from atlas.words.sources import say_days

_PARTS = ("read", "counted", "caution")


def show_about(screen: Screen, subject: str, key: str) -> None:
    """Draw the help on a subject, a name under `about` in the locale files; its text is sent when it is opened."""
    words = screen.words
    days = say_days(screen.territory, words)
    help_ = st.popover(words("about.button"), icon=":material/help:", key=f"about_{key}", on_change="rerun")
    if help_.open:
        with help_:
            st.markdown(
                "\n\n".join(
                    f"**{words(f'about.{part}')}**  \n{words(f'about.{subject}_{part}', **days)}" for part in _PARTS
                )
            )
