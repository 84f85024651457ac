"""Putting a proposal into the queue of a catalogue in PostgreSQL, with limits against floods."""

import time

import streamlit as st

from atlas.base.address import RemoteAddress
from atlas.base.settings import read_settings
from atlas.catalogue.source.source import SourceError
from atlas.catalogue.world import World
from atlas.intake.proposals.proposal import LONGEST_CONTACT, check_proposal, is_contact
from atlas.ui.propose.questions import Form
from atlas.ui.session.draft import Draft
from atlas.ui.session.state import Screen

MOST_PER_SESSION, _HOUR = 5, 3600.0
_SENT, _NUMBER, _FAULT, _CONTACT = "atlas_sent", "atlas_sent_number", "atlas_sent_fault", "propose_contact"


def queue_address() -> RemoteAddress | None:
    """Return the database whose queue this server may fill; None if the catalogue has none."""
    home = read_settings().database
    return home if home and _may_propose(home.url) else None


# A database that does not answer is asked again after a minute.
@st.cache_data(ttl=60, show_spinner=False)
def _may_propose(url: str) -> bool:
    from atlas.base.address import read_address
    from atlas.catalogue.register.queue import can_propose

    try:
        return can_propose(read_address(url))
    except SourceError:
        return False


def show_received(screen: Screen) -> bool:
    """Say, once, which number the proposal got that was just sent; tell whether one was."""
    number = st.session_state.pop(_NUMBER, 0)
    if number:
        st.success(screen.words("propose.received", number=number), icon=":material/check_circle:")
    return bool(number)


def show_send(form: Form) -> None:
    """Draw the field for an answer and the button that sends the proposal."""
    words = form.screen.words
    st.markdown(words("propose.queue"))
    st.text_input(
        words("propose.contact"),
        key=_CONTACT,
        type="email",
        max_chars=LONGEST_CONTACT,
        placeholder="nome@example.org",
        help=words("propose.contact_help"),
        persist_state="session",
    )
    st.button(
        words("propose.send_now"),
        key=form.draft.key("send"),
        type="primary",
        icon=":material/send:",
        on_click=_on_send,
        args=(form.draft, form.screen.published, form.screen.view.language.value),
    )
    fault = st.session_state.pop(_FAULT, "")
    if fault:
        st.error(words(f"propose.fault.{fault}"), icon=":material/error:")


def _on_send(draft: Draft, world: World, language: str) -> None:
    """Send what is clean, whatever the page had shown; a fault is a key of the locale files."""
    contact = str(st.session_state.get(_CONTACT) or "").strip()
    sent = [at for at in st.session_state.get(_SENT, []) if time.monotonic() - at < _HOUR]
    address = queue_address()
    if contact and not is_contact(contact):
        st.session_state[_FAULT] = "contact"
    elif len(sent) >= MOST_PER_SESSION:
        st.session_state[_FAULT] = "too_many"
    elif address is None or not check_proposal(draft.cells, world).is_clean:
        st.session_state[_FAULT] = "away"
    else:
        _send(draft, address, language, contact, sent)


def _send(draft: Draft, address: RemoteAddress, language: str, contact: str, sent: list[float]) -> None:
    from atlas.catalogue.register.queue import propose

    try:
        number = propose(address, draft.cells, language, contact)
    except SourceError:
        number = -1
    if number > 0:
        st.session_state[_NUMBER], st.session_state[_CONTACT] = number, ""
        st.session_state[_SENT] = [*sent, time.monotonic()]
        draft.on_clear()
    else:
        st.session_state[_FAULT] = "away" if number < 0 else "full"
