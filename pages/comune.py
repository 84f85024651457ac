"""One municipality: what is here, what similar municipalities do, and its figures; it filters no other page."""

import streamlit as st

from atlas.catalogue.drill import municipality_of
from atlas.catalogue.selection import select
from atlas.indicators.peers import without_place
from atlas.ui.catalogue.cards import show_card
from atlas.ui.choices.filters import show_chips
from atlas.ui.municipality.municipality import (
    show_ages,
    show_initiatives,
    show_name,
    show_numbers,
    show_search,
    show_start,
)
from atlas.ui.municipality.on_paper import show_on_paper
from atlas.ui.municipality.peers import show_gaps, show_peers
from atlas.ui.parts.printing import is_for_paper
from atlas.ui.shell import open_page

screen = open_page()
code = municipality_of(screen.view, screen.territory)
base = select(screen.catalogue, without_place(screen.selection))

if screen.view.initiative:
    show_card(screen, screen.view.initiative)
elif not code:
    show_start(screen, base)
elif is_for_paper():
    show_name(screen, code)
    show_on_paper(screen, code, base)
else:
    show_name(screen, code)
    show_search(screen)
    show_chips(screen)
    show_initiatives(screen, code, base)
    show_gaps(screen, code, base, show_peers(screen, code, base))
    show_numbers(screen, code)
    show_ages(screen, code)
st.caption(screen.sources)
