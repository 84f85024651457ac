"""One proposal: what it says, what it needs, what it resembles, and what an editor does with it."""

from urllib.parse import quote

import streamlit as st

from atlas.base.address import RemoteAddress
from atlas.base.model import Severity
from atlas.base.said import word_all
from atlas.catalogue.register.queue import Proposal, ask_back, read_proposal, refuse
from atlas.catalogue.source.source import SourceError
from atlas.intake.proposals.desk import publish_proposal
from atlas.intake.proposals.proposal import check_proposal, is_contact
from atlas.ui.desk.acting import act, reason
from atlas.ui.desk.cells import name_column, show_difference
from atlas.ui.parts.markdown_escape import to_line, to_plain
from atlas.ui.propose.preview import show_preview, show_twins
from atlas.ui.propose.questions import Form, show_questions, show_remark
from atlas.ui.session.draft import Draft
from atlas.ui.session.state import Screen
from atlas.words.card import title_of

_CORRECTED = Draft("desk_proposal")
# The number of the open proposal, and its version when it was read.
OPENED, _VERSION = "atlas_desk_number", "atlas_desk_version"
# What an editor writes beside the form: why, and that a likeness does not matter.
_WHY, _ANYWAY = "desk_why", "desk_anyway"
LONGEST_WHY, _COMPARED = 500, 3
_SHOWN = ("title_it", "title_en", "summary_it", "summary_en", "places", "themes", "targets", "lead_organisation")


def show_proposal(screen: Screen, address: RemoteAddress) -> None:
    """Draw the open proposal."""
    words = screen.words
    proposal = read_proposal(address, int(st.session_state[OPENED]))
    if proposal is None:
        _close()
        st.rerun()
    st.header(words("desk.review.title", number=proposal.number), anchor=False)
    st.button(words("desk.review.close"), key="desk_close", icon=":material/arrow_back:", on_click=_close)
    _show_origin(screen, proposal)
    is_closed = proposal.closed_by != ""
    if proposal.version != st.session_state[_VERSION] and not is_closed:
        st.warning(words("desk.review.changed"), icon=":material/sync_problem:")
        st.button(words("desk.review.again"), key="desk_again", on_click=open_proposal, args=(proposal.number,))
    cells = proposal.cells if is_closed else _CORRECTED.cells
    form = Form(screen, _CORRECTED, check_proposal(cells, screen.published))
    if is_closed:
        show_preview(form)
        return
    show_report(form)
    _show_compared(form)
    show_preview(form)
    with st.expander(words("desk.review.correct"), expanded=form.checked.row is None, icon=":material/edit:"):
        show_questions(form, after_place=lambda _: None)
    _show_actions(form, proposal)


def _show_origin(screen: Screen, proposal: Proposal) -> None:
    words = screen.words
    facts = [words(f"desk.state.{proposal.state}"), words.moment(proposal.sent)]
    facts += [words("desk.review.closed_by", name=proposal.closed_by)] if proposal.closed_by else []
    st.caption(to_line(*facts))
    if proposal.note:
        st.info(to_plain(words("desk.review.note", note=proposal.note)), icon=":material/sticky_note_2:")
    if is_contact(proposal.contact):
        st.markdown(to_plain(words("desk.review.contact", contact=proposal.contact)))
        subject = quote(words("desk.review.subject", number=proposal.number))
        address = f"mailto:{proposal.contact}?subject={subject}&body={quote(proposal.note)}"
        st.link_button(words("desk.review.write"), address, icon=":material/mail:")
    elif not proposal.closed_by:
        st.caption(words("desk.review.no_contact"))


def show_report(form: Form) -> None:
    """Say what the checks found, what is needed first."""
    screen, words = form.screen, form.screen.words
    st.header(words("desk.review.report"), anchor=False)
    if form.checked.is_clean and not form.checked.notes:
        st.success(words("desk.review.clean"), icon=":material/check_circle:")
    for message in (*form.checked.needs, *form.checked.notes):
        sentence = word_all((message.text, *message.hints), words)
        is_needed = message in form.checked.needs
        severity = Severity.ERROR if is_needed else Severity.WARNING
        show_remark(screen, f"{name_column(screen, message.column)}: {sentence}", severity)
    show_twins(form)


def _show_compared(form: Form) -> None:
    """Offer what a proposal resembles, beside it."""
    screen, row = form.screen, form.checked.row
    known = screen.edition.catalogue.store.initiatives
    for twins in form.checked.twins[:_COMPARED]:
        if row is None or str(twins.other) not in known.index:
            continue
        other = known.loc[str(twins.other)].to_dict()
        title = to_plain(title_of(other, screen.view.language))
        with st.expander(screen.words("desk.review.compare", title=title), icon=":material/compare_arrows:"):
            show_difference(screen, *({name: str(cells[name] or "") for name in _SHOWN} for cells in (other, row)))


def _show_actions(form: Form, proposal: Proposal) -> None:
    words, number, version = form.screen.words, proposal.number, st.session_state[_VERSION]
    st.header(words("desk.review.decide"), anchor=False)
    st.text_area(words("desk.review.why"), key=_WHY, max_chars=LONGEST_WHY, help=words("desk.review.why_help"))
    if form.checked.twins:
        st.checkbox(words("desk.review.anyway"), key=_ANYWAY)
    with st.container(horizontal=True, key="desk_actions"):
        st.button(
            words("desk.review.publish"),
            key="desk_publish",
            type="primary",
            icon=":material/publish:",
            disabled=not form.checked.is_clean,
            on_click=_on_publish,
            args=(number, version),
        )
        st.button(
            words("desk.review.ask"), key="desk_ask", icon=":material/help:", on_click=_on_ask, args=(number, version)
        )
        st.button(
            words("desk.review.refuse"),
            key="desk_refuse",
            icon=":material/block:",
            on_click=_on_refuse,
            args=(number, version),
        )


def _on_publish(number: int, version: int) -> None:
    def publish(address: RemoteAddress, who: str) -> dict[str, object]:
        anyway = bool(st.session_state.get(_ANYWAY))
        id_ = publish_proposal(address, number, version, _CORRECTED.cells, anyway, who, reason(_WHY))
        return {"id": id_}

    if act(publish, "published", number=number):
        _close()


def _on_ask(number: int, version: int) -> None:
    why = reason(_WHY)
    if act(lambda at, who: ask_back(at, number, version, why, who), "asked", why, "no_question", number=number):
        open_proposal(number)  # with the note and the button that writes to its author


def _on_refuse(number: int, version: int) -> None:
    why = reason(_WHY)
    if act(lambda at, who: refuse(at, number, version, why, who), "refused", why, number=number):
        _close()


def open_proposal(number: int) -> None:
    """Read a proposal into the form, as its author wrote it."""

    def read(address: RemoteAddress, _: str) -> None:
        proposal = read_proposal(address, number)
        if proposal is None:
            raise SourceError("no such proposal")
        _CORRECTED.replace(dict(proposal.cells))
        st.session_state[OPENED], st.session_state[_VERSION] = number, proposal.version
        st.session_state[_WHY], st.session_state[_ANYWAY] = "", False

    act(read)


def _close() -> None:
    st.session_state.pop(OPENED, None)
    _CORRECTED.on_clear()
