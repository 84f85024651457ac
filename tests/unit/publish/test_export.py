import csv
import io
import json
from datetime import date

import geopandas
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from atlas.base.columns import COLUMNS, OPTIONAL_COLUMNS, READABLE_COLUMNS
from atlas.base.model import Language, Selection
from atlas.catalogue.catalogue import build_catalogue
from atlas.catalogue.selection import select
from atlas.catalogue.world import World
from atlas.intake.reader import read_upload
from atlas.publish.export import to_csv, to_geojson, to_xlsx, write_csv
from tests.factories import (
    CATALOGUE,
    make_frame,
    make_row,
    read_initiatives,
    real_territory,
    real_vocabulary,
    small_catalogue,
    small_territory,
    small_vocabulary,
    small_world,
)

DAY = date(2026, 5, 4)
ABOUT = [("Selezione", "Tema: Casa"), ("Come si conta", "=presenza")]


def build(*rows):
    return build_catalogue(make_frame(*rows), small_territory(), small_vocabulary())


def export(catalogue, form, territory=None, vocabulary=None):
    world = World(territory or small_territory(), vocabulary or small_vocabulary(), catalogue)
    if form == "csv":
        return to_csv(catalogue, world)
    return to_xlsx(catalogue, world, ABOUT, DAY)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_real_catalogue_reads_back_equal(form):
    expected = pd.read_csv(CATALOGUE, dtype=str, keep_default_na=False)
    catalogue = read_initiatives(CATALOGUE, real_territory(), real_vocabulary())
    report = read_upload(export(catalogue, form, real_territory(), real_vocabulary()), f"a.{form}")
    assert (report.verdict, report.messages) == ("accept", ())
    assert report.rows.to_dict("records") == expected.to_dict("records")
    assert len(report.rows) == 35


CLEAN = st.text(alphabet="'=+-@＝＠ \t\rabè;,\"\n1.", min_size=1, max_size=12).map(str.strip)
AMOUNTS = st.one_of(
    st.integers(0, 10**12).map(str), st.decimals(0, 10**6, places=3).map(lambda n: f"{n.normalize():f}")
)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@settings(max_examples=25, deadline=None)
@given(CLEAN.filter(bool), CLEAN, AMOUNTS)
def test_awkward_cells_read_back_equal(form, title, summary, amount):
    row = make_row(title_it=f"a {title}", summary_it=summary, lead_organisation=summary, funding_eur=amount)
    data = export(build(row), form)
    read = read_upload(data, "a").rows.iloc[0]
    assert read["title_it"] == " ".join(f"a {title}".split())
    assert read["summary_it"] == read["lead_organisation"] == summary.replace("\r\n", "\n").replace("\r", "\n")
    assert read["funding_eur"] == amount


def test_csv_is_what_italian_excel_opens():
    data = to_csv(build(make_row(funding_eur="1234.5", title_it="Città")), small_world())
    assert data.startswith(b"\xef\xbb\xbfid;title_it;")
    assert data.count(b"\r\n") == data.count(b"\n") == 2
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    assert (row["funding_eur"], row["title_it"], row["places"]) == ("1234,50", "Città", "037006")


def test_equal_cells_and_columns_of_one_name_are_each_written():
    table = pd.DataFrame([["a", 1.5, 1.5], ["a", np.nan, 2.0], ["=b", 1.5, 2.0]], columns=["t", "n", "n"])
    assert write_csv(table, ["n"]).decode("utf-8-sig").split("\r\n") == [
        "t;n;n",
        "a;1,50;1,50",
        "a;;2",
        "'=b;1,50;2",
        "",
    ]


def test_people_find_names_beside_the_codes():
    rows = list(csv.DictReader(io.StringIO(export(small_catalogue(), "csv").decode("utf-8-sig")), delimiter=";"))
    assert [row["place_names"] for row in rows[:3]] == ["Bologna", "Cintura", "Emilia-Romagna"]
    assert (rows[1]["theme_labels"], rows[1]["target_labels"]) == ("Housing; Poverty", "Anziani; Giovani")
    english = to_csv(small_catalogue(), small_world(), Language.EN).decode("utf-8-sig")
    assert "Older people; Young people" in english


def test_a_workbook_has_typed_cells_and_says_what_it_is():
    data = export(build(make_row(funding_eur="1234.5", beneficiaries="30", title_it="=1+1")), "xlsx")
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["iniziative", "leggimi"]
    header, row = book["iniziative"].iter_rows(values_only=True)
    cells = dict(zip(header, row, strict=True))
    assert header == (*COLUMNS, *OPTIONAL_COLUMNS, *READABLE_COLUMNS)
    assert (cells["funding_eur"], cells["beneficiaries"], cells["start_year"]) == (1234.5, 30, 2020)
    assert (cells["places"], cells["title_it"], cells["source_order"]) == ("037006", "'=1+1", None)
    assert all(cell.data_type in ("s", "n") for line in book["iniziative"] for cell in line)
    assert list(book["leggimi"].values) == [("Selezione", "Tema: Casa"), ("Come si conta", "'=presenza")]
    assert book.properties.created.date() == DAY


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_nothing_selected_is_a_header(form):
    nothing = select(small_catalogue(), Selection(text="non esiste"))
    report = read_upload(export(nothing, form), "a")
    assert (report.verdict, report.source_rows) == ("refuse", 0)


def test_geojson_has_a_point_for_each_municipality(tmp_path):
    data = to_geojson(small_catalogue(), small_territory(), ABOUT)
    path = tmp_path / "a.geojson"
    path.write_bytes(data)
    points = geopandas.read_file(path).set_index("istat_code")
    assert points.crs.to_epsg() == 4326
    assert set(points.geom_type) == {"Point"}
    bologna = points.loc["037006"]
    assert (bologna["n_initiatives"], bologna["n_led"]) == (4, 1)
    assert bologna["initiative_ids"] == "bologna;cintura;emilia;tre-citta"
    assert (bologna.geometry.x, bologna.geometry.y) == (11.34, 44.49)
    metadata = json.loads(data)["metadata"]
    assert metadata["Selezione"] == "Tema: Casa"
    assert metadata["not_on_the_map"] == ["italia"]
