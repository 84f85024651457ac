"""The work of reading a workbook is bounded, whatever is inside: counted, not timed."""

import pytest

from atlas.intake.cells.report import Verdict
from atlas.intake.formats import archive, workbook
from atlas.intake.reader import read_upload
from tests.unit.intake.workbooks import inline, make_raw_xlsx

HEADER = f"<row>{inline('A1', 'titolo')}{inline('B1', 'comune')}</row>"
ROWS = f"{HEADER}<row>{inline('A2', 'Orto')}{inline('B2', 'Bari')}</row>"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _book(sheets):
    return {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(f'<sheet name="s{at}" sheetId="{at}" r:id="{relation}"/>' for at, relation in enumerate(sheets, 1))
        + "</sheets></workbook>"
    }


def _relations(n):
    kind = f'Type="{_OFFICE}/worksheet"'
    return {
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(f'<Relationship Id="r{at}" {kind} Target="worksheets/s{at}.xml"/>' for at in range(n))
        + "</Relationships>",
        **{f"xl/worksheets/s{at}.xml": f'<worksheet xmlns="{_MAIN}"><sheetData/></worksheet>' for at in range(n)},
    }


def test_a_part_that_a_thousand_sheets_name_is_looked_at_once(monkeypatch):
    read = archive.Archive.read
    paths = []
    monkeypatch.setattr(archive.Archive, "read", lambda self, path: paths.append(path) or read(self, path))
    report = read_upload(make_raw_xlsx(ROWS, extra=_book(["rId1"] * 1000)), "a.xlsx")
    assert report.loaded == 1
    assert paths.count("xl/worksheets/sheet1.xml") == 2  # its head, and then the whole


def test_more_sheets_than_anybody_reads_are_refused():
    n = workbook.MAX_SHEETS + 1
    report = read_upload(make_raw_xlsx(ROWS, extra=_relations(n) | _book([f"r{at}" for at in range(n)])), "a.xlsx")
    assert report.verdict is Verdict.REFUSE


@pytest.mark.parametrize("value", ["x" * 60, ">" * 60, "&lt;" * 15])
def test_a_tag_with_thousands_of_attributes_is_refused(value):
    attributes = " ".join(f'a{at}="{value}"' for at in range(2_000))
    report = read_upload(make_raw_xlsx(f"<row {attributes}>{inline('A1', 'titolo')}</row>"), "a.xlsx")
    assert report.verdict is Verdict.REFUSE


def test_a_long_text_is_no_long_tag():
    rows = ROWS.replace("Orto", "Orto " + "testo lungo, " * 12_000)
    assert read_upload(make_raw_xlsx(rows), "a.xlsx").source_rows == 1


def test_all_that_is_unpacked_for_a_file_is_counted_together(monkeypatch):
    data = make_raw_xlsx(ROWS)
    assert read_upload(data, "a.xlsx").loaded == 1
    monkeypatch.setattr(archive, "MAX_READ_BYTES", 700)
    assert read_upload(data, "a.xlsx").verdict is Verdict.REFUSE


@pytest.mark.parametrize(
    "marks",
    [
        "<row " + "x" * 3_000_000 + "/>",
        '<row r="' + "1" * 3_000_000 + '"/>',
        "<!-- " + "<row/> " * 400_000 + "-->",
        "<?x " + "<row/> " * 400_000 + "?>",
        "<![CDATA[ " + "<row/> " * 400_000 + "]]>",
    ],
)
def test_a_tag_or_comment_of_megabytes_is_parsed_at_once_or_refused(marks, monkeypatch):
    fed = []

    class Parser(workbook.XMLPullParser):
        def feed(self, data):
            fed.append(len(data))
            super().feed(data)

    monkeypatch.setattr(workbook, "XMLPullParser", Parser)
    report = read_upload(make_raw_xlsx(HEADER + marks), "a.xlsx")
    assert report.verdict is Verdict.REFUSE
    assert len(fed) < 10


def test_an_archive_of_a_later_version_is_refused():
    data = bytearray(make_raw_xlsx(ROWS))
    entry = data.index(b"PK\x01\x02")
    data[entry + 6] = 143  # the version needed to read it
    report = read_upload(bytes(data), "a.xlsx")
    assert report.verdict is Verdict.REFUSE and report.messages
