"""The door of the editors' page: who is there, asked again at every run and every action."""

from collections.abc import Mapping
from datetime import UTC, datetime

import streamlit as st

from atlas.base.settings import read_settings
from atlas.catalogue.register.identity import SignedOut, Standing, Visitor, identify
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session.state import Screen

# The sign-ins that were ended on this server.
_ENDED = SignedOut()


def find_visitor(claims: Mapping[str, object] | None = None) -> Visitor:
    """Return who is there; OUT on a server without editors.

    claims: of whom the page was drawn for, where nobody is there to be asked, as when a file is fetched.
    """
    settings = read_settings()
    if settings.sign_in is None or settings.desk is None:
        return Visitor(Standing.OUT)
    return identify(st.user.to_dict() if claims is None else claims, settings.sign_in, _ENDED, datetime.now(UTC))


def show_door(screen: Screen) -> Visitor:
    """Say who is there and how long; whoever is no editor gets no further than here."""
    words, visitor = screen.words, find_visitor()
    st.title(words("desk.title"), anchor=False)
    if read_settings().desk is None:
        st.stop()
    if visitor.standing in (Standing.OUT, Standing.EXPIRED):
        st.markdown(words(f"desk.door.{visitor.standing}"))
        st.button(words("desk.door.sign_in"), key="desk_in", type="primary", icon=":material/login:", on_click=st.login)
        st.stop()
    if visitor.is_editor and visitor.until:
        told = words("desk.door.editor", name=to_plain(visitor.name), until=words.moment(visitor.until))
        st.caption(told)
    else:
        st.warning(words("desk.door.stranger", name=to_plain(visitor.name)), icon=":material/block:")
    st.button(words("desk.door.sign_out"), key="desk_out", icon=":material/logout:", on_click=_on_sign_out)
    if not visitor.is_editor:
        st.stop()
    return visitor


def _on_sign_out() -> None:
    """End this sign-in in every tab that holds it, then here and at the provider."""
    _ENDED.add(st.user.to_dict(), datetime.now(UTC))
    st.logout()
