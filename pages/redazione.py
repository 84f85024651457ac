"""The editors' desk: proposals, published initiatives, the memory of their changes. Only for editors signed in."""

import streamlit as st

from atlas.base.settings import read_settings
from atlas.catalogue.source.source import SourceError
from atlas.ui.catalogue.cards import READING_WIDTH
from atlas.ui.desk.door import show_door
from atlas.ui.shell import open_page

screen = open_page()

with st.container(width=READING_WIDTH):
    show_door(screen)
    # What needs the libraries of the database is imported behind the door: without one nobody gets here.
    from atlas.ui.desk.acting import show_told
    from atlas.ui.desk.sections import show_section

    address = read_settings().desk
    assert address is not None  # noqa: S101  the door is shut without it
    show_told(screen)
    try:
        show_section(screen, address)
    except SourceError:
        st.error(screen.words("desk.away"), icon=":material/cloud_off:")
