"""Explore: the view in words, key figures, the map, and the initiatives of what is selected."""

import streamlit as st

from atlas.figures.mapview import build_map_view
from atlas.ui.catalogue.cards import show_card, show_list
from atlas.ui.choices.filters import show_chips
from atlas.ui.map.map_panel import show_controls, show_map, show_path, show_shelf
from atlas.ui.map.territory_table import show_territory_table
from atlas.ui.parts.figures import show_key_figures
from atlas.ui.parts.headline import show_headline
from atlas.ui.parts.messages import show_empty
from atlas.ui.shell import open_page

screen = open_page()
words = screen.words

# Sent first: what answers a choice in words, then the map, which takes longest. On the page they stand elsewhere.
head = st.container(gap="xsmall", key="head")
with head:
    show_headline(screen)
shown = build_map_view(screen.selected, screen.view, screen.world)
map_side, list_side = st.columns([2, 1], gap="medium")
with map_side:
    show_map(screen, shown)
with head:
    show_chips(screen)
    show_key_figures(screen)
    show_controls(screen, shown)
with list_side:
    show_path(screen)
    if screen.view.initiative:
        show_card(screen, screen.view.initiative)
    elif not len(screen.selected):
        show_empty(screen)
    else:
        show_shelf(screen)
        ids = list(screen.selected.store.initiatives.index[screen.selected.rows])
        show_list(screen, ids, words.plural("list.title", len(ids)), is_brief=True)
show_territory_table(screen, shown)
st.caption(screen.sources)
