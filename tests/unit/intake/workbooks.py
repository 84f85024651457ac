"""Workbooks made by hand, part by part, for what no library would write."""

import zipfile
from io import BytesIO

from openpyxl import Workbook

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def make_xlsx(*sheets, names=("Foglio1", "Foglio2", "Foglio3"), hidden=()):
    """A workbook as openpyxl writes it; a sheet is a list of rows, a cell is a value or None."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in zip(names, sheets, strict=False):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def make_raw_xlsx(sheet_xml, strings="", head="", strict=False, extra=None):
    """A workbook with one sheet whose `sheetData` is given as XML; `head` goes before the root of the sheet."""
    main, office = (_STRICT, _STRICT_OFFICE) if strict else (_MAIN, _OFFICE)
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Dati" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}"><sheetData>{sheet_xml}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
    }
    return make_zip(parts | (extra or {}))


def make_zip(parts, method=zipfile.ZIP_DEFLATED):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def inline(reference, text):
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{inline("A1", "titolo")}{inline("B1", "codice_istat")}</row>'
