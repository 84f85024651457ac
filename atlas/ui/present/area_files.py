"""Downloads of the map's numbers by territory, for spreadsheets and GIS."""

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from atlas.base.columns import About
from atlas.publish.areas.writing import MEDIA_TYPES, publish_areas
from atlas.ui.session.jobs import take_turn
from atlas.ui.session.state import Screen


def show_area_files(screen: Screen, describe: Callable[[], About]) -> None:
    """Draw the downloads of the map's numbers, built on click; describe: returns a file's metadata."""
    st.markdown(f"**{screen.words('areas.title')}**")
    for kind, media_type in MEDIA_TYPES.items():
        st.download_button(
            screen.words(f"areas.file.{kind}"),
            partial(take_turn, partial(_make, screen, describe, kind)),
            f"atlante-territori.{kind}",
            media_type,
            key=f"areas_{kind}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )


def _make(screen: Screen, describe: Callable[[], About], kind: str) -> bytes:
    return publish_areas(kind, screen.selected, screen.view, screen.world, describe(), date.today())
