"""Doing what an editor asks: who asks is looked up again, and how it ended is one sentence."""

from collections.abc import Callable, Mapping

import streamlit as st

from atlas.base.address import RemoteAddress
from atlas.base.model import DataError
from atlas.base.settings import read_settings
from atlas.catalogue.register.editing import ChangedMeanwhileError
from atlas.catalogue.source.source import SourceError
from atlas.intake.proposals.desk import NotCleanError
from atlas.ui.desk.door import find_visitor
from atlas.ui.parts.heard import tell
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session.state import Screen

_TOLD = "atlas_desk_told"

# What is done, with the database and the editor's name; it returns further values of the sentence, if there are any.
Deed = Callable[[RemoteAddress, str], Mapping[str, object] | None]


def act(deed: Deed, told: str = "", why: str | None = None, missing: str = "no_reason", **values: object) -> bool:
    """Do it if whoever asks is an editor at this moment; tell whether it was done.

    told: the sentence that says so, and values: what it names. why: a reason without which nothing is done; missing:
    the sentence that asks for it. Sentences are keys under desk.told.
    """
    visitor, address = find_visitor(), read_settings().desk
    done = False
    if why == "":
        told = missing
    elif not visitor.is_editor or address is None:
        told = "signed_out"
    else:
        try:
            values |= deed(address, visitor.name) or {}
            done = True
        except ChangedMeanwhileError:
            told = "changed"
        except NotCleanError as error:
            told = "twins" if error.checked.is_clean else "not_clean"
        except (SourceError, DataError):
            told = "away"
    if told:
        st.session_state[_TOLD] = (done, f"desk.told.{told}", values)
    return done


def reason(key: str) -> str:
    """Return what an editor has written into a field for the reason."""
    return str(st.session_state.get(key) or "").strip()


def show_told(screen: Screen) -> None:
    """Say, once, how the last action ended."""
    told = st.session_state.pop(_TOLD, None)
    if told is None:
        return
    done, key, values = told
    sentence = screen.words(key, **{name: to_plain(str(value)) for name, value in values.items()})
    tell("desk", screen.words(key, **values))
    if done:
        st.success(sentence, icon=":material/check_circle:")
    else:
        st.error(sentence, icon=":material/error:")
