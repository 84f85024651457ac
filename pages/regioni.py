"""Regions compared: initiatives by region, themes and groups, composition, side by side."""

import streamlit as st

from atlas.base.model import Face
from atlas.catalogue.selection import select
from atlas.ui.catalogue.cards import show_card
from atlas.ui.choices.filters import show_chips
from atlas.ui.parts.messages import show_empty
from atlas.ui.regions.composition import show_composition
from atlas.ui.regions.faces import show_face_title, show_faces
from atlas.ui.regions.heatmaps import show_heatmaps
from atlas.ui.regions.ranking import show_ranking
from atlas.ui.regions.region_page import show_region
from atlas.ui.regions.side_by_side import show_side_by_side
from atlas.ui.shell import open_page

FACES = {
    Face.RANKING: show_ranking,
    Face.REGION: show_region,
    Face.MATRIX: show_heatmaps,
    Face.MIX: show_composition,
    Face.COMPARE: show_side_by_side,
}

screen = open_page()

show_face_title(screen)
show_chips(screen)
controls = show_faces(screen)
if screen.view.initiative:
    show_card(screen, screen.view.initiative)
else:
    # All regions are compared, so only the other filters can leave nothing to compare.
    if not len(select(screen.catalogue, screen.selection.with_(regions=(), place=""))):
        show_empty(screen)
    FACES[screen.view.face](screen, controls)
st.caption(screen.sources)
