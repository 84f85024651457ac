"""A whole list beside what is published, and publishing all of it that is clean."""

import streamlit as st

from atlas.base.address import RemoteAddress
from atlas.base.said import word_all
from atlas.intake.cells.report import IntakeReport
from atlas.intake.proposals.whole_list import Compared, compare_list, publish_list
from atlas.ui.desk.acting import act, reason
from atlas.ui.desk.cells import show_difference
from atlas.ui.desk.review import LONGEST_WHY
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.session.state import Screen
from atlas.ui.session.upload import Upload, clean_name, read_in_turn
from atlas.words.card import title_of

_FILE, _ROUND = "desk_file", "desk_round"
_READ, _COMPARED = "atlas_desk_report", "atlas_desk_compared"
_WHY, _ALIKE, _MISSING = "desk_list_why", "desk_list_alike", "desk_list_missing"
_SHOWN = 20


def show_whole_list(screen: Screen, address: RemoteAddress) -> None:
    """Draw the field for a file, what it would change, and the button that publishes what is clean."""
    words = screen.words
    st.header(words("desk.file.title"), anchor=False)
    st.markdown(words("desk.file.means"))
    key = f"{_FILE}_{st.session_state.get(_ROUND, 0)}"
    file = st.file_uploader(words("desk.file.upload"), key=key, on_change=_forget)
    if file is None:
        return
    if _READ not in st.session_state:
        with st.empty().container():
            st.session_state[_READ] = read_in_turn(
                screen, Upload(((clean_name(file.name), file.getvalue()),)), _put_away
            )
    report: IntakeReport | None = st.session_state[_READ]
    if report is None:
        del st.session_state[_READ]
        return
    if _COMPARED not in st.session_state:
        st.session_state[_COMPARED] = compare_list(address, report)
    compared: Compared = st.session_state[_COMPARED]
    _show_counts(screen, compared)
    _show_rows(screen, compared)
    if compared.is_readable:
        _show_actions(screen, compared)
    else:
        st.error(words("desk.file.unreadable"), icon=":material/error:")


def _forget() -> None:
    for key in (_READ, _COMPARED):
        st.session_state.pop(key, None)


def _put_away() -> None:
    """Take the file away, also from the field that it was chosen in."""
    _forget()
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state[_WHY] = ""


def _show_counts(screen: Screen, compared: Compared) -> None:
    words = screen.words
    counts = {
        "added": len(compared.added),
        "changed": len(compared.changed),
        "same": compared.n_same,
        "alike": len(compared.alike),
        "held": compared.n_held,
    } | ({} if compared.n_held else {"missing": len(compared.missing)})  # a row to be corrected may be one of them
    with st.container(horizontal=True, key="desk_counts"):
        for name, n in counts.items():
            st.metric(words(f"desk.file.{name}"), words.number(n), width="content")


def _show_rows(screen: Screen, compared: Compared) -> None:
    """Draw, each in a fold of its own, what would be added, changed and withdrawn, and what cannot be."""
    words, language = screen.words, screen.view.language
    if compared.added:
        with st.expander(_label(screen, "added", len(compared.added))):
            _show_titles(screen, [title_of(row, language) for row in compared.added])
    if compared.changed:
        with st.expander(_label(screen, "changed", len(compared.changed))):
            for one in compared.changed[:_SHOWN]:
                st.markdown(f"**{to_plain(title_of(one.after, language))}**")
                show_difference(screen, one.before, one.after)
            _show_rest(screen, len(compared.changed))
    if compared.alike:
        with st.expander(_label(screen, "alike", len(compared.alike))):
            known = screen.edition.catalogue.store.initiatives
            pairs = []
            for row, twins in compared.alike:
                other = known.loc[twins.other].to_dict() if twins.other in known.index else {}
                named = title_of(other, language) if other else words("desk.file.in_the_list")
                pairs.append(f"{title_of(row, language)} ↔ {named}")
            _show_titles(screen, pairs)
    if compared.held or compared.n_held:
        with st.expander(_label(screen, "held", compared.n_held)):
            said = [
                words("desk.file.line", line=words.number(message.line), column=message.column or "—")
                + word_all((message.text, *message.hints), words)
                for message in compared.held
            ]
            _show_titles(screen, said)
    if compared.missing:
        with st.expander(_label(screen, "missing", len(compared.missing))):
            _show_titles(screen, [id_ for id_, _ in compared.missing])


def _label(screen: Screen, name: str, n: int) -> str:
    return f"{screen.words(f'desk.file.{name}')}: {screen.words.number(n)}"


def _show_titles(screen: Screen, titles: list[str]) -> None:
    st.markdown("\n".join(f"- {to_plain(title)}" for title in titles[:_SHOWN]))
    _show_rest(screen, len(titles))


def _show_rest(screen: Screen, n: int) -> None:
    if n > _SHOWN:
        st.caption(screen.words("desk.file.rest", n=screen.words.number(n - _SHOWN)))


def _show_actions(screen: Screen, compared: Compared) -> None:
    words = screen.words
    st.text_area(words("desk.edit.why"), key=_WHY, max_chars=LONGEST_WHY, help=words("desk.review.why_help"))
    alike = bool(compared.alike) and st.checkbox(words("desk.file.also_alike"), key=_ALIKE)
    missing = bool(compared.missing) and st.checkbox(words("desk.file.also_missing"), key=_MISSING)
    n = compared.n_clean + len(compared.alike) * alike + len(compared.missing) * missing
    with st.container(horizontal=True, key="desk_list_actions"):
        st.button(
            words.plural("desk.file.publish", n),
            key="desk_publish_list",
            type="primary",
            icon=":material/publish:",
            disabled=not n,
            on_click=_on_publish,
            args=(compared, alike, missing),
        )
        st.button(
            words("desk.file.again"), key="desk_compare_again", on_click=st.session_state.pop, args=(_COMPARED, None)
        )


def _on_publish(compared: Compared, alike: bool, missing: bool) -> None:
    why = reason(_WHY)

    def publish(address: RemoteAddress, who: str) -> dict[str, object]:
        numbers = publish_list(address, compared, alike, missing, who, why)
        return dict(zip(("added", "changed", "withdrawn"), numbers, strict=True))

    if act(publish, "list", why):
        _put_away()
