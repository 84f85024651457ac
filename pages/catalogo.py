"""Every initiative of the selection, each with a card and a permanent link."""

import streamlit as st

from atlas.ui.parts.cards import READING_WIDTH, show_card, show_list
from atlas.ui.parts.chips import show_chips
from atlas.ui.parts.messages import show_empty
from atlas.ui.shell import open_page

screen = open_page()
words = screen.words

st.title(words("catalogue.title"), anchor=False)
st.markdown(words("catalogue.intro"))
show_chips(screen)
if screen.view.initiative:
    with st.container(width=READING_WIDTH):
        show_card(screen, screen.view.initiative)
elif not len(screen.selected):
    show_empty(screen)
else:
    ids = list(screen.selected.store.initiatives.index[screen.selected.rows])
    show_list(screen, ids, words.plural("list.title", len(ids)))
st.caption(screen.sources)
