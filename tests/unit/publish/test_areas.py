"""The numbers of the map to take away: the same in every format, codes as text, layers that open with the colours."""

import io
import json
import sqlite3
from datetime import date
from functools import cache
from xml.etree import ElementTree

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
import shapely

from atlas.base.i18n import translator
from atlas.base.model import Language, Level
from atlas.catalogue.links import from_query
from atlas.catalogue.selection import select
from atlas.catalogue.world import World
from atlas.indicators.classes import PALETTES
from atlas.publish.areas.csv_types import to_csvt, to_zip
from atlas.publish.areas.layers import LAYERS, areas_geojson, areas_gpkg
from atlas.publish.areas.table import areas_csv, areas_xlsx, at_level, build_area_table
from atlas.publish.areas.writing import publish_areas
from atlas.publish.export import to_csv, to_geojson
from tests import factories

RATE = "level=province&measure=per_million"
ABOUT = (("Selezione", "prova"),)


@cache
def world():
    return World(factories.small_territory(), factories.small_vocabulary(), factories.small_catalogue())


@cache
def shapes():
    """A square for each municipality, side by side, so that neighbours share an edge."""
    places = world().territory.municipalities
    squares = [shapely.box(8 + n, 44, 9 + n, 45) for n in range(len(places))]
    return gpd.GeoDataFrame(places.drop(columns=["lon", "lat"]), geometry=squares, crs="EPSG:4326")


def view_of(query):
    params = dict(pair.split("=") for pair in query.split("&") if pair)
    return from_query(params, world())


def chosen(query):
    view = view_of(query)
    return select(world().catalogue, view.selection), view, world()


def package(query, tmp_path, crs="EPSG:4326"):
    path = tmp_path / "a.gpkg"
    path.write_bytes(areas_gpkg(*chosen(query), shapes(), ABOUT, crs))
    return path


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32632"])
def test_a_package_holds_the_three_levels_with_the_numbers_of_the_map(tmp_path, crs):
    path = package(RATE, tmp_path, crs)
    selected, view, _ = chosen(RATE)
    for level, name in LAYERS.items():
        layer = pyogrio.read_dataframe(path, layer=name)
        shown, table = build_area_table(selected, at_level(view, level), world())
        assert layer.crs == crs
        assert layer["istat_code"].tolist() == table["istat_code"].tolist()
        assert layer["n_initiatives"].tolist() == table["n_initiatives"].tolist()
        # Unknown is empty, not 0.
        assert layer["value"].isna().tolist() == table["is_missing"].tolist() == layer["is_missing"].tolist()
        assert layer["value"].dropna().tolist() == pytest.approx(table["value"].dropna().tolist())
        assert set(layer["level"]) == {str(level)} and set(layer["measure"]) == {str(shown.measure)}
        assert layer.is_valid.all()
    assert pyogrio.read_dataframe(path, layer="about", read_geometry=False).values.tolist() == [list(ABOUT[0])]


def test_larger_areas_are_their_municipalities(tmp_path):
    path = package(RATE, tmp_path)
    parts = shapes().geometry.area.groupby(shapes()["province_code"]).sum()
    drawn = pyogrio.read_dataframe(path, layer="provinces").set_index("istat_code").geometry.area
    assert drawn.to_dict() == pytest.approx(parts.to_dict())


def test_initiatives_are_points_and_those_of_several_municipalities_have_a_footprint(tmp_path):
    path = package("", tmp_path)
    points = pyogrio.read_dataframe(path, layer="initiatives")
    placements = world().catalogue.placements
    assert len(points) == len(placements)
    assert points["istat_code"].str.fullmatch(r"\d{6}").all()
    assert int(points["is_lead"].sum()) == int(placements["is_lead"].sum())
    footprints = pyogrio.read_dataframe(path, layer="footprints").set_index("initiative_id")
    several = placements.groupby("initiative_id", observed=True).size()
    assert footprints["n_municipalities"].to_dict() == several[several > 1].to_dict()
    assert sorted(footprints.loc["tre-citta", "istat_codes"].split(";")) == ["001272", "021008", "037006"]


