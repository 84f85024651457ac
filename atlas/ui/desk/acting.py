"""Doing what an editor asks: who asks is looked up again, and how it ended is one sentence."""

from collections.abc import Callable

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

# What is done: with the database and the editor's name; it returns the key of a sentence, "" for none, and its values.
Deed = Callable[[RemoteAddress, str], tuple[str, dict[str, object]]]


def act(deed: Deed) -> bool:
    """Do it if whoever asks is an editor at this moment; tell whether it was done."""
    visitor, address = find_visitor(), read_settings().desk
    done = False
    told: tuple[str, dict[str, object]] = ("desk.told.signed_out", {})
    if visitor.is_editor and address is not None:
        try:
            told = deed(address, visitor.name)
            done = True
        except ChangedMeanwhileError:
            told = ("desk.told.changed", {})
        except NotCleanError as error:
            told = ("desk.told.twins" if error.checked.is_clean else "desk.told.not_clean", {})
        except (SourceError, DataError):
            told = ("desk.told.away", {})
    if told[0]:
        st.session_state[_TOLD] = (done, *told)
    return done


def refuse_empty(text: str, key: str) -> bool:
    """Say that a reason is missing, if it is."""
    if text.strip():
        return False
    st.session_state[_TOLD] = (False, key, {})
    return True


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
