"""What a proposal may already be, and the card as it would look."""

import streamlit as st

from atlas.base.model import View
from atlas.catalogue.links import to_query
from atlas.intake.proposals.proposal import world_with
from atlas.ui.catalogue.cards import show_documents, show_facts
from atlas.ui.parts.markdown_escape import to_line, to_plain
from atlas.ui.propose.questions import Form
from atlas.words.card import build_card, labels_of, place_of, row_of, title_of, when_of

_SHOWN = 5


def show_twins(form: Form) -> None:
    """Ask whether the proposal is one of the initiatives that it resembles."""
    twins = [one for one in form.checked.twins if one.is_published]
    if not twins:
        return
    screen, words = form.screen, form.screen.words
    known = screen.edition.catalogue.store.initiatives
    with st.container(border=True, gap="xsmall", key=form.draft.key("twins")):
        st.warning(words("propose.twins"), icon=":material/content_copy:")
        for id_ in dict.fromkeys(str(one.other) for one in twins[:_SHOWN]):
            row = known.loc[id_].to_dict()
            st.page_link(
                "pages/catalogo.py",
                label=to_plain(title_of(row, screen.view.language)),
                icon=":material/open_in_new:",
                query_params=to_query(View(language=screen.view.language, initiative=id_)),
            )
            st.caption(to_line(place_of(row, screen.world, words), when_of(row, words)))


def show_preview(form: Form) -> None:
    """Draw the card of a proposal that has a title and a place."""
    words, row = form.screen.words, form.checked.row
    st.header(words("propose.preview"), anchor=False)
    if row is None:
        st.caption(words("propose.preview_none"))
        return
    world = world_with(row, form.screen.world)
    card = build_card(world, row["id"], words)
    cells = row_of(world, row["id"])
    with st.container(border=True, gap="small", key=form.draft.key("card")):
        st.subheader(to_plain(card.title), anchor=False)
        st.caption(to_line(card.place, card.when))
        if card.summary:
            st.markdown(to_plain(card.summary))
        terms = [label for name in ("themes", "targets") for label in labels_of(cells, name, world, words)]
        if terms:
            st.caption(to_line(*terms))
        show_facts(card, words)
        show_documents(card, words)