@pytest.mark.parametrize("query", ["level=region", RATE, "level=municipality&measure=per_million"])
def test_every_layer_opens_in_qgis_with_the_colours_of_the_map(tmp_path, query):
    path = package(query, tmp_path)
    base = sqlite3.connect(path)
    rows = base.execute("SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles").fetchall()
    assert base.execute("SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'").fetchone()
    geometry = dict(base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns").fetchall())
    base.close()
    assert {name: column for name, column, _, _ in rows} == geometry
    for name, _, style, default in rows:
        root = ElementTree.fromstring(style)
        assert default and root.find("renderer-v2").get("type") == "RuleRenderer"
        used = {rule.get("symbol") for rule in root.iter("rule")}
        assert used == {symbol.get("name") for symbol in root.find("renderer-v2/symbols")}, name
        colours = {option.get("value") for option in root.iter("Option") if option.get("name") == "color"}
        light = PALETTES["light"]
        known = [*light["classes"], *(value for value in light.values() if isinstance(value, str))]
        assert colours <= {",".join(str(byte) for byte in bytes.fromhex(one[1:])) + ",255" for one in known}


def test_the_classes_of_a_style_are_those_of_the_map(tmp_path):
    base = sqlite3.connect(package(RATE, tmp_path))
    (style,) = base.execute("SELECT styleQML FROM layer_styles WHERE f_table_name = 'provinces'").fetchone()
    base.close()
    shown, _ = build_area_table(*chosen(RATE))
    tests = [rule.get("filter") for rule in ElementTree.fromstring(style).iter("rule")]
    assert shown.classes.k >= 2
    for bound in shown.classes.bounds[1:]:
        assert sum(f'"value" <= {bound!r} AND ' in test for test in tests) == 2  # plain and hatched
    assert tests[0] == '"is_missing"' and tests[-1] == "ELSE"


def test_the_same_view_gives_the_same_bytes():
    assert areas_gpkg(*chosen(RATE), shapes(), ABOUT) == areas_gpkg(*chosen(RATE), shapes(), ABOUT)


def test_polygons_for_the_web_keep_codes_and_what_is_unknown():
    document = json.loads(areas_geojson(*chosen(RATE), shapes(), ABOUT))
    assert document["metadata"] == dict(ABOUT) and "crs" not in document
    rows = {one["properties"]["istat_code"]: one["properties"] for one in document["features"]}
    assert list(rows) == ["001", "021", "034", "037", "099"]
    assert rows["099"]["value"] is None and rows["099"]["is_missing"] is True
    drawn = [shapely.geometry.shape(one["geometry"]) for one in document["features"]]
    assert all(shapely.is_ccw(shapely.get_exterior_ring(part)) for one in drawn for part in shapely.get_parts(one))


def test_only_the_areas_inside_the_selection_are_there(tmp_path):
    path = package("level=province&region=08", tmp_path)
    assert pyogrio.read_dataframe(path, layer="regions")["istat_code"].tolist() == ["08"]
    assert pyogrio.read_dataframe(path, layer="provinces")["istat_code"].tolist() == ["034", "037", "099"]


def test_a_csv_with_its_types_keeps_codes_as_text_even_where_types_are_guessed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(areas_csv(*chosen(RATE)))
    path.with_suffix(".csvt").write_bytes(to_csvt(areas_csv(*chosen(RATE))))
    read = pyogrio.read_dataframe(path, AUTODETECT_TYPE="YES")
    _, table = build_area_table(*chosen(RATE))
    assert read["istat_code"].tolist() == table["istat_code"].tolist()
    assert read["value"].dropna().tolist() == pytest.approx(table["value"].dropna().tolist())
    assert list(read.columns) == [*table.columns, "level", "measure", "rule"]


@pytest.mark.parametrize("detects", ["YES", "NO"])
def test_one_download_has_a_csv_and_its_types_and_gdal_finds_both(tmp_path, detects):
    selected, _, _ = chosen("")
    path = tmp_path / "a.zip"
    path.write_bytes(to_zip("iniziative", to_csv(selected, world())))
    assert path.read_bytes() == to_zip("iniziative", to_csv(selected, world()))
    read = pyogrio.read_dataframe(f"/vsizip/{path}/iniziative.csv", AUTODETECT_TYPE=detects).set_index("id")
    expected = selected.initiatives
    for column in ("places", "lead_place", "places_date"):
        assert read[column].tolist() == expected[column].tolist()
    for column in ("start_year", "funding_eur"):
        assert read[column].fillna(-1).tolist() == expected[column].fillna(-1).tolist()
    assert read["start_year"].notna().any()


def test_words_are_in_the_language_of_the_file(tmp_path):
    row = factories.make_row("miniera", places="119003;015146", places_date="2020")
    here = factories.real_world(row)
    towns = here.territory.municipalities
    squares = shapely.box(towns["lon"], towns["lat"], towns["lon"] + 1e-4, towns["lat"] + 1e-4)
    there = gpd.GeoDataFrame(towns.drop(columns=["lon", "lat"]), geometry=squares, crs="EPSG:4326")
    said = {}
    for language in Language:
        view = from_query({"lang": language, "region": "20"}, here)
        path = tmp_path / f"{language}.gpkg"
        path.write_bytes(areas_gpkg(here.catalogue, view, here, there, ABOUT))
        told = [pyogrio.read_dataframe(path, layer=name)["places_then"] for name in ("initiatives", "footprints")]
        said[language] = {text for column in told for text in column if text}
        points = json.loads(to_geojson(here.catalogue, here.territory, ABOUT, language))["features"]
        assert {one["properties"]["places_then"] for one in points} == {"", *said[language]}
        assert {one["properties"]["titles"] for one in points} == {row[f"title_{language}"]}
    assert said == {
        Language.IT: {"Nel 2020: Carbonia in provincia del Sud Sardegna (codice 111009)."},
        Language.EN: {"In 2020: Carbonia in the province of Sud Sardegna (code 111009)."},
    }


@pytest.mark.parametrize("language", list(Language))
def test_a_workbook_has_the_same_columns_and_says_what_they_are(language):
    say = translator(language)
    data = areas_xlsx(*chosen(RATE), ABOUT, date(2026, 11, 28), say)
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet, notes = book.worksheets
    header, *rows = sheet.iter_rows(values_only=True)
    _, table = build_area_table(*chosen(RATE))
    assert list(header) == [*table.columns, "level", "measure", "rule"]
    assert [row[0] for row in rows] == table["istat_code"].tolist()
    assert [row[header.index("value")] is None for row in rows] == table["is_missing"].tolist()
    said = [row[0] for row in notes.iter_rows(values_only=True)]
    assert say("areas.measure") in said and "low, high" in said


def test_levels_where_a_measure_makes_no_sense_fall_back_to_the_count(tmp_path):
    path = package("level=province&measure=per_100_municipalities", tmp_path)
    assert set(pyogrio.read_dataframe(path, layer="provinces")["measure"]) == {"per_100_municipalities"}
    assert set(pyogrio.read_dataframe(path, layer="municipalities")["measure"]) == {"count"}
    assert at_level(view_of(RATE), Level.REGION).options.level is Level.REGION


def test_a_format_that_does_not_exist_is_no_other():
    with pytest.raises(ValueError, match="parquet"):
        publish_areas("parquet", *chosen(RATE), ABOUT, date(2026, 11, 28))
