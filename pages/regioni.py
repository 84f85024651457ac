"""Charts of innovation across regions, themes and target groups for the current selection."""

import streamlit as st

from atlas.ui.charts import show_charts
from atlas.ui.chips import show_chips
from atlas.ui.figures import show_key_figures
from atlas.ui.headline import show_headline
from atlas.ui.messages import show_empty
from atlas.ui.shell import open_page

screen = open_page()

show_headline(screen)
show_chips(screen)
show_key_figures(screen)
if len(screen.selected):
    show_charts(screen)
else:
    show_empty(screen)
st.caption(screen.words("app.sources"))
