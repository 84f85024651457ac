"""Meeting mode: make a presentation of views, show it one stop a screen, take it away."""

import streamlit as st

from atlas.ui import stops
from atlas.ui.shell import open_page
from atlas.ui.stage import show_stage
from atlas.ui.stop_list import show_desk

screen = open_page()

if stops.stage_position() is None:
    show_desk(screen)
    st.caption(screen.sources)
else:
    show_stage(screen)
