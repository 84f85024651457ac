"""The published initiatives: find one, correct it, withdraw it."""

from dataclasses import dataclass

import streamlit as st

from atlas.base.address import RemoteAddress
from atlas.base.columns import COLUMNS
from atlas.base.model import Language
from atlas.catalogue.register.editing import list_initiatives, read_initiative, withdraw_initiative
from atlas.catalogue.source.source import SourceError
from atlas.intake.proposals.desk import save_change, to_form
from atlas.intake.proposals.proposal import FIELDS, check_proposal
from atlas.intake.rows import Row
from atlas.ui.desk.acting import act, reason
from atlas.ui.desk.cells import say_places, show_difference
from atlas.ui.desk.memory import show_memory
from atlas.ui.desk.pager import ON_A_PAGE, page_of, show_pager, turn_page
from atlas.ui.desk.review import LONGEST_WHY, show_report
from atlas.ui.parts.markdown_escape import to_line, to_plain
from atlas.ui.propose.preview import show_preview
from atlas.ui.propose.questions import Form, show_questions
from atlas.ui.session.draft import Draft
from atlas.ui.session.state import Screen

_LIST, _WANTED = "desk_initiatives", "desk_wanted"
_EDITED = Draft("desk_initiative")
_OPENED = "atlas_desk_initiative"
_WHY, _ANYWAY = "desk_edit_why", "desk_edit_anyway"


@dataclass(frozen=True, slots=True)
class _Opened:
    """The initiative that an editor has open, as it was when it was read."""

    id: str
    row: Row
    version: int


def show_published(screen: Screen, address: RemoteAddress) -> None:
    """Draw the initiative that is open, or the list of all."""
    opened: _Opened | None = st.session_state.get(_OPENED)
    if opened is None:
        _show_list(screen, address)
    else:
        _show_initiative(screen, address, opened)


def _show_list(screen: Screen, address: RemoteAddress) -> None:
    words, language = screen.words, screen.view.language
    st.header(words("desk.list.title"), anchor=False)
    wanted = st.text_input(
        words("desk.list.wanted"),
        key=_WANTED,
        icon=":material/search:",
        max_chars=100,
        live=True,
        autocomplete="off",
        on_change=turn_page,
        args=(_LIST,),
        persist_state="session",
    )
    found, total = list_initiatives(address, wanted.strip(), ON_A_PAGE, page_of(_LIST) * ON_A_PAGE)
    st.caption(words.plural("desk.list.found", total))
    with st.container(gap="small", key=_LIST):
        for one in found:
            title = (one.title_en or one.title_it) if language is Language.EN else (one.title_it or one.title_en)
            with st.container(gap=None, key=f"desk_initiative_{one.id}"):
                st.button(
                    to_plain(title) or words("desk.queue.untitled"),
                    key=f"desk_edit_{one.id}",
                    type="tertiary",
                    on_click=_open,
                    args=(one.id,),
                )
                st.caption(to_line(say_places(screen, one.places), one.id))
    show_pager(screen, _LIST, len(found), total)


def _open(id_: str) -> None:
    """Read an initiative into the form, as it is published."""

    def read(address: RemoteAddress, _: str) -> None:
        known = read_initiative(address, id_)
        if known is None:
            raise SourceError("no such initiative")
        _EDITED.replace(to_form(known[0]))
        st.session_state[_OPENED] = _Opened(id_, *known)
        st.session_state[_WHY], st.session_state[_ANYWAY] = "", False

    act(read)


def _close() -> None:
    st.session_state.pop(_OPENED, None)
    _EDITED.on_clear()


def _show_initiative(screen: Screen, address: RemoteAddress, opened: _Opened) -> None:
    words = screen.words
    st.header(words("desk.edit.title", id=to_plain(opened.id)), anchor=False)
    st.button(words("desk.review.close"), key="desk_edit_close", icon=":material/arrow_back:", on_click=_close)
    now = read_initiative(address, opened.id)
    if now is None or now[1] != opened.version:
        st.warning(words("desk.edit.changed" if now else "desk.edit.gone"), icon=":material/sync_problem:")
        if now:
            st.button(words("desk.edit.again"), key="desk_edit_again", on_click=_open, args=(opened.id,))
    form = Form(screen, _EDITED, check_proposal(_EDITED.cells, screen.published, opened.id))
    show_report(form)
    st.header(words("desk.edit.difference"), anchor=False)
    show_difference(screen, _shown(opened.row), _shown(form.checked.row or {}))
    show_preview(form)
    with st.expander(words("desk.edit.correct"), expanded=True, icon=":material/edit:"):
        show_questions(form, after_place=lambda _: None)
    _show_actions(form, opened)
    show_memory(screen, address, opened.id)


def _shown(row: Row) -> Row:
    return {name: row.get(name, "") for name in COLUMNS if name in FIELDS}


def _show_actions(form: Form, opened: _Opened) -> None:
    words = form.screen.words
    st.header(words("desk.review.decide"), anchor=False)
    st.text_area(words("desk.edit.why"), key=_WHY, max_chars=LONGEST_WHY, help=words("desk.review.why_help"))
    if form.checked.twins:
        st.checkbox(words("desk.edit.anyway"), key=_ANYWAY)
    is_changed = form.checked.row is not None and _shown(form.checked.row) != _shown(opened.row)
    with st.container(horizontal=True, key="desk_edit_actions"):
        st.button(
            words("desk.edit.save"),
            key="desk_save",
            type="primary",
            icon=":material/publish:",
            disabled=not (form.checked.is_clean and is_changed),
            on_click=_on_save,
            args=(opened,),
        )
        st.button(
            words("desk.edit.withdraw"),
            key="desk_withdraw",
            icon=":material/visibility_off:",
            on_click=_on_withdraw,
            args=(opened,),
        )


def _on_save(opened: _Opened) -> None:
    why, anyway = reason(_WHY), bool(st.session_state.get(_ANYWAY))

    def save(address: RemoteAddress, who: str) -> None:
        save_change(address, opened.id, opened.version, _EDITED.cells, anyway, who, why)

    if act(save, "saved", why, id=opened.id):
        _close()


def _on_withdraw(opened: _Opened) -> None:
    why = reason(_WHY)
    if act(
        lambda at, who: withdraw_initiative(at, opened.id, opened.version, who, why), "withdrawn", why, id=opened.id
    ):
        _close()
