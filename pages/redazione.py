"""The editors' desk: proposals read, corrected, published or refused. Only for editors who have signed in."""

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
    from atlas.ui.desk.opened import OPENED
    from atlas.ui.desk.queue_list import show_queue
    from atlas.ui.desk.review import show_proposal

    address = read_settings().desk
    assert address is not None  # noqa: S101  the door is shut without it
    show_told(screen)
    try:
        if OPENED in st.session_state:
            show_proposal(screen, address)
        else:
            show_queue(screen, address)
    except SourceError:
        st.error(screen.words("desk.away"), icon=":material/cloud_off:")
