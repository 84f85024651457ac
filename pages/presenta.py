"""Slides: build a presentation of views, show it full screen, download it."""

import streamlit as st

from atlas.ui.present.presenter import show_presenter
from atlas.ui.present.stage import prepare_stage, show_stage
from atlas.ui.present.stop_list import show_desk
from atlas.ui.session import state, stops
from atlas.ui.shell import open_page

screen = open_page()

prepare_stage(screen.words)
room = st.query_params.get(state.ROOM, "")
if room:
    show_presenter(screen.words, room)
elif (at := stops.stage_position()) is not None:
    show_stage(screen, at)
else:
    show_desk(screen)
    st.caption(screen.sources)
