"""The committed boundary, population, code and map files hold what their documentation promises."""

import csv
import gzip
import json
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from atlas.territory.codes import CodeBook, read_code_changes

DATA = Path(__file__).resolve().parents[2] / "data"
BANDS = ["0-2", "3-5", "6-13", "14-17", "18-34", "35-64", "65-74", "75+"]
WITHOUT_POPULATION = {"081025", "099030", "099031"}
# Why there are so many: tests/data/test_geography_build.py.
MUNICIPALITIES, PROVINCES, REGIONS = 7_894, 110, 20
STILL_ON_THE_MAP = {"split"}
METRIC = "EPSG:32632"


@cache
def geojson_text():
    return (DATA / "comuni.geojson").read_text(encoding="utf-8")


@cache
def document():
    return json.loads(geojson_text())


@cache
def boundaries():
    """The file as a reader of GeoJSON gets it: index istat_code, degrees."""
    shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in document()["features"]])
    return gpd.GeoSeries(shapes, index=list(properties().index), crs="EPSG:4326")


@cache
def properties():
    return pd.DataFrame([feature["properties"] for feature in document()["features"]]).set_index("istat_code")


def read(name):
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# comuni.geojson


def test_every_municipality_of_the_list_once_and_in_order():
    codes = list(properties().index)
    assert len(codes) == MUNICIPALITIES
    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"\d{6}", code) for code in codes)


@pytest.mark.parametrize("path", ["README.md", "publiccode.yml", "data/README.md"])
def test_texts_say_how_many_there_are(path):
    text = (DATA.parent / path).read_text(encoding="utf-8")
    assert f"{MUNICIPALITIES:,}".replace(",", ".") in text
    told = re.findall(r"\b7[.,]\d{3}(?= (?:Comuni|comuni|municipalities))", text)
    assert {number.replace(",", ".") for number in told} <= {f"{MUNICIPALITIES:,}".replace(",", ".")}


def test_every_region_and_province_has_one_name():
    for code, name, count in (("region_code", "region", REGIONS), ("province_code", "province", PROVINCES)):
        assert properties()[code].nunique() == count
        assert len(properties()[[code, name]].drop_duplicates()) == count
    assert (properties()["province_code"] == properties().index.str[:3]).all()


def test_properties_are_the_documented_ones():
    assert list(document()["features"][0]["properties"]) == [
        *["istat_code", "name", "name_other", "province_code", "province", "province_abbr", "region_code", "region"],
        *["macro_area", "nuts3", "belfiore", "is_capital", "population", "area_km2", "lon", "lat"],
    ]


@pytest.mark.parametrize(
    ("code", "column", "value"),
    [
        ("001168", "name", "None"),
        ("063049", "province_abbr", "NA"),
        ("031022", "name", "Savogna d'Isonzo"),
        ("031022", "name_other", "Sovodnje ob Soči"),
        ("021008", "name", "Bolzano"),
        ("021008", "name_other", "Bozen"),
        ("005122", "name", "Moransengo-Tonengo"),
        ("024128", "name", "Sovizzo"),
        ("024129", "belfiore", "M439"),
        ("018094", "name", "Montalto Pavese"),
        ("102017", "name", "Jonadi"),
        ("083100", "name", "Tripi - Abakainon"),
        ("006113", "name", "Murisengo Monferrato"),
        ("113017", "province", "Gallura Nord-Est Sardegna"),
        ("112001", "province_abbr", "SS"),
        ("118006", "is_capital", True),
        ("119003", "is_capital", False),
        ("058091", "is_capital", True),
        ("058001", "is_capital", False),
    ],
)
def test_values_that_usually_break(code, column, value):
    assert properties().loc[code, column] == value


def test_no_name_lost_a_letter():
    assert (
        not properties()
        .map(lambda value: "?" in value or "\ufffd" in value if isinstance(value, str) else False)
        .any(axis=None)
    )


def test_population_is_the_official_one_and_three_are_unknown():
    assert set(properties().index[properties()["population"].isna()]) == WITHOUT_POPULATION
    assert properties()["population"].sum() == 59_019_317


def test_area_is_measured_on_the_ellipsoid_from_the_full_shape():
    assert properties()["area_km2"].sum() == pytest.approx(301_361, abs=1)
    assert properties()["area_km2"].min() > 0
    drawn_km2 = boundaries().to_crs("EPSG:3035").area / 1e6
    assert (drawn_km2 / properties()["area_km2"] - 1).abs().quantile(0.99) < 0.03


def test_the_point_of_every_municipality_is_inside_it():
    points = shapely.points(properties()["lon"], properties()["lat"])
    assert shapely.contains_properly(boundaries().to_numpy(), points).all()


def test_every_geometry_is_valid_after_reading_back():
    shapes = boundaries().to_numpy()
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()
    assert set(boundaries().geom_type) <= {"Polygon", "MultiPolygon"}


