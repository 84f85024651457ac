"""Several files read as one: their reports joined, each message with the name of its file."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from atlas.base.said import said
from atlas.intake.cells.report import Doubt, IntakeReport, MessageLog
from atlas.intake.columns.headers import AND
from atlas.intake.formats.refusal import FileColumn, RefusedFileError
from atlas.intake.ids import Ids
from atlas.intake.rows import refuse

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
    written, ids = rows["id"].tolist(), Ids(reserved=rows["id"])
    unique = [ids.take(id_, id_) for id_ in written]
    rows["id"] = pd.array(unique, dtype="str")
    messages = [replace(message, file=name) for name, report in parts for message in report.messages]
    kinds = [replace(kind, file=name) for name, report in parts for kind in report.kinds]
    if unique != written and any("id" in fields.split(AND) for report in reports for fields in report.headers.values()):
        log = MessageLog()
        for old, new in zip(written, unique, strict=True):
            if old != new:
                log.warning(0, "", old, said("taken_id"), said("becomes", id=new))
        messages, kinds = [*log.close(), *messages], [*kinds, *log.kinds()]
    return IntakeReport(
        rows=rows,
        source_rows=sum(report.source_rows for report in reports),
        rejected=sum(report.rejected for report in reports),
        blank=sum(report.blank for report in reports),
        messages=tuple(messages),
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
            told = said("too_many_rows_all", n=MAX_ALL_ROWS)
            yield name, refuse(RefusedFileError(told, said("leave_out_file")))
        else:
            n_rows += report.source_rows
            yield name, report


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
