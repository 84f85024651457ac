"""OpenDocument sheets: what a person sees is read, and a sheet is measured before the library opens it."""

import time

import pytest

from atlas.intake.cells.report import Verdict
from atlas.intake.formats import opendocument
from atlas.intake.reader import read_upload
from tests.unit.intake.workbooks import make_zip

TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def text(value, more=""):
    paragraphs = "".join(f"<text:p>{part}</text:p>" for part in value.split("\n"))
    return f'<table:table-cell office:value-type="string"{more}>{paragraphs}</table:table-cell>'


def number(value):
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>x</text:p></table:table-cell>'


def row(*cells, more=""):
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def make_ods(*tables, names=("Elenco", "Altro"), manifest=""):
    body = "".join(
        f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in zip(names, tables, strict=False)
    )
    book = f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
    content = f"<office:document-content>{book}</office:document-content>"
    return make_zip({"mimetype": TYPE, "content.xml": content, "META-INF/manifest.xml": manifest}, method=0)


HEAD = row(text("titolo"), text("comune"), text("provincia"), text("anno_inizio"), text("codice_istat"))
EMPTY = '<table:table-cell table:number-columns-repeated="16379"/>'
END = row(EMPTY, more=' table:number-rows-repeated="1048570"')
DATE = '<table:table-cell office:value-type="date" office:date-value="2020-03-01"/>'


def test_a_sheet_is_read_as_it_is_seen():
    rows = (
        HEAD
        + row(text("Orto"), text("Roma"), text("RM"), DATE, EMPTY)
        + row(more=' table:number-rows-repeated="2"')
        + row(text("Spesa a &lt;casa&gt;"), EMPTY.replace("16379", "2"), number(2021), number(58091))
        + row(text("Sportello"), text("Crema\nOffanengo"), text("CR"))
        + END
    )
    report = read_upload(make_ods(rows), "a.ods")
    assert (report.source_rows, report.loaded, report.blank) == (5, 3, 2)
    assert report.rows["title_it"].tolist() == ["Orto", "Spesa a <casa>", "Sportello"]
    assert report.rows["places"].tolist() == ["058091", "058091", "019035;019062"]
    assert report.rows["start_year"].tolist() == ["2020", "2021", ""]
    assert report.sheet == "Elenco"


def test_the_sheet_with_the_headers_is_chosen_and_another_can_be():
    other = row(text("Totale"), number(3))
    data = make_ods(other, HEAD + row(text("Orto"), text("Roma"), text("RM")), names=("Riepilogo", "L&amp;elenco"))
    report = read_upload(data, "a.ods")
    assert (report.loaded, report.sheet, report.sheets) == (1, "L&elenco", ("Riepilogo", "L&elenco"))
    assert not read_upload(data, "a.ods", sheet="Riepilogo").loaded


def test_a_merged_cell_holds_for_its_rows():
    rows = (
        HEAD
        + row(text("Orto"), text("Roma", ' table:number-rows-spanned="2"'), text("RM"))
        + row(text("Mensa"), "<table:covered-table-cell/>", text("RM"))
    )
    assert read_upload(make_ods(rows), "a.ods").rows["places"].tolist() == ["058091", "058091"]


ROW = row(text("Orto"), text("Roma"), text("RM"))
FAR = '<table:table-cell table:number-columns-repeated="16383"/>'
LONG = ' table:number-rows-repeated="1000000"'


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(row(more=LONG) + row(FAR + text("x")), id="a cell in the last row and column"),
        pytest.param(row(text("x"), more=LONG), id="a million equal rows"),
        pytest.param(row(text("x", ' table:number-columns-repeated="16384"')) * 100, id="wide rows"),
        pytest.param(row(text("x", " a='>' table:number-columns-repeated='16384'"), more=LONG), id="a sign in the way"),
        pytest.param(ROW * 60_000, id="more rows than the limit"),
    ],
)
def test_a_sheet_that_would_fill_the_memory_is_refused(rows, monkeypatch):
    opened = []
    monkeypatch.setattr(opendocument, "CalamineWorkbook", opened)
    start = time.process_time()
    report = read_upload(make_ods(HEAD + rows), "a.ods")
    assert report.verdict is Verdict.REFUSE and report.messages and not opened
    assert time.process_time() - start < 60


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (make_ods(HEAD, manifest="<x><manifest:encryption-data/></x>"), "password_zip"),
        (make_ods("<table:table-row><text:p>"), "damaged"),
        (make_ods(HEAD)[:-40], "damaged"),
        (make_zip({"mimetype": TYPE, "x": ""}, method=0), "zip"),
        (make_ods('<!DOCTYPE x [<!ENTITY a "b">]>' + HEAD), "entities"),
    ],
)
def test_what_cannot_be_read_is_said(data, key):
    report = read_upload(data, "a.ods")
    assert report.verdict is Verdict.REFUSE and report.messages[0].text.key == key
