"""The proposal that an editor has open, as it was when it was read."""

import streamlit as st

from atlas.base.address import RemoteAddress
from atlas.catalogue.register.queue import read_proposal
from atlas.catalogue.source.source import SourceError
from atlas.ui.desk.acting import act
from atlas.ui.session.draft import Draft

CORRECTED = Draft("desk_proposal")
OPENED = "atlas_desk_number"
_VERSION = "atlas_desk_version"
# What an editor writes beside the form: why, and that a likeness does not matter.
WHY, ANYWAY = "desk_why", "desk_anyway"


def open_proposal(number: int) -> None:
    """Read a proposal into the form, as its author wrote it."""

    def read(address: RemoteAddress, _: str) -> tuple[str, dict[str, object]]:
        proposal = read_proposal(address, number)
        if proposal is None:
            raise SourceError("no such proposal")
        CORRECTED.replace(dict(proposal.cells))
        st.session_state[OPENED], st.session_state[_VERSION] = number, proposal.version
        st.session_state[WHY], st.session_state[ANYWAY] = "", False
        return "", {}

    act(read)


def opened_version() -> int:
    """Return the version of the open proposal when it was read."""
    return int(st.session_state.get(_VERSION, 0))


def close_proposal() -> None:
    """Put the open proposal away."""
    st.session_state.pop(OPENED, None)
    CORRECTED.on_clear()
