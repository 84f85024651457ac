"""Reading OpenDocument spreadsheets (.ods) with calamine, which is given one sheet at a time, measured before.

calamine keeps a sheet as a full rectangle: a single cell in the last row and column would take 500 GB and abort the
process. Repeated rows and columns are therefore counted first, and a sheet wider or longer than the limits is refused.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import cached_property
from html import unescape
from io import BytesIO
from zipfile import ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from atlas.base.said import said
from atlas.intake.formats.archive import DAMAGED, Archive, damaged, too_large
from atlas.intake.formats.refusal import RefusedFileError
from atlas.intake.formats.sheet import MAX_COLUMNS, MAX_ROWS, SEARCHED_RECORDS, Cell, Sheet, is_empty
from atlas.intake.formats.sniff import OPENDOCUMENT
from atlas.intake.formats.workbook import MAX_SHEETS, SheetEntry

_SHEET = re.compile(rb"<table:table(?=[\s>]).*?</table:table>", re.DOTALL)
_NAME = re.compile(rb"""\stable:name=(?:"([^"]*)"|'([^']*)')""")
_TAG = re.compile(
    rb"""<(table:table-row|/table:table-row|table:table-cell|table:covered-table-cell)(?=[\s/>])"""
    rb"""((?:[^>"']|"[^"]*"|'[^']*')*+)>"""
)
_COUNT = re.compile(rb"""table:number-(rows|columns)-(repeated|spanned)=["'](\d{1,9})["']""")
_BREAK = re.compile(rb"<text:line-break\s*/>")
_HEAD = b'<?xml version="1.0"?><office:document-content><office:body><office:spreadsheet>'
_TAIL = b"</office:spreadsheet></office:body></office:document-content>"
_MANIFEST = (
    b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    b'<manifest:file-entry manifest:full-path="/" manifest:media-type="' + OPENDOCUMENT + b'"/></manifest:manifest>'
)


class OpenDocument:
    """A spreadsheet whose sheets can be read one by one, like `Workbook`.

    Raises RefusedFileError if the file is damaged, protected or too large.
    """

    def __init__(self, data: bytes) -> None:
        try:
            archive = Archive(data, "content.xml")
            if "META-INF/manifest.xml" in archive.names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise RefusedFileError(said("password_zip"), said("remove_password"))
            self._blocks = [found[0] for found in _SHEET.finditer(archive.read("content.xml"))]
        except DAMAGED as error:
            raise damaged() from error
        if len(self._blocks) > MAX_SHEETS:
            raise too_large()
        self._read: dict[str, Sheet] = {}

    @cached_property
    def entries(self) -> list[SheetEntry]:
        found = [_NAME.search(block, 0, 2_000) for block in self._blocks]
        names = [unescape((one[1] or one[2] or b"").decode("utf-8", "replace")) if one else "" for one in found]
        return [SheetEntry(name, str(at), False) for at, name in enumerate(names)]

    def read_sheet(self, entry: SheetEntry, only_first: bool = False) -> Sheet:
        """Return a sheet; `only_first` keeps at most SEARCHED_RECORDS non-empty records."""
        if entry.path not in self._read:
            self._read[entry.path] = _read_block(self._blocks[int(entry.path)], entry.name)
        sheet = self._read[entry.path]
        return Sheet(sheet.records[:SEARCHED_RECORDS], sheet.last_line, name=entry.name) if only_first else sheet


def _read_block(block: bytes, name: str) -> Sheet:
    sheet = Sheet([], 0, name=name)
    _measure(block, sheet)
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", OPENDOCUMENT)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", _HEAD + _BREAK.sub(b"\n", block) + _TAIL)
    stream.seek(0)
    try:
        rows = CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise damaged() from error
    for line, row in enumerate(rows, start=1):
        cells = [_to_cell(value) for value in row]
        while cells and is_empty(cells[-1]):
            cells.pop()
        if cells:
            sheet.records.append((line, cells))
            sheet.last_line = line
    return sheet


def _measure(block: bytes, sheet: Sheet) -> None:
    """Refuse a sheet whose filled cells span more than the limits; merged cells are added to the sheet."""
    line = column = 0
    times, is_filled = 1, False
    for found in _TAG.finditer(block):
        tag, rest = found[1], found[2]
        counts = {(one[1], one[2]): int(one[3]) for one in _COUNT.finditer(rest)}
        if tag == b"table:table-row":
            times, column, is_filled = counts.get((b"rows", b"repeated"), 1), 0, False
        if tag.endswith(b"cell"):
            column += counts.get((b"columns", b"repeated"), 1)
            is_filled = is_filled or b"office:" in rest
            if b"office:" in rest and column > MAX_COLUMNS:
                raise RefusedFileError(said("columns"), said("remove_columns"))
            if (span := counts.get((b"rows", b"spanned"), 1)) > 1:
                sheet.merged.append((column - 1, line + 1, line + span))
        elif tag.startswith(b"/") or rest.endswith(b"/"):
            line += times
            if is_filled and line > MAX_ROWS + SEARCHED_RECORDS:
                raise RefusedFileError(said("more_rows_sheet"), said("split_file"))


def _to_cell(value: object) -> Cell:
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool | int | datetime | date):
        return value
    return str(value) if isinstance(value, time | timedelta) else None