def test_the_municipalities_cover_italy_without_gaps_or_overlaps():
    shapes = boundaries().to_numpy()
    assert shapely.coverage_is_valid(shapes)
    parts = shapely.get_parts(shapely.coverage_union_all(shapes))
    holes = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    # The Vatican, San Marino, and the papal estate of Castel Gandolfo.
    assert len(holes) == 3
    assert shapely.contains(holes, shapely.points([[12.4534, 41.9033]])).any()
    assert shapely.contains(holes, shapely.points([[12.4578, 43.9424]])).any()
    assert shapely.contains(holes, shapely.points([[12.6542, 41.7394]])).any()


def test_coordinates_have_at_most_five_decimals():
    coordinates = geojson_text().split('"coordinates":', 1)[1]
    assert re.search(r"\d\.\d{6}", coordinates) is None


def test_rings_turn_as_rfc_7946_says():
    outer = shapely.get_exterior_ring(shapely.get_parts(boundaries().to_numpy()))
    assert shapely.is_ccw(outer).all()


def test_file_size():
    assert (DATA / "comuni.geojson").stat().st_size <= 11_000_000


def test_metadata_says_where_it_comes_from_and_how_far_off_it_is():
    metadata = document()["metadata"]
    assert {"source", "licence", "reference_date", "tolerance_m", "how_built"} <= metadata.keys()
    assert "ISTAT" in metadata["source"]
    assert metadata["displacement_m"]["p99"] <= 50


# population.csv


def test_population_bands_add_up_to_the_population_of_every_municipality():
    frame = pd.read_csv(DATA / "population.csv", dtype={"istat_code": str}).set_index("istat_code")
    assert list(frame.columns) == BANDS
    assert list(frame.index) == list(properties().index)
    assert set(frame.index[frame.isna().any(axis=1)]) == WITHOUT_POPULATION
    pd.testing.assert_series_equal(
        frame.sum(axis=1, min_count=len(BANDS)), properties()["population"], check_names=False, check_dtype=False
    )


# istat_code_changes.csv


def test_no_code_has_two_meanings():
    rows = read("istat_code_changes.csv")
    assert list(rows[0]) == ["old_code", "new_code", "old_name", "kind", "valid_until", "note"]
    assert [row["old_code"] for row in rows] == sorted({row["old_code"] for row in rows})
    current = set(properties().index)
    assert {row["old_code"] for row in rows if row["kind"] not in STILL_ON_THE_MAP}.isdisjoint(current)
    assert {row["old_code"] for row in rows if row["kind"] in STILL_ON_THE_MAP} <= current


def test_every_old_code_leads_to_the_map_in_one_step():
    current = set(properties().index)
    for row in read("istat_code_changes.csv"):
        assert row["new_code"] in current, row
        assert row["valid_until"] == "" or re.fullmatch(r"\d{4}-\d{2}-\d{2}", row["valid_until"]), row


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("005079", "005122"),
        ("024103", "024128"),
        ("041032", "041044"),
        ("041033", "099030"),
        ("104017", "113017"),  # Olbia, province of Olbia-Tempio
        ("015149", "108033"),  # Monza, province of Milano
        ("025052", "030189"),  # Sappada
        ("090047", "113017"),  # Olbia, province of Sassari
        ("111081", "116023"),  # Seui
        ("111089", "119024"),  # Teulada
        ("092009", "118006"),  # Cagliari
        ("111082", "114045"),  # Seulo
        ("111071", "119020"),  # Sant'Antioco comes after Santadi: an apostrophe sorts after letters
        ("018082", "018094"),
        ("024071", "024129"),
    ],
)
def test_known_changes(old, new):
    assert {row["old_code"]: row["new_code"] for row in read("istat_code_changes.csv")}[old] == new


def test_all_of_sardinia_has_its_2026_code():
    codes = properties().index[properties()["region_code"] == "20"]
    counts = {"112": 66, "113": 26, "114": 53, "115": 87, "116": 23, "117": 28, "118": 70, "119": 24}
    assert Counter(code[:3] for code in codes) == counts
    assert {"118055", "118062"}.isdisjoint(codes)
    before = {
        row["new_code"]: row["old_code"] for row in read("istat_code_changes.csv") if row["valid_until"] == "2025-12-31"
    }
    assert before.keys() == set(codes)
    assert {code[:3] for code in before.values()} == {"090", "091", "092", "095", "111"}


def test_residents_of_the_new_provinces_are_those_of_the_old():
    """By province of 2025, ISTAT, 1 January 2022; together they are Sardinia."""
    residents = properties()["population"]
    then = Counter()
    for row in read("istat_code_changes.csv"):
        if row["valid_until"] == "2025-12-31":
            then[row["old_code"][:3]] += int(residents[row["new_code"]])
    assert then == {"090": 476_516, "091": 200_376, "092": 421_688, "095": 151_655, "111": 337_178}
    assert sum(then.values()) == residents[properties()["region_code"] == "20"].sum()


