"""Merged cells, as offices use them to write a region or a municipality once for several rows."""

import time
from io import BytesIO

import pytest
from openpyxl import Workbook

from atlas.intake.reader import read_upload
from tests.unit.intake.told import tell
from tests.unit.intake.workbooks import HEADER, inline, make_raw_xlsx

HEAD = ["regione", "comune", "titolo"]


def upload(rows, *ranges):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for one in ranges:
        book.active.merge_cells(one)
    stream = BytesIO()
    book.save(stream)
    return read_upload(stream.getvalue(), "unite.xlsx")


def test_a_place_written_once_holds_for_all_its_rows_and_it_is_said():
    rows = [HEAD, ["Lazio", "Roma", "Uno"], [None, None, "Due"], [None, None, "Tre"], ["Puglia", "Bari", "Quattro"]]
    report = upload(rows, "A2:A4", "B2:B4")
    assert report.rows["places"].tolist() == ["058091", "058091", "058091", "072006"]
    assert (report.verdict, report.loaded, report.rejected, report.blank) == ("warn", 4, 0, 0)
    said = [(message.line, message.column, message.value) for message in report.messages]
    assert said == [(2, "regione", "A2:A4 = Lazio"), (2, "comune", "B2:B4 = Roma")]


def test_cells_that_are_only_empty_are_not_filled():
    report = upload([HEAD, ["Lazio", "Roma", "Uno"], [None, None, "Due"]])
    assert (report.loaded, report.rejected) == (1, 1)


def test_a_title_over_the_table_and_a_header_of_two_lines_are_left_alone():
    report = upload([["Elenco", None, None], HEAD, ["Lazio", "Roma", "Uno"]], "A1:C1")
    assert report.loaded == 1 and "unite" not in tell(report)
    report = upload([HEAD, [None, None, None], ["Lazio", "Roma", "Uno"]], "A1:A2", "B1:B2", "C1:C2")
    assert report.loaded == 1 and report.rejected == 0


def test_a_block_fills_its_first_column_and_blank_rows_stay_blank():
    rows = [HEAD, ["Lazio", "Roma", "Uno"], [None, "x", None], [None, None, None], ["Puglia", "Bari", "Due"]]
    report = upload(rows, "A2:A4")
    assert (report.loaded, report.rejected, report.blank) == (2, 1, 1)


@pytest.mark.parametrize("reference", ["", "A1", "B2:B1", "B9999999:B2", "é", "XFD1:XFD1048576", "B2:ZZZ9999999"])
def test_ranges_that_make_no_sense_do_no_harm(reference):
    row = f'<row r="2">{inline("A2", "Uno")}{inline("B2", "058091")}</row><row r="3">{inline("A3", "Due")}</row>'
    tail = f'</sheetData><mergeCells><mergeCell ref="{reference}"/></mergeCells><sheetData>'
    report = read_upload(make_raw_xlsx(HEADER + row + tail), "x.xlsx")
    assert report.source_rows == report.loaded + report.rejected + report.blank == 2


def test_ranges_that_overlap_cost_no_more_than_the_rows():
    rows = "".join(f'<row r="{n}">{inline(f"A{n}", "T")}{inline(f"B{n}", "058091")}</row>' for n in range(2, 12_000))
    merges = "".join(f'<mergeCell ref="B{n}:B1048576"/>' for n in range(2, 30_000))
    data = make_raw_xlsx(f"{HEADER}{rows}</sheetData><mergeCells>{merges}</mergeCells><sheetData>")
    started = time.process_time()
    assert read_upload(data, "x.xlsx").loaded == 11_998
    assert time.process_time() - started < 10
