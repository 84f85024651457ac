"""The memory of the catalogue: who changed what, when and why, and taking a change back."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from atlas.base.address import RemoteAddress
from atlas.catalogue.register.history import Action, Entry, build_history_csv, count_history, read_history
from atlas.intake.proposals.desk import undo_change
from atlas.ui.desk.acting import act
from atlas.ui.desk.cells import show_difference
from atlas.ui.desk.door import find_visitor
from atlas.ui.desk.pager import ON_A_PAGE, page_of, show_pager, turn_page
from atlas.ui.parts.markdown_escape import to_line, to_plain
from atlas.ui.parts.offer import offer
from atlas.ui.session.state import Screen
from atlas.words.card import title_of

_MEMORY, _ACTION = "desk_memory", "desk_action"


def show_memory(screen: Screen, address: RemoteAddress, initiative: str = "") -> None:
    """Draw the changes of one initiative or of all, newest first, each with what it changed and a button against it."""
    words = screen.words
    st.header(words("desk.memory.of_one" if initiative else "desk.memory.title"), anchor=False)
    action = "" if initiative else _ask_action(screen)
    key = f"{_MEMORY}_{initiative}" if initiative else _MEMORY
    total = count_history(address, initiative, action)
    entries = read_history(address, initiative, ON_A_PAGE, page_of(key) * ON_A_PAGE, action)
    if not total:
        st.info(words("desk.memory.none"), icon=":material/history:")
    with st.container(gap="small", key=_MEMORY):
        for entry in entries:
            _show_entry(screen, entry)
    show_pager(screen, key, len(entries), total)
    make = partial(_build_export, address, initiative, st.user.to_dict())
    name = f"{words('desk.memory.file')}{'-' if initiative else ''}{initiative}.csv"
    offer(words("desk.memory.export"), make, name, "desk_export")


def _ask_action(screen: Screen) -> str:
    """Return what kind of change is looked for, empty for all."""
    kinds = ["", *(str(one) for one in Action if one is not Action.START)]
    chosen = st.segmented_control(
        screen.words("desk.memory.kind"),
        kinds,
        default="",
        key=_ACTION,
        format_func=lambda one: screen.words(f"desk.memory.kind_{one or 'all'}"),
        on_change=turn_page,
        args=(_MEMORY,),
        required=True,
    )
    return str(chosen or "")


def _show_entry(screen: Screen, entry: Entry) -> None:
    words, cells = screen.words, entry.after or entry.before or {}
    title = to_plain(title_of(cells, screen.view.language)) or to_plain(entry.initiative)
    with st.container(border=True, gap="xsmall", key=f"desk_entry_{entry.seq}"):
        st.markdown(f"**{words(f'desk.memory.{entry.action}', title=title)}**")
        st.caption(to_line(words.moment(entry.at), entry.who, entry.initiative))
        if entry.why:
            st.markdown(to_plain(words("desk.memory.why", why=entry.why)))
        if entry.changed:
            is_change = entry.action is Action.CHANGE
            label = words.plural("desk.memory.changed", len(entry.changed)) if is_change else words("desk.memory.row")
            with st.expander(label):
                show_difference(screen, entry.before or {}, entry.after or {})
        if entry.can_be_undone:
            is_gone = entry.after is None
            st.button(
                words("desk.memory.restore" if is_gone else "desk.memory.undo"),
                key=f"desk_undo_{entry.seq}",
                icon=":material/settings_backup_restore:" if is_gone else ":material/undo:",
                on_click=_on_undo,
                args=(entry.seq, words("desk.memory.undone", seq=entry.seq)),
            )


def _on_undo(seq: int, why: str) -> None:
    act(lambda address, who: undo_change(address, seq, who, why), "undone")


def _build_export(address: RemoteAddress, initiative: str, claims: Mapping[str, object]) -> str:
    """Return the history, for whoever is an editor still when the file is asked for; else an empty file."""
    return build_history_csv(address, initiative) if find_visitor(claims).is_editor else ""
