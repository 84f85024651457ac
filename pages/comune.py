"""One municipality: its figures, its initiatives, similar municipalities and what they do that it does not."""

import streamlit as st

from atlas.catalogue.selection import select
from atlas.indicators.peers import without_place
from atlas.ui.municipality.municipality import (
    FINDER,
    LEVELS,
    chosen_municipality,
    show_ages,
    show_facts,
    show_initiatives,
    show_start,
)
from atlas.ui.municipality.peers import show_gaps, show_peers
from atlas.ui.parts.cards import show_card
from atlas.ui.parts.chips import show_chips
from atlas.ui.parts.finder import show_finder
from atlas.ui.shell import open_page

screen = open_page()
code = chosen_municipality(screen)
base = select(screen.catalogue, without_place(screen.selection))

if screen.view.initiative:
    show_card(screen, screen.view.initiative)
elif not code:
    show_start(screen, base)
else:
    show_facts(screen, code)
    show_finder(screen, FINDER, LEVELS)
    show_chips(screen)
    initiatives, ages = st.columns([3, 2], gap="large")
    with initiatives:
        show_initiatives(screen, code, base)
    with ages:
        show_ages(screen, code)
    show_gaps(screen, code, base, show_peers(screen, code, base))
st.caption(screen.sources)
