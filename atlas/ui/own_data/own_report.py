"""The report on a file: figures, how it was read, messages, possible duplicates, downloads."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pandas as pd
import streamlit as st

from atlas.base.said import word_all
from atlas.intake.cells.report import IntakeReport, Verdict
from atlas.intake.publication import find_needed_kinds
from atlas.intake.rehearsal import Look, Rehearsal
from atlas.intake.rehearsal_files import about_correction, rejected_rows, to_report_csv
from atlas.publish.export import to_csv, to_xlsx
from atlas.ui.parts.figures import show_figures
from atlas.ui.parts.labels import name_of
from atlas.ui.parts.markdown_escape import to_line, to_plain
from atlas.ui.parts.offer import offer
from atlas.ui.parts.printing import show_table
from atlas.ui.session.state import Screen
from atlas.ui.session.upload import Upload, current_upload
from atlas.words.phrases import quote

_TONES = {Verdict.ACCEPT: st.success, Verdict.WARN: st.success, Verdict.PARTIAL: st.warning, Verdict.REFUSE: st.error}
SHOWN_MESSAGES, SHOWN_NEEDS = 5_000, 6


def show_verdict(screen: Screen, report: IntakeReport) -> None:
    """Say in one sentence whether the file was loaded, then how many rows, and how it was read."""
    words = screen.words
    sentence = words(f"data.sentence.{report.verdict}")
    if report.verdict is Verdict.REFUSE and report.messages:
        first = report.messages[0]
        sentence = f"{words('data.refused')} {word_all((first.text, *first.hints), words)}"
    _TONES[report.verdict](to_plain(sentence))
    if not report.source_rows:
        return
    numbers = (report.source_rows, report.loaded, report.rejected, report.blank)
    named = zip(("read", "loaded", "rejected", "blank"), numbers, strict=True)
    show_figures(
        [(words.plural(f"data.figure.{name}", n), words.number(n), "") for name, n in named], key="own_figures"
    )
    st.caption(to_plain(f"{words('data.understood')}: {_say_understood(screen, report)}."))


def show_messages(screen: Screen, report: IntakeReport) -> None:
    """Draw the messages by kind with their number and, folded, each with its row and its column."""
    words = screen.words
    st.header(words("data.messages_title"), anchor=False)
    if not report.kinds:
        st.caption(words("data.messages_none"))
        return
    file = words("data.message.file_name")
    table = pd.DataFrame(
        ({file: [kind.file for kind in report.kinds]} if report.parts else {})
        | {
            words("data.message.severity"): [words(f"data.severity.{kind.severity}") for kind in report.kinds],
            words("data.message.rows"): [kind.n_messages for kind in report.kinds],
            words("data.message.first"): [kind.line or None for kind in report.kinds],
            words("data.message.column"): [kind.column for kind in report.kinds],
            words("data.message.text"): [word_all((kind.text,), words) for kind in report.kinds],
            words("data.message.do"): [word_all(kind.hints, words) for kind in report.kinds],
        }
    )
    show_table(table, words, "own_kinds", alt=words("data.messages_alt"), key="own_kinds")
    fold = st.expander(words("data.messages_all"), key="own_messages_fold", on_change="rerun")
    if fold.open:
        with fold:
            alt = words("data.messages_alt")
            show_table(_build_messages(screen, report), words, "own_messages", height=420, alt=alt)


def show_needs(screen: Screen, report: IntakeReport) -> None:
    """Say what keeps the whole file from being published, the most frequent first, or that nothing does."""
    words, kinds = screen.words, find_needed_kinds(report)
    if not report.loaded:
        return
    st.header(words("data.needs_title"), anchor=False)
    if not kinds:
        st.markdown(words("data.needs_nothing"))
        return
    lines = []
    for kind in kinds[:SHOWN_NEEDS]:
        where = words("data.needs_column", column=kind.column) if kind.column else ""
        rows = words.plural("data.doubt_rows", kind.n_messages, line=kind.line) if kind.line else ""
        told = word_all((kind.text,), words)
        lines.append("- " + to_line(kind.file, where, rows, told))
    if len(kinds) > SHOWN_NEEDS:
        lines.append("- " + words.plural("data.needs_more", len(kinds) - SHOWN_NEEDS))
    st.markdown(words("data.needs_intro"))
    st.markdown("\n".join(lines))


def show_twins(screen: Screen, rehearsal: Rehearsal) -> None:
    """List the possible duplicates, if any."""
    words, twins = screen.words, rehearsal.twins
    if not twins:
        return
    rows, published = rehearsal.report.rows, rehearsal.published.catalogue.store.initiatives
    st.header(words("data.twins_title"), anchor=False)
    st.caption(words.plural("data.twins_intro", len(twins)))
    titles = rows["title_it"]
    others = [
        published.at[one.other, "title_it"] if isinstance(one.other, str) else titles.iat[one.other] for one in twins
    ]
    where = [words(f"data.twins_in_{'catalogue' if one.is_published else 'file'}") for one in twins]
    table = pd.DataFrame(
        {
            words("data.twins_row"): [titles.iat[one.row] for one in twins],
            words("data.twins_other"): others,
            words("data.twins_where"): where,
            words("data.twins_place"): [name_of(screen, one.place) for one in twins],
            words("data.twins_likeness"): [one.likeness for one in twins],
        }
    )
    show_table(table, words, "own_twins", alt=words("data.twins_title"), key="own_twins")


def show_downloads(screen: Screen, rehearsal: Rehearsal) -> None:
    """Offer the corrected file and the report, built on demand."""
    words, report = screen.words, rehearsal.report
    st.header(words("data.take_title"), anchor=False)
    makers: dict[str, Callable[[], bytes]] = {}
    if report.loaded:
        makers["xlsx"] = partial(_make_xlsx, screen, rehearsal, current_upload())
        makers["csv"] = lambda: to_csv(
            rehearsal.catalogue(Look.ALONE), screen.world, screen.view.language, report.extra
        )
    makers["report"] = partial(to_report_csv, report, words)
    with st.container(horizontal=True):
        for kind, make in makers.items():
            is_report = kind == "report"
            name = words("data.take_report_name" if is_report else "data.take_name")
            offer(words(f"data.take_{kind}"), make, f"{name}.{'csv' if is_report else kind}", f"own_take_{kind}")
    if report.loaded:
        st.caption(words("data.take_note"))


def _say_understood(screen: Screen, report: IntakeReport) -> str:
    words = screen.words
    delimiter = words("data.tab") if report.delimiter == "\t" else report.delimiter and quote(report.delimiter, words)
    facts = (("encoding", report.encoding), ("delimiter", delimiter), ("sheet", report.sheet))
    return ", ".join(words(f"data.understood_{name}", value=value) for name, value in facts if value)


def _build_messages(screen: Screen, report: IntakeReport) -> pd.DataFrame:
    words, messages = screen.words, report.messages[:SHOWN_MESSAGES]
    file = words("data.message.file_name")
    return pd.DataFrame(
        ({file: [message.file for message in messages]} if report.parts else {})
        | {
            words("data.message.severity"): [words(f"data.severity.{message.severity}") for message in messages],
            words("data.message.line"): pd.array([message.line or None for message in messages], dtype="Int64"),
            words("data.message.column"): [message.column for message in messages],
            words("data.message.value"): [message.value for message in messages],
            words("data.message.text"): [word_all((message.text,), words) for message in messages],
            words("data.message.do"): [word_all(message.hints, words) for message in messages],
        }
    )


def _make_xlsx(screen: Screen, rehearsal: Rehearsal, upload: Upload | None) -> bytes:
    """`upload` is handed over: a file is made outside the run that drew its button, without a session."""
    words = screen.words
    return to_xlsx(
        rehearsal.catalogue(Look.ALONE),
        screen.world,
        about_correction(upload.name if upload else "", rehearsal.report, upload.answers if upload else {}, words),
        datetime.now(UTC).date(),
        screen.view.language,
        rejected=rejected_rows(rehearsal.report, words) if rehearsal.report.left_out else (),
        extra=rehearsal.report.extra,
    )
