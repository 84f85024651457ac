"""A list comes with the geography of its own year: the report says which, and a divided municipality is a doubt."""

import pytest

from atlas.base.said import Said
from atlas.intake.reader import read_upload

HEAD = "titolo;codice_istat\n"
OF_2020 = HEAD + "Olbia;090047\nMontecopiolo;041033\nTrapani;081021\nRoma;058091\n"


def told(report, key):
    return [message for message in report.messages if isinstance(message.text, Said) and message.text.key.endswith(key)]


def test_codes_of_another_year_are_said_with_the_share_that_fits():
    report = read_upload(OF_2020.encode(), "a.csv")
    (message,) = told(report, "codes_of_year")
    assert dict(message.text.values) == {"year": 2020, "n": 4, "total": 4, "today": 2}
    assert (message.line, message.column) == (0, "codice_istat")
    assert report.rows["places"].tolist() == ["113017", "099030", "058091"]


def test_a_municipality_that_has_been_divided_since_is_a_doubt_until_somebody_decides():
    report = read_upload(OF_2020.encode(), "a.csv")
    (doubt,) = report.doubts
    assert (doubt.field, doubt.value, doubt.choices) == ("istat_code", "081021", ("081021", "081025"))
    decided = read_upload(OF_2020.encode(), "a.csv", answers={("istat_code", "081021"): "081025"})
    assert "081025" in decided.rows["places"].tolist() and decided.doubts == ()


@pytest.mark.parametrize(
    "rows",
    ["Trapani;081021\nRoma;058091\n", "Olbia;113017\nTrapani;081021\n", "Olbia;090047\nTrapani;081021\nX;099030\n"],
)
def test_a_list_of_after_the_division_has_no_doubt(rows):
    report = read_upload((HEAD + rows).encode(), "a.csv")
    assert report.doubts == () and report.loaded == rows.count("\n")


def test_names_without_codes_have_no_year():
    assert told(read_upload(b"titolo;comune\na;Olbia\n", "a.csv"), "codes_of_year") == []


def test_a_year_that_somebody_gives_goes_before_the_guess():
    data = (HEAD + "Trapani;081021\nRoma;058091\n").encode()
    (doubt,) = read_upload(data, "a.csv", year=2019).doubts
    assert doubt.value == "081021"
    assert read_upload(OF_2020.encode(), "a.csv", year=2022).doubts == ()
    (message,) = told(read_upload(OF_2020.encode(), "a.csv", year=2022), "codes_not_of_year")
    assert dict(message.text.values) == {"year": 2022, "n": 3, "total": 4, "today": 2}


@pytest.mark.parametrize(
    "cell", ["2020", "2019/20", "a.s. 2019/20", "dal 2020 al 2021", "2018-2019-2020", "2.020", 2020]
)
def test_a_column_of_years_loses_nothing(cell):
    report = read_upload(f"titolo;comune;anno_inizio\nMensa;Roma;{cell}\n".encode(), "a.csv")
    assert report.loaded and not report.messages


@pytest.mark.parametrize(
    "cell", ["2020-05-01", "1/3/2020", "marzo 2020", "20200315", "43831", "dal 1/4/2020 al 31/7/2020"]
)
def test_a_column_of_dates_keeps_the_year_and_says_so_once(cell):
    report = read_upload(f"titolo;comune;data_inizio\nMensa;Roma;{cell}\nOrto;Bari;{cell}\n".encode(), "a.csv")
    assert report.loaded == 2 and [message.text.key for message in report.messages] == ["only_year"]


def test_each_row_says_when_its_places_were_valid():
    dated = "titolo;codice_istat;data_dei_luoghi\nA;090047;2020-12-31\nB;058091;31/12/2019\nC;058091;boh\nD;058091;\n"
    report = read_upload(dated.encode(), "a.csv")
    assert report.rows["places_date"].tolist() == ["2020-12-31", "2019", "", "2025"]  # the last: guessed
    assert [message.value for message in told(report, "left_empty")] == ["boh"]


def test_without_a_column_the_date_is_the_year_of_the_codes():
    assert set(read_upload(OF_2020.encode(), "a.csv").rows["places_date"]) == {"2020"}
    assert set(read_upload(OF_2020.encode(), "a.csv", year=2019).rows["places_date"]) == {"2019"}
    assert "places_date" not in read_upload((HEAD + "A;058091\n").encode(), "a.csv").rows


def test_a_list_of_names_is_of_the_year_that_is_said():
    named = b"titolo;comune\nA;Trapani\nB;Roma\n"
    assert set(read_upload(named, "a.csv", year=2022).rows["places_date"]) == {"2022"}
    assert "places_date" not in read_upload(named, "a.csv").rows


@pytest.mark.parametrize(
    "cells", ["comune\nTrapani", "comune\nTrapani, Roma", "luoghi\nTrapani;Roma", "ente\nComune di Trapani"]
)
def test_a_name_that_was_divided_since_the_year_is_a_doubt_as_its_code_is(cells):
    header, cell = cells.split("\n")
    data = f'titolo;{header}\nA;"{cell}"\n'.encode()
    assert read_upload(data, "a.csv").loaded == 1
    report = read_upload(data, "a.csv", year=2019)
    (doubt,) = report.doubts
    assert told(report, "divided_since")
    assert doubt.choices == ("081021", "081025")
    settled = read_upload(data, "a.csv", answers={(doubt.field, doubt.value): "081025"}, year=2019)
    assert "081025" in settled.rows["places"].iloc[0] and not settled.doubts


def test_a_column_of_one_year_is_the_year_of_the_codes():
    report = read_upload(b"titolo;codice_istat;places_date\nA;081021;2020\nB;058091;2020-05-01\n", "a.csv")
    assert [doubt.value for doubt in report.doubts] == ["081021"]