def test_every_code_since_2005_resolves_to_a_municipality_of_today():
    """Those of the table and those of the municipalities suppressed since 1990."""
    book = CodeBook(properties(), read_code_changes(DATA))
    former = [row[column] for row in read("place_names.csv") for column in ("old_code", "old_belfiore") if row[column]]
    old = [row["old_code"] for row in read("istat_code_changes.csv")] + former
    assert len(old) > 1_300
    assert [code for code in old if book.resolve(code).code is None] == []


# areas.csv


def test_the_cremasco_area_has_its_48_municipalities_and_names_the_inferred_ones():
    rows = [row for row in read("areas.csv") if row["area_id"] == "ambito-cremasco"]
    assert len({row["istat_code"] for row in rows}) == len(rows) == 48
    assert {row["istat_code"] for row in rows} <= set(properties().index[properties()["province_code"] == "019"])
    assert sum("inferred" in row["source"] for row in rows) == 6


# map/


def decode(name):
    """Read a topology with nothing of the code that wrote it: {object: GeoSeries by id}, arcs, transform."""
    topology = json.loads((DATA / "map" / name).read_text(encoding="utf-8"))
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    cells = [np.cumsum(arc, axis=0) for arc in topology["arcs"]]

    def ring(numbers):
        lines = [cells[n] if n >= 0 else cells[~n][::-1] for n in numbers]
        for before, after in pairwise(lines):
            assert (before[-1] == after[0]).all()
        points = np.concatenate([lines[0], *(line[1:] for line in lines[1:])])
        assert len(points) >= 4
        assert (points[0] == points[-1]).all()
        return points * scale + origin

    def shape(geometry):
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        parts = [[ring(numbers) for numbers in polygon] for polygon in polygons]
        return shapely.MultiPolygon([shapely.Polygon(outer, inner) for outer, *inner in parts])

    return {
        name: gpd.GeoSeries({one["id"]: shape(one) for one in collection["geometries"]}, crs="EPSG:4326")
        for name, collection in topology["objects"].items()
    }


@cache
def light():
    """The three light levels, decoded."""
    return {**decode("municipalities.topojson"), **decode("outlines.topojson")}


def test_light_layers_have_every_territory_in_order():
    assert list(light()["municipalities"].index) == list(properties().index)
    assert list(light()["provinces"].index) == sorted(properties()["province_code"].unique())
    assert list(light()["regions"].index) == sorted(properties()["region_code"].unique())


def test_outer_rings_turn_clockwise():
    """A reader that draws on the sphere fills the rest of the world otherwise."""
    outer = shapely.get_exterior_ring(shapely.get_parts(light()["regions"].to_numpy()))
    assert not shapely.is_ccw(outer).any()


def test_no_municipality_or_island_is_lost_from_the_light_map():
    full, drawn = boundaries().to_numpy(), light()["municipalities"].to_numpy()
    assert (shapely.get_num_geometries(drawn) == shapely.get_num_geometries(full)).all()
    assert (shapely.area(shapely.get_parts(drawn)) > 0).all()


def test_light_municipalities_are_about_as_large_as_the_full_ones():
    full, drawn = boundaries().to_crs(METRIC).area, light()["municipalities"].to_crs(METRIC).area
    error = (drawn / full - 1).abs()
    assert error.median() < 0.03
    assert error.quantile(0.99) < 0.25
    assert error.max() < 1
    assert drawn.sum() == pytest.approx(full.sum(), rel=0.002)


@pytest.mark.parametrize(("level", "column"), [("provinces", "province_code"), ("regions", "region_code")])
def test_outlines_run_along_the_edges_of_the_municipalities(level, column):
    """Same area as their municipalities, and no line that is not an edge of one of them."""
    parts = light()["municipalities"].to_crs(METRIC).area.groupby(properties()[column].to_numpy()).sum()
    # Not exact: an islet smaller than the grid is drawn as a triangle, and so is an enclave.
    np.testing.assert_allclose(light()[level].to_crs(METRIC).area, parts.loc[light()[level].index], rtol=3e-4)
    assert edges(light()[level]) <= edges(light()["municipalities"])


def edges(layer):
    """Every straight piece of the boundaries, whichever way it is walked."""
    found = set()
    for ring in shapely.get_rings(shapely.get_parts(layer.to_numpy())):
        points = [tuple(point) for point in shapely.get_coordinates(ring).round(7).tolist()]
        found |= {(a, b) if a < b else (b, a) for a, b in pairwise(points)}
    return found


def test_files_for_the_screen_stay_light():
    packed = [len(gzip.compress(file.read_bytes(), 9)) for file in sorted((DATA / "map").iterdir())]
    assert len(packed) == 2
    assert sum(packed) <= 430_000
