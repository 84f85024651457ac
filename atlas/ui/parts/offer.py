"""The button that hands over a file."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from atlas.base.formats import FORMATS


def offer(
    label: str,
    made: bytes | str | Callable[[], bytes | str],
    name: str,
    key: str,
    kind: Literal["primary", "secondary", "tertiary"] = "secondary",
    icon: str | None = ":material/download:",
) -> None:
    """Draw the button. made: the file, or what makes it when the button is pressed; the page does not run again."""
    media_type = FORMATS[name.rpartition(".")[2]]
    st.download_button(label, made, name, media_type, key=key, on_click="ignore", type=kind, icon=icon)
