"""Any assignment of columns to fields, with all sure suggestions accepted: nothing breaks, nothing is lost."""

import random

import pytest

from atlas.intake.cells.gazetteer import bundled_gazetteer
from atlas.intake.columns.headers import FIELDS
from atlas.intake.reader import read_upload
from atlas.territory.places.spelling import fold

COLUMNS = {
    "a": ("Mensa di quartiere", "Spesa a casa", "Sportello, ascolto e cura"),
    "b": ("Crema", "Crema, Offanengo e Madignano", "Provincia di Cremona"),
    "c": ("CR", "Cremona", "N/D"),
    "d": ("019035", "19035", "15"),
    "e": ("Lombardia", "PA Trento", "Italia"),
    "f": ("https://g.example/1", "fonte ignota", "x@y.example"),
    "g": ("dal 2019 al 2020", "1.234,50 €", "centomila"),
    "h": ("anziani", "disocupati", "residenti a Bari"),
    "i": ("45.36", "9.68", "45.36, 9.68"),
    "l": ("Comune di Lodi", "Unione dei Comuni", "Caritas"),
    "m": ("Castro", "Ofanengo", "Paterno"),
}
HEADER = ";".join(COLUMNS)
WORDS = {word for values in COLUMNS.values() for value in values for word in fold(value).split()}


@pytest.mark.parametrize(("seed", "n"), [(20, 200), pytest.param(21, 5_000, marks=pytest.mark.thorough)])
def test_random_assignments_break_nothing_and_invent_no_place(seed, n):
    chance = random.Random(seed)
    gazetteer = bundled_gazetteer()
    names = gazetteer.territory.municipalities["name"]
    n_loaded = 0
    for _ in range(n):
        rows = [[chance.choice(values) for values in COLUMNS.values()] for _ in range(2)]
        data = "\n".join([HEADER, *(";".join(row) for row in rows)]).encode()
        columns = {name: chance.choice(("", *FIELDS)) for name in COLUMNS}
        columns[chance.choice(list(COLUMNS))] = "title_it"
        columns[chance.choice(list(COLUMNS))] += chance.choice(("", "+municipality", "+places"))
        report = read_upload(data, "a", columns=columns)
        accepted = {(doubt.field, doubt.value): doubt.sure for doubt in report.doubts if doubt.sure}
        report = read_upload(data, "a", columns=columns, answers=accepted) if accepted else report
        assert report.source_rows == report.loaded + report.rejected + report.blank
        assert len(report.left_out) == report.rejected
        n_loaded += report.loaded
        for cell in report.rows["places"]:
            for code in cell.split(";"):
                if len(code) == 6 and code != "019035":
                    # Named in the row, letter for letter or but for one; all points are in Crema.
                    assert set(fold(names[code]).split()) & (WORDS | {"offanengo"}), (code, rows, columns)
    assert n_loaded > n / 10
