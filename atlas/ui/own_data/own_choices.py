"""The owner's choices about a file: fields of columns, places and terms; all can be undone."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import pandas as pd
import streamlit as st

from atlas.intake.cells.report import MAX_DOUBTS, Answers, Doubt, IntakeReport
from atlas.intake.columns.headers import AND, FIELDS, PLACE_FIELDS
from atlas.intake.rehearsal_files import to_choices
from atlas.ui.parts.labels import label_of, name_of
from atlas.ui.parts.markdown_escape import to_plain
from atlas.ui.parts.offer import offer
from atlas.ui.parts.printing import show_table
from atlas.ui.session import cache, upload
from atlas.ui.session.state import Screen

T = TypeVar("T")
SHOWN_DOUBTS, SHOWN_CHOICES, SHOWN_ANSWERS, SHOWN_NAMES = 10, 3, 30, 6
_YEAR = "own_year"
_COMMON = (
    "title_it", "istat_code", "municipality", "province", "region", "places", "summary_it", "themes", "targets",
    "start_year", "funding_eur", "lead_organisation",
)  # fmt: skip
_DIMENSIONS = {
    "themes": "themes",
    "targets": "targets",
    "scale": "scales",
    "service_type": "service_types",
    "channel": "channels",
}


def show_columns(screen: Screen, report: IntakeReport) -> None:
    """Draw the fields of columns: open if the file cannot be read without them, otherwise folded."""
    words = screen.words
    if not report.columns:
        return
    needed = not report.headers
    with st.expander(words("data.columns_title"), expanded=needed, key=f"own_columns_{'needed' if needed else 'free'}"):
        st.markdown(words("data.columns_needed" if needed else "data.columns_free"))
        table = pd.DataFrame(
            {
                words("data.header_column"): [column.text for column in report.columns],
                words("data.header_field"): [_field_label(screen, column.field) for column in report.columns],
                words("data.header_sample"): [" · ".join(column.samples) for column in report.columns],
            }
        )
        show_table(table, words, "own_columns", alt=words("data.columns_title"))
        before = upload.columns_said_before([column.text for column in report.columns])
        current = upload.current_upload()
        if before and current and not current.columns:
            st.button(words("data.columns_again"), key="own_again", on_click=upload.say_columns, args=(before,))
        with st.form("own_columns", border=False):
            st.markdown(f"**{words('data.columns_title')}**")
            _show_fields(screen, report, _COMMON)
            with st.expander(words("data.columns_more")):
                _show_fields(screen, report, tuple(field for field in FIELDS if field not in _COMMON))
            if st.form_submit_button(words("data.columns_read"), type="primary"):
                _take_columns(report)


def show_year(screen: Screen, report: IntakeReport) -> None:
    """Draw the choice of the year of the places, if the file has any."""
    current, words = upload.current_upload(), screen.words
    fields = {field for joined in report.headers.values() for field in joined.split(AND)}
    if current is None or not fields.intersection(PLACE_FIELDS):
        return
    unsaid = words("data.year_guessed" if "istat_code" in fields else "data.year_unsaid")
    st.selectbox(
        words("data.year"),
        [None, *cache.code_years_of(screen.territory).years],
        index=0 if current.year is None else cache.code_years_of(screen.territory).years.index(current.year) + 1,
        format_func=lambda year: str(year) if year else unsaid,
        key=_YEAR,
        help=words("data.year_help"),
        on_change=lambda: upload.change(year=st.session_state[_YEAR]),
        width=320,
    )


def show_steps(screen: Screen, report: IntakeReport) -> None:
    """Draw the way from a file to the map, with the step that comes next in bold."""
    words = screen.words
    here = "columns" if not report.headers else "doubts" if report.doubts else "map"
    names = {step: words(f"data.step_{step}") for step in ("file", "columns", "doubts", "map")}
    st.markdown(" → ".join(f"**{name}**" if step == here else name for step, name in names.items()))


def show_sheets(screen: Screen, report: IntakeReport) -> None:
    """Let another sheet of the workbook be read; nothing if there is only one."""
    if len(report.sheets) < 2 or not report.sheet:
        return
    key = "own_sheet"
    st.selectbox(
        screen.words("data.sheet"),
        report.sheets,
        index=report.sheets.index(report.sheet) if report.sheet in report.sheets else 0,
        key=key,
        on_change=lambda: upload.change(sheet=st.session_state[key]),
        width=320,
    )


def show_doubts(screen: Screen, report: IntakeReport) -> None:
    """Draw the doubts to decide on with one click: places, then words, those with the most rows first."""
    doubts, words = report.doubts, screen.words
    if not doubts:
        return
    st.header(words("data.doubts_title"), anchor=False)
    st.caption(words("data.doubts_intro"))
    left = "data.doubts_left" if len(doubts) < MAX_DOUBTS else "data.doubts_at_least"
    st.markdown(words.plural(left, len(doubts), rows=words.number(sum(one.n_rows for one in doubts))))
    certain = {doubt: doubt.sure for doubt in doubts if doubt.sure}
    if len(certain) > 1:
        _show_certain(screen, certain)
    _show_short_codes(screen, [doubt for doubt in doubts if tuple(map(len, doubt.choices)) == (2, 3)])
    places = [doubt for doubt in doubts if doubt.field not in _DIMENSIONS]
    others = [doubt for doubt in doubts if doubt.field in _DIMENSIONS]
    shown = [*places, *others][:SHOWN_DOUBTS]
    for at, doubt in enumerate(shown):
        kind = "words" if doubt.field in _DIMENSIONS else "places"
        if doubt in (shown[0], others[0] if others else None):
            st.subheader(words(f"data.doubts_{kind}"), anchor=False)
        _show_doubt(screen, doubt, at)
    if len(doubts) > SHOWN_DOUBTS:
        st.caption(words.plural("data.doubts_more", len(doubts) - SHOWN_DOUBTS))


def _show_certain(screen: Screen, certain: Mapping[Doubt, str]) -> None:
    """Draw what one button accepts, and the button: values that differ by a letter from the only word or name."""
    words = screen.words
    with st.container(border=True, gap="xsmall", key="own_certain"):
        table = pd.DataFrame(
            {
                words("data.message.value"): [doubt.value for doubt in certain],
                words("data.certain_becomes"): [
                    _choice_label(screen, doubt.field, code) for doubt, code in certain.items()
                ],
                words("data.message.rows"): [doubt.n_rows for doubt in certain],
            }
        )
        show_table(table, words, "own_certain", alt=words("data.certain_alt"))
        st.button(
            words.plural("data.accept_all", len(certain)),
            key="own_accept_all",
            icon=":material/done_all:",
            on_click=upload.settle,
            args=(certain,),
        )


def _show_short_codes(screen: Screen, doubts: Sequence[Doubt]) -> None:
    """Let codes that are a region, or a province without its zero, be settled together: a list has one kind."""
    words = screen.words
    if len(doubts) < 2:
        return
    with st.container(border=True, gap="xsmall", key="own_short_codes"):
        st.markdown(to_plain(words("data.short_codes", values=", ".join(doubt.value for doubt in doubts))))
        for at, kind in enumerate(("regions", "provinces")):
            names = [name_of(screen, doubt.choices[at]) for doubt in doubts]
            shown = ", ".join(names[:SHOWN_NAMES]) + ("…" if len(names) > SHOWN_NAMES else "")
            st.button(
                to_plain(words(f"data.short_codes_{kind}", names=shown)),
                key=f"own_short_{kind}",
                on_click=upload.settle,
                args=({doubt: doubt.choices[at] for doubt in doubts},),
            )


def show_answers(screen: Screen, report: IntakeReport) -> None:
    """List the decisions, each with an undo button, and offer to save them for similar files."""
    current, words = upload.current_upload(), screen.words
    if current is None:
        return
    if current.answers:
        st.header(words("data.answers_title"), anchor=False)
    with st.container(gap="xsmall", key="own_answers"):
        for at, ((field, value), code) in enumerate(list(current.answers.items())[::-1][:SHOWN_ANSWERS]):
            with st.container(horizontal=True, vertical_alignment="center"):
                line = words("data.answer", value=value, label=_choice_label(screen, field, code))
                st.markdown(to_plain(line), width="content")
                st.button(
                    words("data.undo"),
                    key=f"own_undo_{at}",
                    type="tertiary",
                    on_click=upload.unsettle,
                    args=((field, value),),
                )
    _show_older_answers(screen, current.answers)
    if len(current.answers) > 1:
        st.button(words("data.undo_all"), key="own_undo_all", on_click=upload.unsettle, args=tuple(current.answers))
    with st.expander(words("data.choices_title")):
        choices = to_choices({column.text: column.field for column in report.columns}, current.answers)
        offer(words("data.choices_save"), choices, f"{words('data.choices_name')}.json", "own_choices_save")
        key = "own_choices_load"
        st.file_uploader(words("data.choices_load"), key=key, on_change=upload.on_choices, args=(key,))
        if fault := upload.take_fault():
            st.error(words(fault))


def _show_older_answers(screen: Screen, answers: Answers) -> None:
    """Let any of the decisions that have no button of their own be undone by its name."""
    words = screen.words
    older = {
        words("data.answer", value=value, label=_choice_label(screen, field, code)): (field, value)
        for (field, value), code in list(answers.items())[::-1][SHOWN_ANSWERS:]
    }
    if not older:
        return
    label = words.plural("data.undo_older", len(older))
    _show_rest(label, older, f"own_undo_older_{len(answers)}", upload.unsettle, 420)


def _show_fields(screen: Screen, report: IntakeReport, fields: Sequence[str]) -> None:
    """Draw a column selector for each field; column names are options, which are shown unformatted."""
    none = screen.words("data.columns_none")
    texts = [column.text for column in report.columns]
    filled: dict[str, str] = {}
    for part in ("guess", "field"):
        for column in reversed(report.columns):
            filled |= dict.fromkeys(filter(None, getattr(column, part).split(AND)), column.text)
    for row in range(0, len(fields), 3):
        for place, field in zip(st.columns(3), fields[row : row + 3], strict=False):
            place.selectbox(
                _field_label(screen, field),
                ["", *texts],
                index=1 + texts.index(filled[field]) if field in filled else 0,
                format_func=lambda text: text or none,
                key=f"own_field_{field}",
            )


def _take_columns(report: IntakeReport) -> None:
    chosen: dict[str, str] = {column.text: "" for column in report.columns}
    for field in FIELDS:
        text = st.session_state.get(f"own_field_{field}", "")
        if text in chosen:
            chosen[text] = AND.join(filter(None, [chosen[text], field]))
    upload.say_columns(chosen)
    st.rerun()


def _show_doubt(screen: Screen, doubt: Doubt, at: int) -> None:
    words = screen.words
    rows = words.plural("data.doubt_rows", doubt.n_rows, line=doubt.line)
    with st.container(border=True, gap="xsmall", key=f"own_doubt_{at}"):
        line = words(
            "data.doubt", value=doubt.value, column=doubt.column or _field_label(screen, doubt.field), rows=rows
        )
        st.markdown(to_plain(line))
        if not doubt.choices and doubt.field not in _DIMENSIONS:
            st.caption(words("data.doubt_none"))
            return
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            for place, code in enumerate(doubt.choices[:SHOWN_CHOICES]):
                st.button(
                    to_plain(_choice_label(screen, doubt.field, code)),
                    key=f"own_choice_{at}_{place}",
                    on_click=upload.settle,
                    args=({doubt: code},),
                )
            _show_other_choices(screen, doubt, at)


def _show_other_choices(screen: Screen, doubt: Doubt, at: int) -> None:
    """Offer the other choices: further candidates of a place, all terms of a closed list."""
    others = list(doubt.choices[SHOWN_CHOICES:])
    if dimension := _DIMENSIONS.get(doubt.field, ""):
        options = screen.catalogue.store.memberships[dimension].options
        others = [option for option in options if option not in doubt.choices[:SHOWN_CHOICES] and option != "unknown"]
    if not others:
        return
    codes = {_choice_label(screen, doubt.field, code): code for code in others}
    key = f"own_other_{at}_{doubt.field}_{doubt.line}"
    _show_rest(screen.words("data.doubt_other"), codes, key, lambda code: upload.settle({doubt: code}), 260)


def _show_rest(label: str, options: Mapping[str, T], key: str, choose: Callable[[T], None], width: int) -> None:
    """Draw a field with what has no button of its own, by label; choose: called with what was chosen."""

    def take() -> None:
        if chosen := st.session_state[key]:
            choose(options[chosen])

    st.selectbox(
        label,
        list(options),
        index=None,
        key=key,
        placeholder=label,
        label_visibility="collapsed",
        on_change=take,
        width=width,
    )


def _choice_label(screen: Screen, field: str, code: str) -> str:
    if field in _DIMENSIONS:
        return label_of(screen, _DIMENSIONS[field], code)
    if code in screen.territory.areas:
        n = len(screen.territory.areas[code])
        return screen.words.plural("data.area_choice", n, name=name_of(screen, code))
    province = screen.territory.province_of(code)
    if not province or len(code) != 6:
        return f"{name_of(screen, code)} {code}"
    return f"{name_of(screen, code)} ({screen.territory.provinces['abbr'][province]}) {code}"


def _field_label(screen: Screen, field: str) -> str:
    """Return the labels of the fields of a column, which may fill several."""
    names = [screen.words(f"data.field.{name}") for name in field.split(AND) if name]
    return " + ".join(names) or screen.words("data.header_unused")
