"""Reading an uploaded file (table, workbook, geographic data) into rows like those of initiatives.csv, with a report.

`read_upload` never raises for the content of a file.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial

from atlas.base.columns import ALL_COLUMNS, ASIDE_SHEETS, COLUMNS, READABLE_COLUMNS
from atlas.base.said import said
from atlas.base.text import is_year_or_day
from atlas.catalogue.source.bundle import bundled_vocabulary
from atlas.catalogue.vocabulary import Vocabulary
from atlas.intake.cells.coordinates import read_coordinates
from atlas.intake.cells.gazetteer import Gazetteer, build_gazetteer, bundled_gazetteer
from atlas.intake.cells.location import MAX_NAME, PlaceFinder
from atlas.intake.cells.report import Answers, IntakeReport, MessageLog
from atlas.intake.cells.terms import build_term_columns
from atlas.intake.cells.values import clean_text, split_list
from atlas.intake.columns.guesses import guess_fields
from atlas.intake.columns.headers import (
    ORGANISATION_FIELDS,
    PLACE_FIELDS,
    Chosen,
    Header,
    IsPlace,
    check_header,
    describe_columns,
    find_header,
    has_coordinates,
    refuse_header,
    score_records,
)
from atlas.intake.formats.delimited import read_delimited
from atlas.intake.formats.geography import read_geography
from atlas.intake.formats.opendocument import OpenDocument
from atlas.intake.formats.refusal import RefusedFileError, shorten
from atlas.intake.formats.sheet import MAX_CELL_CHARACTERS, MAX_ROWS, Record, Sheet, cells_of, is_empty
from atlas.intake.formats.sniff import Kind, find_kind
from atlas.intake.formats.workbook import SheetEntry, Workbook
from atlas.intake.merged import fill_merged
from atlas.intake.rows import Row, RowReader, refuse, to_frame
from atlas.territory.codes import to_bare_code
from atlas.territory.points import Place, place_geometries
from atlas.territory.territory import Territory

# Progress callback, from 0 to 1.
Progress = Callable[[float], None]
_OPENED = 0.3
_ROWS_PER_STEP = 1_000
# Further sheets are found only by name.
MAX_SHEETS = 40


def read_upload(
    data: bytes,
    filename: str,
    *,
    territory: Territory | None = None,
    vocabulary: Vocabulary | None = None,
    columns: Chosen | None = None,
    answers: Answers | None = None,
    sheet: str = "",
    year: int | None = None,
    on_progress: Progress = lambda _: None,
) -> IntakeReport:
    """Read a file of initiatives; every fault is a message of the report, never an exception.

    Without territory and vocabulary, those that come with the program are used (DataError if they are missing).
    `filename` is only quoted: the type is detected from the bytes. Lines are numbered as in a spreadsheet. `columns`
    are the owner's choices of fields (header as written → field, "" for none), `answers` those for the report's doubts;
    both add to what is recognised automatically. `year` is that of its places; without it, its codes tell.
    """
    gazetteer = bundled_gazetteer() if territory is None else build_gazetteer(territory)
    terms = build_term_columns(vocabulary or bundled_vocabulary(), answers or {})
    chosen = columns or {}
    log = MessageLog()
    try:
        on_progress(0.0)
        is_place = _tell_places(gazetteer)
        table, header = _open(data, sheet, chosen, is_place, log, lambda part: on_progress(part * _OPENED))
        check_header(header, table, log, chosen)
        fill_merged(table, header, log)
        on_progress(_OPENED)
        records = table.records[header.position + 1 :]
        by_body = not any(name in header for name in PLACE_FIELDS) and any(n in header for n in ORGANISATION_FIELDS)
        year = _find_year(records, header, gazetteer, log, year)
        keeps_zeros = _keeps_zeros(records, header)
        finder = PlaceFinder(gazetteer, answers or {}, keeps_zeros, "municipality" in header, by_body, year)
        located = _locate(records, table, header, log)
        reader = RowReader(header, terms, finder, log, table.misquoted, located, year)
        report = _read_records(records, table, header, reader, on_progress, log)
        described = describe_columns(table, header.position, chosen, is_place)
        return replace(report, columns=guess_fields(described, gazetteer))
    except RefusedFileError as refusal:
        return refuse(refusal, log, guess_fields(refusal.columns, gazetteer))


def _tell_places(gazetteer: Gazetteer) -> IsPlace:
    def is_place(text: str) -> bool:
        match = gazetteer.index.find(text[:MAX_NAME])
        return match.code is not None or bool(match.candidates)

    return cache(is_place)


def _open(
    data: bytes, wanted: str, chosen: Chosen, is_place: IsPlace, log: MessageLog, on_progress: Progress
) -> tuple[Sheet, Header]:
    """Return the sheet to read and its header."""
    kind = find_kind(data)
    if kind in (Kind.WORKBOOK, Kind.OPENDOCUMENT):
        book = Workbook(data, on_progress) if kind is Kind.WORKBOOK else OpenDocument(data)
        sheet = _choose_sheet(book, wanted, chosen, is_place, log)
    elif kind is Kind.GEOGRAPHY:
        sheet = read_geography(data)
    else:
        sheet = read_delimited(data, partial(score_records, chosen=chosen))
    header = find_header(sheet, chosen, is_place)
    if header is None:
        raise refuse_header(sheet, chosen)
    for line, text, suggestion in sheet.warnings:
        log.warning(line, "", "", text, suggestion)
    if header.position:
        log.warning(header.line, "", "", said("header_line", line=header.line), said("fine_if_title"))
    return sheet, header


def _choose_sheet(
    workbook: Workbook | OpenDocument, wanted: str, chosen: Chosen, is_place: IsPlace, log: MessageLog
) -> Sheet:
    """Return the sheet of a name, or the one whose header names most fields; `sheets` are those with anything in them.

    RefusedFileError if there is no sheet of that name.
    """
    heads: dict[str, Sheet] = {}  # by part of the archive: a hundred sheets may share one
    for entry in workbook.entries[:MAX_SHEETS]:
        if entry.path not in heads:
            heads[entry.path] = workbook.read_sheet(entry, only_first=True)
    filled = [entry for entry in workbook.entries[:MAX_SHEETS] if heads[entry.path].records]
    names = tuple(entry.name for entry in filled)
    if wanted and wanted not in names:
        raise RefusedFileError(said("no_such_sheet", sheet=wanted), said("sheets", names="; ".join(names)))
    if not filled:
        return Sheet([], 0)

    def merit(entry: SheetEntry) -> tuple[bool, int]:
        found = find_header(heads[entry.path], chosen, is_place)
        return bool(found), len(found.positions) if found else score_records(heads[entry.path].records, chosen)

    best = next(entry for entry in filled if entry.name == wanted) if wanted else max(filled, key=merit)
    # The further sheets of our own files only explain the first, so there is no warning about them.
    others = [name for name in names if name != best.name and name not in ASIDE_SHEETS]
    if others and not wanted:
        log.warning(0, "", ", ".join(others), said("sheet_read", sheet=best.name), said("sheet_other"))
    sheet = workbook.read_sheet(best)
    sheet.others = tuple(name for name in names if name not in ASIDE_SHEETS)
    return sheet


def _read_records(
    records: list[Record], sheet: Sheet, header: Header, reader: RowReader, on_progress: Progress, log: MessageLog
) -> IntakeReport:
    if len(records) > MAX_ROWS:
        raise RefusedFileError(said("too_many_rows", n=len(records)), said("split_file"))
    if not sheet.delimiter:
        records = [_keep_under_header(record, header, log) for record in records]
    _check_unnamed(records, header, log)
    filled = [record for record in records if not all(map(is_empty, record[1]))]
    rows, left_out, kept = _read_rows(filled, reader, on_progress)
    # Blank rows are not in the records: they are the missing row numbers up to the last line.
    blank = max(0, sheet.last_line - header.line - len(filled))
    if not rows:
        text = said("nothing_loaded") if filled else said("only_header")
        log.error(header.line, "", "", text, said("correct_errors"))
    return IntakeReport(
        rows=to_frame(rows),
        source_rows=len(filled) + blank,
        rejected=len(filled) - len(rows),
        blank=blank,
        messages=log.close(),
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        sheet=sheet.name,
        sheets=sheet.others,
        headers=header.fields(),
        doubts=log.doubts(),
        kinds=log.kinds(),
        header=tuple(header.texts),
        left_out=tuple(left_out),
        extra=_read_extra(header, kept),
        lines=tuple(line for line, _ in kept),
    )


def _locate(records: list[Record], sheet: Sheet, header: Header, log: MessageLog) -> Mapping[int, Place]:
    """Return the places of the records by line, from their geometries or coordinates, where no column names them."""
    if any(name in header for name in PLACE_FIELDS):
        return {}
    if sheet.geometries is not None:
        return dict(zip((line for line, _ in records), place_geometries(sheet.geometries), strict=True))
    if not has_coordinates(header):
        return {}
    places, told = read_coordinates(records[:MAX_ROWS], header.positions, header.texts)
    for text in told:
        log.warning(header.line, "", "", text)
    return places


def _keeps_zeros(records: list[Record], header: Header) -> bool:
    """Tell whether the codes of `places` still have their leading zeros: one has, or the file is one of our own."""
    at = header.positions.get("places")
    if at is None or set(COLUMNS) <= set(header.texts):
        return True
    texts = (cell for cell in cells_of(records, at) if isinstance(cell, str))
    return any(part.startswith("0") for text in texts for part in split_list(text))


def _find_year(
    records: list[Record], header: Header, gazetteer: Gazetteer, log: MessageLog, declared: int | None
) -> int | None:
    """Return the year of the file's places: declared, or the one of all its rows, or guessed from its codes.

    It is said how many codes fit it.
    """
    if declared is None and (dated := header.positions.get("places_date")) is not None:
        dates = [clean_text(cell) for cell in cells_of(records, dated)]
        years = {day[:4] for day in dates}
        known = [year for year in gazetteer.years.years if years == {str(year)}]
        declared = known[0] if all(map(is_year_or_day, dates)) and known else None
    at = header.positions.get("istat_code")
    if at is None:
        return declared
    texts = (str(cell) for cell in cells_of(records, at) if cell is not None)
    bare = (to_bare_code(part) for text in texts for part in split_list(text))
    codes = Counter(code.zfill(6) for code in bare if 4 <= len(code) <= 6 and code.isdigit())
    found = gazetteer.years.count(codes, declared) if declared else gazetteer.years.guess(codes.elements())
    if found is None:
        return None
    counts = {"year": found.year, "n": found.n_fitting, "total": found.n_codes, "today": found.n_today}
    if declared is None:
        log.warning(0, header.texts[at], "", said("codes_of_year", **counts), said("carried_to_today"))
    elif found.n_fitting < found.n_codes:
        log.warning(0, header.texts[at], "", said("codes_not_of_year", **counts))
    return found.year


def _read_rows(
    records: list[Record], reader: RowReader, on_progress: Progress
) -> tuple[list[Row], list[tuple[int, tuple[str, ...]]], list[Record]]:
    """Return the canonical rows, the rejected records as written, and the records that became rows."""
    reader.reserve_ids(records)
    rows: list[Row] = []
    left_out: list[tuple[int, tuple[str, ...]]] = []
    kept: list[Record] = []
    for at, record in enumerate(records):
        if at % _ROWS_PER_STEP == 0:
            on_progress(_OPENED + (1 - _OPENED) * at / len(records))
        row = reader.read(record)
        if row is None:
            line, cells = record
            left_out.append((line, tuple("" if cell is None else str(cell)[:MAX_CELL_CHARACTERS] for cell in cells)))
        else:
            rows.append(row)
            kept.append(record)
    on_progress(1.0)
    return rows, left_out, kept


def _read_extra(header: Header, kept: list[Record]) -> Mapping[str, tuple[str, ...]]:
    """Return the named columns that fill no field, as text: name → one value for each row, in their order."""
    used = set(header.positions.values())
    known = {*ALL_COLUMNS, *READABLE_COLUMNS}
    return {
        text: tuple(clean_text(cell)[:MAX_CELL_CHARACTERS] for cell in cells_of(kept, at))
        for at, text in enumerate(header.texts)
        if text and at not in used and text not in known
    }


def _keep_under_header(record: Record, header: Header, log: MessageLog) -> Record:
    """Return a record of a workbook without the cells to the right of the table."""
    line, cells = record
    width = len(header.texts)
    if len(cells) <= width:
        return record
    if any(not is_empty(cell) for cell in cells[width:]):
        beside = " | ".join(shorten(str(cell)) for cell in cells[width:] if not is_empty(cell))
        log.warning(line, "", beside, said("beside"))
    return line, cells[:width]


def _check_unnamed(records: list[Record], header: Header, log: MessageLog) -> None:
    """Report each column with values but without a header."""
    for at in [at for at, text in enumerate(header.texts) if not text]:
        first = next((line for line, cells in records if at < len(cells) and not is_empty(cells[at])), 0)
        if first:
            log.warning(first, "", "", said("unnamed", n=at + 1), said("name_it"))
