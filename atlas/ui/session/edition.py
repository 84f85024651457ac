"""Notices about the version of the catalogue, if an operator publishes one of their own."""

import streamlit as st

from atlas.base.settings import read_settings
from atlas.intake.rehearsal import Look
from atlas.ui.session import cache
from atlas.ui.session.state import Screen


def show_date(screen: Screen) -> None:
    """Show when the catalogue was last modified; nothing for the bundled one."""
    if read_settings().catalogue is not None and screen.look is not Look.ALONE:
        st.caption(screen.words("app.updated", date=screen.words.moment(screen.edition.date)), width="content")


def show_trouble(screen: Screen) -> None:
    """Say that the last valid version is shown, if the source has an invalid one or does not answer."""
    trouble = cache.load_trouble()
    if trouble is not None:
        date = screen.words.moment(screen.edition.date)
        st.info(screen.words(f"method.trouble.{trouble.value}", date=date), icon=":material/history:")
