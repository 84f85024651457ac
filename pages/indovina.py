"""Guess first: answer a question, then see the data and their limits."""

import streamlit as st

from atlas.ui.catalogue.cards import show_card
from atlas.ui.choices.filters import show_chips
from atlas.ui.quiz import show_choice, show_link, show_question
from atlas.ui.shell import open_page

screen = open_page()
words = screen.words

if screen.view.initiative:
    show_card(screen, screen.view.initiative)
else:
    st.title(words("quiz.title"), anchor=False)
    st.markdown(words("quiz.intro"))
    show_chips(screen)
    riddle = show_choice(screen)
    if riddle is not None:
        show_question(screen, riddle)
    show_link(screen)
st.caption(screen.sources)
