"""Bytes of a CSV or XLSX that anybody chose → rows like those of initiatives.csv, and what to tell its owner.

The public face is `read_upload`. The package reads no disk except the data that come with the program, knows no screen,
and never raises for what a file holds.
"""

from collections.abc import Mapping
from dataclasses import replace

from atlas.bundle import bundled_vocabulary
from atlas.export import README_SHEET
from atlas.intake.bundled import build_gazetteer, bundled_gazetteer
from atlas.intake.delimited import read_delimited
from atlas.intake.headers import Header, check_header, find_header, refuse_header, score_records
from atlas.intake.location import PlaceFinder
from atlas.intake.report import IntakeReport, Message, MessageLog, RefusedFileError, Verdict
from atlas.intake.rows import RowReader, to_frame
from atlas.intake.sheet import MAX_ROWS, Record, Sheet, is_empty
from atlas.intake.sniff import Kind, find_kind
from atlas.intake.terms import Terms, build_term_columns
from atlas.intake.workbook import Workbook
from atlas.model import Severity
from atlas.territory import Territory
from atlas.vocabulary import Vocabulary

__all__ = ["IntakeReport", "Message", "Verdict", "read_upload"]


def read_upload(
    data: bytes, filename: str, *, territory: Territory | None = None, vocabulary: Vocabulary | None = None
) -> IntakeReport:
    """Read a file of initiatives, whatever its bytes: every fault is a message of the report, never an exception.

    Without territory and vocabulary, those that come with the program are used (DataError when they are missing).
    `filename` is only quoted: what a file is, its bytes say. Lines are numbered as a spreadsheet shows them.
    """
    gazetteer = bundled_gazetteer() if territory is None else build_gazetteer(territory)
    terms = build_term_columns(vocabulary or bundled_vocabulary())
    log = MessageLog()
    try:
        sheet, header, position = _open(data, log)
        check_header(header, log)
        return _read_records(sheet, header, position, terms, PlaceFinder(gazetteer), log)
    except RefusedFileError as refusal:
        return IntakeReport(rows=to_frame([]), messages=(refusal.message, *log.close()))


def _open(data: bytes, log: MessageLog) -> tuple[Sheet, Header, int]:
    """Return the sheet to read, its header and the position of the header among the records."""
    if find_kind(data) is Kind.WORKBOOK:
        sheet = _choose_sheet(Workbook(data), log)
    else:
        sheet = read_delimited(data, score_records)
    found = find_header(sheet)
    if found is None:
        raise refuse_header(sheet)
    for line, text, suggestion in sheet.warnings:
        log.warning(line, "", "", text, suggestion)
    header, position = found
    if position:
        text = f"l'intestazione è alla riga {header.line}: le righe prima non vengono lette."
        log.warning(header.line, "", "", text, "Se sono solo un titolo va bene così.")
    return sheet, header, position


def _choose_sheet(workbook: Workbook, log: MessageLog) -> Sheet:
    """Return the first sheet with a usable header, or else the first with anything in it, for the refusal to quote."""
    heads = [(entry, workbook.read_sheet(entry, only_first=True)) for entry in workbook.entries]
    filled = [(entry, head) for entry, head in heads if head.records]
    usable = [entry for entry, head in filled if find_header(head)]
    if not usable:
        return filled[0][1] if filled else Sheet([], 0)
    chosen = usable[0]
    # The second sheet of our own exports explains the first: it is no data and needs no warning.
    others = [entry.name for entry, _ in filled if entry != chosen and entry.name != README_SHEET]
    if others:
        text = f"viene letto il foglio «{chosen.name}»; gli altri no."
        log.warning(0, "", ", ".join(others), text, "Per leggere un altro foglio mettilo per primo o in un altro file.")
    return workbook.read_sheet(chosen)


def _read_records(
    sheet: Sheet, header: Header, position: int, terms: Mapping[str, Terms], finder: PlaceFinder, log: MessageLog
) -> IntakeReport:
    records = sheet.records[position + 1 :]
    if len(records) > MAX_ROWS:
        raise RefusedFileError(f"Il file ha {len(records)} righe: il limite è 50.000.", "Dividilo in più file.")
    if not sheet.delimiter:
        records = [_keep_under_header(record, header, log) for record in records]
    _check_unnamed(records, header, log)
    reader = RowReader(header, terms, finder, log)
    filled = [record for record in records if not all(map(is_empty, record[1]))]
    reader.reserve_ids(filled)
    rows = [row for record in filled if (row := reader.read(record)) is not None]
    # Rows that hold nothing are not in the records: their number is what is missing up to the last line.
    blank = max(0, sheet.last_line - header.line - len(filled))
    if not rows:
        text = "nessuna riga è stata caricata." if filled else "sotto l'intestazione non c'è nessuna riga."
        log.error(header.line, "", "", text, "Correggi gli errori segnalati e ricarica il file.")
    report = IntakeReport(
        rows=to_frame(rows),
        source_rows=len(filled) + blank,
        rejected=len(filled) - len(rows),
        blank=blank,
        messages=log.close(),
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        sheet=sheet.name,
        headers={header.text(name): name for name in header.positions},
    )
    return replace(report, verdict=_judge(report))


def _keep_under_header(record: Record, header: Header, log: MessageLog) -> Record:
    """Return a record of a workbook without what stands beside the table: there, a cell's column is never in doubt."""
    line, cells = record
    width = len(header.texts)
    if any(not is_empty(cell) for cell in cells[width:]):
        beside = " | ".join(str(cell) for cell in cells[width:] if not is_empty(cell))
        log.warning(line, "", beside, "valori a destra della tabella, senza intestazione: non vengono letti.")
    return line, cells[:width]


def _check_unnamed(records: list[Record], header: Header, log: MessageLog) -> None:
    """Report each column that has values and no name."""
    for at in [at for at, text in enumerate(header.texts) if not text]:
        first = next((line for line, cells in records if at < len(cells) and not is_empty(cells[at])), 0)
        if first:
            log.warning(first, "", "", f"la colonna {at + 1} non ha intestazione: non viene letta.", "Dalle un nome.")


def _judge(report: IntakeReport) -> Verdict:
    if not report.loaded:
        return Verdict.REFUSE
    if report.rejected:
        return Verdict.PARTIAL
    warned = any(message.severity is Severity.WARNING for message in report.messages)
    return Verdict.WARN if warned else Verdict.ACCEPT
