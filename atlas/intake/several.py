"""Several files read as one: their reports joined, each message with the name of its file."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from atlas.base.said import said
from atlas.intake.cells.report import Doubt, IntakeReport, MessageLog, Verdict
from atlas.intake.columns.headers import AND
from atlas.intake.formats.refusal import FileColumn
from atlas.intake.rows import to_frame

# Rows of all files together; each has at most MAX_ROWS.
MAX_ALL_ROWS = 250_000

Part = tuple[str, IntakeReport]


def join_reports(parts: Sequence[Part]) -> IntakeReport:
    """Return one report for files read one by one, in their order; a file beyond MAX_ALL_ROWS is refused."""
    if len(parts) == 1:
        return parts[0][1]
    parts = list(_keep_within(parts))
    reports = [report for _, report in parts]
    rows = pd.concat([report.rows for report in reports], ignore_index=True).fillna("")
    ids, renamed = _make_unique(rows["id"].tolist())
    rows["id"] = pd.array(ids, dtype="str")
    messages = [replace(message, file=name) for name, report in parts for message in report.messages]
    kinds = [replace(kind, file=name) for name, report in parts for kind in report.kinds]
    if renamed and any("id" in fields.split(AND) for report in reports for fields in report.headers.values()):
        log = MessageLog()
        for old, new in renamed:
            log.warning(0, "", old, said("taken_id"), said("becomes", id=new))
        messages, kinds = [*log.close(), *messages], [*kinds, *log.kinds()]
    return IntakeReport(
        rows=rows,
        source_rows=sum(report.source_rows for report in reports),
        rejected=sum(report.rejected for report in reports),
        blank=sum(report.blank for report in reports),
        messages=tuple(messages),
        verdict=_judge(reports, bool(messages)),
        encoding=_list(report.encoding for report in reports),
        delimiter=_list(report.delimiter for report in reports),
        headers={text: fields for report in reports for text, fields in report.headers.items()},
        columns=_join_columns(reports),
        doubts=_join_doubts(reports),
        kinds=tuple(sorted(kinds, key=lambda kind: (kind.severity != "error", -kind.n_messages))),
        header=tuple(dict.fromkeys(text for report in reports for text in report.header)),
        extra=_join_extra(reports),
        parts=tuple((name, replace(report, rows=report.rows.iloc[:0], extra={})) for name, report in parts),
    )


def _keep_within(parts: Sequence[Part]) -> Iterable[Part]:
    n_rows = 0
    for name, report in parts:
        if n_rows + report.source_rows > MAX_ALL_ROWS:
            log = MessageLog()
            log.error(0, "", "", said("too_many_rows_all", n=MAX_ALL_ROWS), said("leave_out_file"))
            yield name, IntakeReport(rows=to_frame([]), messages=log.close(), kinds=log.kinds())
        else:
            n_rows += report.source_rows
            yield name, report


def _make_unique(ids: Sequence[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the ids, repeated ones with a number, and the pairs of those that changed."""
    taken, seen = set(ids), set()
    unique, changed = [], []
    last: dict[str, int] = {}
    for id_ in ids:
        free = id_
        while free in seen or (free != id_ and free in taken):
            last[id_] = last.get(id_, 1) + 1
            free = f"{id_}-{last[id_]}"
        if free != id_:
            changed.append((id_, free))
        seen.add(free)
        unique.append(free)
    return unique, changed


def _judge(reports: Sequence[IntakeReport], has_messages: bool) -> Verdict:
    if not any(report.loaded for report in reports):
        return Verdict.REFUSE
    if any(report.verdict in (Verdict.REFUSE, Verdict.PARTIAL) for report in reports):
        return Verdict.PARTIAL
    return Verdict.WARN if has_messages else Verdict.ACCEPT


def _list(values: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(filter(None, values)))


def _join_columns(reports: Sequence[IntakeReport]) -> tuple[FileColumn, ...]:
    joined: dict[str, FileColumn] = {}
    for column in (column for report in reports for column in report.columns):
        if column.text not in joined or (column.field and not joined[column.text].field):
            joined[column.text] = column
    return tuple(joined.values())


def _join_doubts(reports: Sequence[IntakeReport]) -> tuple[Doubt, ...]:
    joined: dict[tuple[str, str], Doubt] = {}
    for doubt in (doubt for report in reports for doubt in report.doubts):
        known = joined.get((doubt.field, doubt.value))
        if known:
            sure = known.sure if known.sure == doubt.sure else ""
            choices = tuple(dict.fromkeys((*known.choices, *doubt.choices)))
            doubt = replace(known, n_rows=known.n_rows + doubt.n_rows, sure=sure, choices=choices)
        joined[doubt.field, doubt.value] = doubt
    return tuple(sorted(joined.values(), key=lambda doubt: -doubt.n_rows))


def _join_extra(reports: Sequence[IntakeReport]) -> dict[str, tuple[str, ...]]:
    names = dict.fromkeys(name for report in reports for name in report.extra)
    return {
        name: tuple(value for report in reports for value in (report.extra.get(name) or ("",) * report.loaded))
        for name in names
    }
