"""Propose an initiative: one question after the other, checked while writing, and a file to send at the end."""

import streamlit as st

from atlas.intake.proposals.proposal import check_proposal
from atlas.ui.catalogue.cards import READING_WIDTH
from atlas.ui.propose.hand_over import show_end
from atlas.ui.propose.preview import show_preview, show_twins
from atlas.ui.propose.questions import Form, show_questions
from atlas.ui.propose.sending import show_received
from atlas.ui.session.draft import PROPOSAL
from atlas.ui.shell import open_page

screen = open_page()
words = screen.words

with st.container(width=READING_WIDTH):
    st.title(words("propose.title"), anchor=False)
    st.markdown(words("propose.intro"))
    st.info(words("propose.privacy"), icon=":material/lock:")
    was_sent = show_received(screen)
    form = Form(screen, PROPOSAL, check_proposal(PROPOSAL.cells, screen.published))
    show_questions(form, after_place=show_twins)
    show_preview(form)
    if not was_sent:
        show_end(form)
st.caption(screen.sources)
