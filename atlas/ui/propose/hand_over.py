"""The end of a proposal: files to send, and the e-mail that goes with them."""

from datetime import date
from functools import partial

import streamlit as st

from atlas.base.settings import read_settings
from atlas.intake.proposals.proposal import world_with
from atlas.publish.writing import write_proposal
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.parts.offer import offer
from atlas.ui.propose.questions import Form, list_needs
from atlas.ui.propose.sending import queue_address, show_send
from atlas.words.card import row_of, title_of
from atlas.words.proposal_text import address_mail, describe_proposal

_FILES = ("xlsx", "csv", "txt")


def show_end(form: Form) -> None:
    """Say what is still needed, or offer the files and the way to send them."""
    words = form.screen.words
    st.header(words("propose.end"), anchor=False)
    needs = list_needs(form)
    if needs or form.checked.row is None:
        st.info("\n".join([words("propose.needs"), "", *(f"- {to_plain(need)}" for need in needs)]))
    elif queue_address() is not None:
        show_send(form)
        with st.expander(words("propose.files_too")):
            _show_files(form)
    else:
        _show_files(form)
    if any(text.strip() for text in form.draft.cells.values()):
        st.button(
            words("propose.clear"),
            key=form.draft.key("clear"),
            type="tertiary",
            icon=":material/delete:",
            on_click=form.draft.on_clear,
        )


def _show_files(form: Form) -> None:
    words, row = form.screen.words, form.checked.row
    assert row is not None  # noqa: S101  a clean proposal has a row
    world, id_ = world_with(row, form.screen.world), row["id"]
    contact = read_settings().contact
    st.markdown(words("propose.send"))
    with st.container(horizontal=True, key=form.draft.key("files")):
        for kind in _FILES:
            offer(
                words(f"propose.take_{kind}"),
                partial(write_proposal, kind, id_, world, date.today(), words),
                f"{words('propose.file_name')}-{id_}.{kind}",
                form.draft.key(f"take_{kind}"),
                "primary" if kind == "xlsx" else "secondary",
            )
    if not contact:
        st.caption(words("propose.no_contact"))
    elif contact.startswith("https://"):
        st.link_button(words("propose.site"), contact, icon=":material/open_in_new:")
    else:
        title = title_of(row_of(world, id_), words.language)
        address = address_mail(contact, title, describe_proposal(id_, world, words), words)
        st.link_button(words("propose.write"), address, icon=":material/mail:")
        st.caption(words("propose.mail_to", contact=to_plain(contact)))
