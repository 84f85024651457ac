"""Whatever the bytes and whatever the table, a report comes back and its figures add up.

ATLAS_EXAMPLES multiplies the number of examples: 1 is for every day, 50 for before a release.
"""

import csv
import io
import os
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas.base.columns import COLUMNS
from atlas.catalogue.catalogue import build_catalogue
from atlas.intake.reader import read_upload
from tests.factories import real_territory, real_vocabulary
from tests.unit.intake.workbooks import HEADER, make_raw_xlsx, make_xlsx

EXAMPLES = int(os.environ.get("ATLAS_EXAMPLES", "1"))
SEVERAL = settings(
    max_examples=40 * EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
FEW = settings(SEVERAL, max_examples=15 * EXAMPLES)

STARTS = st.sampled_from(
    [
        b"", b"PK\x03\x04", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"sep=;\n",
        b"titolo;codice_istat\n", b'titolo,comune\n"', b"titolo\tcomune\tanno\timporto\r\n", b"titolo|places\n",
    ]
)  # fmt: skip
NASTY = st.sampled_from(
    [
        "", "None", "NA", "001272", "1272", "1272.0", "Torino", "Castro", "IT", "080", "=1+1", "'=x", "1.234,56",
        "n.d.", "31/12/2020", "44196", "housing", "Casa; boh", "-", '"', "a\nb", ";", "{{ 7*7 }}", "x" * 300,
        "\u202e", "#N/A",
    ]
)  # fmt: skip
CELLS = st.one_of(NASTY, st.text(max_size=12))
NAMES = st.sampled_from([*COLUMNS, "titolo", "comune", "provincia", "regione", "codice_istat", "anno", "importo", "x"])
TYPED = st.one_of(st.none(), st.integers(), st.floats(allow_infinity=False), st.datetimes(), st.booleans())


def read_and_check(data, name, **settled):
    """Whatever happens to the machine meanwhile, no file takes more than two seconds of processor."""
    started = time.process_time()
    report = read_upload(data, name, **settled)
    assert time.process_time() - started < 2
    assert report.source_rows == report.loaded + report.rejected + report.blank
    assert (report.verdict == "refuse") == (report.loaded == 0)
    assert report.rows["id"].is_unique
    assert tuple(report.rows.columns) == COLUMNS
    if report.loaded:
        build_catalogue(report.rows, real_territory(), real_vocabulary())


@SEVERAL
@given(STARTS, st.binary(max_size=300))
def test_any_bytes(start, rest):
    read_and_check(start + rest, "a.csv")


@st.composite
def tables(draw):
    names = ["titolo", "codice_istat", *draw(st.lists(NAMES, max_size=6))]
    rows = draw(st.lists(st.lists(CELLS, min_size=len(names), max_size=len(names)), max_size=6))
    return [draw(st.permutations(names)), *rows]


@SEVERAL
@given(tables(), st.sampled_from(";,\t|"), st.sampled_from(["utf-8-sig", "utf-16", "cp1252"]))
def test_any_table_as_text(table, delimiter, encoding):
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(table)
    read_and_check(stream.getvalue().encode(encoding, errors="replace"), "a.csv")


@FEW
@given(tables(), st.lists(TYPED))
def test_any_table_as_workbook(table, typed):
    rows = [[_printable(cell) for cell in row] for row in table]
    read_and_check(make_xlsx([*rows, typed]), "a.xlsx")


@FEW
@given(st.integers(min_value=0), st.binary(min_size=1, max_size=30))
def test_a_damaged_workbook(position, noise):
    data = bytearray(make_raw_xlsx(HEADER))
    at = position % len(data)
    data[at : at + len(noise)] = noise
    read_and_check(bytes(data), "a.xlsx")


@SEVERAL
@given(st.text(alphabet="<>/crvist=\"'&;0123456789AXFD !-[]? ", max_size=80))
def test_any_xml_in_a_sheet(xml):
    read_and_check(make_raw_xlsx(HEADER + xml), "a.xlsx")


SETTLED = st.dictionaries(st.tuples(NAMES, CELLS), st.one_of(CELLS, st.sampled_from(["058091", "housing", "IT"])))


@FEW
@given(tables(), st.dictionaries(st.one_of(NAMES, CELLS), st.one_of(NAMES, st.just(""))), SETTLED)
def test_any_table_whatever_somebody_said_of_it(table, columns, answers):
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows(table)
    read_and_check(stream.getvalue().encode("utf-8", errors="replace"), "a.csv", columns=columns, answers=answers)


def _printable(cell):
    return "".join(char for char in cell if char.isprintable() and not "\ud800" <= char <= "\udfff")
