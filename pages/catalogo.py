"""Every initiative of the selection as cards, list or table, each with a full card at a permanent link."""

import streamlit as st

from atlas.ui.catalogue.cards import READING_WIDTH, show_card
from atlas.ui.catalogue.catalogue_list import show_catalogue
from atlas.ui.choices.filters import show_chips
from atlas.ui.parts.messages import show_empty
from atlas.ui.shell import open_page

screen = open_page()
words = screen.words

st.title(words("catalogue.title"), anchor=False)
if screen.view.initiative:
    with st.container(width=READING_WIDTH):
        show_card(screen, screen.view.initiative)
else:
    st.markdown(words("catalogue.intro"))
    show_chips(screen)
    if len(screen.selected):
        show_catalogue(screen)
    else:
        show_empty(screen)
st.page_link("pages/proponi.py", label=words("catalogue.missing"), icon=":material/add_circle:")
st.caption(screen.sources)
