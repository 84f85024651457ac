"""Downloads of the map's numbers by territory, for spreadsheets and GIS."""

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from atlas.base.columns import About
from atlas.publish.areas.table import CRS
from atlas.publish.areas.writing import MEDIA_TYPES, publish_areas
from atlas.ui.session.jobs import take_turn
from atlas.ui.session.state import Screen

# Names of the words of each file; a kind of MEDIA_TYPES stands before the underscore.
_FILES = ("xlsx", "csv", "zip", "gpkg", "gpkg_utm", "geojson")


def show_area_files(screen: Screen, describe: Callable[[], About]) -> None:
    """Draw the downloads of the map's numbers, built on click; describe: returns a file's metadata."""
    st.markdown(f"**{screen.words('areas.title')}**")
    for name in _FILES:
        kind = name.partition("_")[0]
        st.download_button(
            screen.words(f"areas.file.{name}"),
            partial(take_turn, partial(_make, screen, describe, kind, CRS[1] if name == "gpkg_utm" else CRS[0])),
            f"atlante-territori{name.removeprefix(kind).replace('_', '-')}.{kind}",
            MEDIA_TYPES[kind],
            key=f"areas_{name}",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )


def _make(screen: Screen, describe: Callable[[], About], kind: str, crs: str) -> bytes:
    return publish_areas(kind, screen.selected, screen.view, screen.world, describe(), date.today(), crs)
