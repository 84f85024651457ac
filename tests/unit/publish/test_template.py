from io import BytesIO

import pytest
from openpyxl import load_workbook

from atlas.base.columns import DATA_SHEET, LISTS_SHEET, README_SHEET
from atlas.base.i18n import translator
from atlas.base.model import Language
from atlas.intake.reader import read_upload
from atlas.publish.template import COLUMNS, build_template
from tests.factories import real_vocabulary

LANGUAGES = pytest.mark.parametrize("language", list(Language))


def template(language):
    return load_workbook(BytesIO(build_template(real_vocabulary(), translator(language))))


def filled(book, *rows):
    for line, cells in enumerate(rows, start=2):
        for field, value in cells.items():
            at = next(at for at, column in enumerate(COLUMNS, start=1) if column.field == field)
            book[DATA_SHEET].cell(line, at, value)
    stream = BytesIO()
    book.save(stream)
    return read_upload(stream.getvalue(), "modello.xlsx")


@LANGUAGES
def test_a_blank_template_has_no_rows_and_nothing_else_to_say(language):
    report = filled(template(language))
    assert [message.text.key for message in report.messages] == ["only_header"]
    assert set(report.headers.values()) == {column.field for column in COLUMNS}


@LANGUAGES
def test_every_choice_of_the_lists_is_understood(language):
    book = template(language)
    fields = [column.field for column in COLUMNS]
    validations = {str(v.sqref).split("2:")[0]: v for v in book[DATA_SHEET].data_validations.dataValidation}
    for column in book[LISTS_SHEET].iter_cols(values_only=True):
        field = fields[[c.header(language) for c in COLUMNS].index(column[0])]
        validation = validations[book[DATA_SHEET].cell(1, fields.index(field) + 1).column_letter]
        assert validation.formula1.endswith(f"${len(column) - list(column).count(None)}")
        choices = list(filter(None, column[1:]))
        rows = [{"title_it": f"a {n}", "istat_code": "015146", field: choice} for n, choice in enumerate(choices)]
        report = filled(template(language), *rows)
        assert report.verdict == "accept", (field, report.messages)
        assert len(report.rows) == len(choices) == report.rows[field].str.len().gt(0).sum()


def test_a_code_keeps_its_zeros():
    assert template(Language.IT)[DATA_SHEET]["C2"].number_format == "@"


@LANGUAGES
def test_the_readme_says_what_goes_into_each_column(language):
    lines = list(template(language)[README_SHEET].iter_rows(values_only=True))
    assert [line[0] for line in lines[1:]] == [column.header(language) for column in COLUMNS]
    assert all(line[1] for line in lines)
