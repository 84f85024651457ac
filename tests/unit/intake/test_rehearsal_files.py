import csv
import json
from datetime import date
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from atlas.base.columns import DATA_SHEET, REJECTED_SHEET
from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.catalogue.source.bundle import published_world
from atlas.intake.reader import read_upload
from atlas.intake.rehearsal import Look, Rehearsal
from atlas.intake.rehearsal_files import about_correction, from_choices, rejected_rows, to_choices, to_report_csv
from atlas.publish.export import to_xlsx

WORDS = translator(Language.IT)
FILE = b"titolo;comune;tema\n=1+1;Nonesiste;=cmd\nb;Roma;Casa\n"
ANSWERS = {("municipality", "Castro"): "016065"}


def test_the_report_holds_figures_and_every_message_and_runs_nothing():
    report = read_upload(FILE, "a.csv")
    rows = list(csv.reader(StringIO(to_report_csv(report, WORDS).decode("utf-8-sig")), delimiter=";"))
    assert [row[3] for row in rows[1:5]] == ["2", "1", "1", "0"]
    assert len(rows) == 5 + len(report.messages)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_the_corrected_file_loses_no_row_and_reads_back():
    report = read_upload(FILE, "a.csv")
    rehearsal = Rehearsal(report, published_world())
    about = about_correction("a.csv", report, ANSWERS, WORDS)
    data = to_xlsx(
        rehearsal.catalogue(Look.ALONE),
        published_world(),
        about,
        date(2026, 1, 1),
        rejected=rejected_rows(report, WORDS),
    )
    book = load_workbook(BytesIO(data))
    rejected = list(book[REJECTED_SHEET].iter_rows(values_only=True))
    assert rejected[0] == ("Riga", "Che cosa non va", "titolo", "comune", "tema")
    assert rejected[1][0] == "2" and rejected[1][2:] == ("'=1+1", "Nonesiste", "'=cmd")
    assert book[DATA_SHEET].max_row == 2
    again = read_upload(data, "b.xlsx")
    assert again.verdict == "accept"
    assert again.rows.equals(report.rows)


def test_choices_come_back_as_they_were_saved():
    columns = {"Che cosa": "title_it", "Boh": ""}
    assert from_choices(to_choices(columns, ANSWERS)) == (columns, ANSWERS)


def test_a_field_that_does_not_exist_is_dropped():
    document = json.loads(to_choices({"a": "title_it", "b": "nothing", "c": 3}, {}))
    assert from_choices(json.dumps(document).encode()) == ({"a": "title_it"}, {})


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{}", b"\xff\xfe", b'{"kind": "atlas-choices"}', b"titolo;comune\n", b"[" * 100_000,
        b'{"kind": "atlas-choices", "columns": {}, "answers": [1]}', b" " * 300_000,
        b'{"kind": "atlas-choices", "columns": {}, "answers": [{"field": [], "value": "", "code": ""}]}',
    ],
)  # fmt: skip
def test_any_other_file_is_refused(data):
    with pytest.raises(ValueError):
        from_choices(data)
