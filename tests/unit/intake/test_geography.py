"""Geography files and tables of coordinates: a point becomes its municipality, an area those that it covers."""

import json
import time
import zipfile
from io import BytesIO

import geopandas
import numpy as np
import pytest
from shapely import Point, box

from atlas.intake.reader import read_upload
from atlas.territory.points import place_points
from tests.unit.intake.told import tell

CREMA, LODI, BARI = (9.6876, 45.3623), (9.5033, 45.3097), (16.8719, 41.1171)


def places(report):
    return list(report.rows["places"])


def frame(points=(CREMA, BARI), crs=4326):
    titles = [f"Iniziativa {n}" for n in range(len(points))]
    return geopandas.GeoDataFrame({"titolo": titles}, geometry=[Point(one) for one in points], crs=crs)


def to_bytes(table, driver, tmp_path):
    if driver == "zip":
        table.rename(columns={"titolo": "titolo"}).to_file(tmp_path / "a.shp", encoding="utf-8")
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in tmp_path.glob("a.*"):
                archive.write(part, part.name)
        return stream.getvalue()
    path = tmp_path / "a.dat"
    table.to_file(path, driver=driver)
    return path.read_bytes()


@pytest.mark.parametrize("driver", ["GeoJSON", "GPKG", "zip"])
@pytest.mark.parametrize("crs", [4326, 32632])
def test_points_of_a_geography_file_become_their_municipalities(driver, crs, tmp_path):
    if driver == "GeoJSON" and crs != 4326:
        pytest.skip("GeoJSON is always in degrees")
    report = read_upload(to_bytes(frame().to_crs(crs), driver, tmp_path), "a")
    assert (places(report), report.rejected) == (["019035", "072006"], 0), tell(report)


def test_an_area_is_what_it_covers_and_a_sliver_does_not_count(tmp_path):
    municipality = box(CREMA[0] - 0.005, CREMA[1] - 0.005, CREMA[0] + 0.005, CREMA[1] + 0.005)
    table = geopandas.GeoDataFrame({"titolo": ["a"]}, geometry=[municipality], crs=4326)
    assert places(read_upload(to_bytes(table, "GeoJSON", tmp_path), "a")) == ["019035"]


def test_names_in_the_properties_win_over_geometry(tmp_path):
    table = frame(((9.0, 45.0),)).assign(comune="Crema", provincia="CR")
    assert places(read_upload(to_bytes(table, "GeoJSON", tmp_path), "a")) == ["019035"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titolo;lat;lon\na;{lat};{lon}\n", ""),
        ("titolo;latitudine;longitudine\na;{comma_lat};{comma_lon}\n", ""),
        ("titolo;geo_point\na;{lat}, {lon}\n", ""),
        ("titolo;WKT\na;POINT ({lon} {lat})\n", ""),
        ("titolo;lat;lon\na;{lon};{lat}\n", "scambiate"),
    ],
)
def test_coordinates_of_a_table(text, said):
    lon, lat = map(str, CREMA)
    filled = text.format(lat=lat, lon=lon, comma_lat=lat.replace(".", ","), comma_lon=lon.replace(".", ","))
    report = read_upload(filled.encode(), "a")
    assert places(report) == ["019035"] and said in tell(report)


@pytest.mark.parametrize("system", [32632, 32633, 3003, 3004])
def test_metres_count_in_the_system_that_is_named(system):
    ((x, y),) = [(p.x, p.y) for p in geopandas.GeoSeries([Point(CREMA)], crs=4326).to_crs(system)]
    report = read_upload(f"titolo;x_{system};y_{system}\na;{x:.1f};{y:.1f}\n".encode(), "a")
    assert places(report) == ["019035"] and str(system) in tell(report)
    column = read_upload(f"titolo;x;y;epsg\na;{x:.1f};{y:.1f};EPSG:{system}\n".encode(), "a")
    assert places(column) == ["019035"]
    refused = read_upload(f"titolo;x;y\na;{x:.1f};{y:.1f}\n".encode(), "a")
    assert refused.verdict == "refuse" and "32632" in tell(refused)


def test_a_point_at_sea_is_the_nearest_municipality_or_none_with_its_distance():
    report = read_upload(b"titolo;lat;lon\na;45.70;13.68\nb;39.5;15.0\nc;;\nd;nan;inf\ne;1e300;7\n", "a")
    assert report.loaded + report.rejected == 5 and report.rejected >= 4
    assert "62,4 km" in tell(report) and "non ci sono coordinate" in tell(report)
    near = place_points([12.2358], [41.7250])[0]  # off the beach of Rome
    assert (near.codes and 0 < near.metres < 2_000) or near.metres == 0


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [1e308, 5]},
        {"type": "Polygon", "coordinates": []},
    ],
)
def test_a_geometry_that_is_none_keeps_only_its_row_out(geometry):
    point = {"type": "Point", "coordinates": [*CREMA, 12.0]}
    features = [
        {"type": "Feature", "geometry": one, "properties": {"titolo": "<b>=a</b>", "altro": {"x": [1]}}}
        for one in (point, geometry)
    ]
    report = read_upload(json.dumps({"type": "FeatureCollection", "features": features}).encode(), "a")
    assert (places(report), report.rejected) == (["019035"], 1), tell(report)


@pytest.mark.parametrize(
    "data",
    [
        b'{"type": "FeatureCollection", "features": [',
        b'{"type": "FeatureCollection"}',
        b'{"type":"Feature"' + b"[" * 90_000,
    ],
    ids=["truncated", "no features", "bottomless"],
)
def test_a_broken_geography_file_is_refused_with_a_sentence(data):
    report = read_upload(data, "a")
    assert report.verdict == "refuse" and tell(report)


def test_a_zipped_shapefile_with_something_else_in_it_is_refused(tmp_path):
    data = to_bytes(frame(), "zip", tmp_path)
    stream = BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("virus.exe", "x")
    assert read_upload(stream.getvalue(), "a").verdict == "refuse"


def test_fifty_thousand_points_are_placed_in_seconds():
    random = np.random.default_rng(7)
    place_points([CREMA[0]], [CREMA[1]])
    started = time.process_time()
    found = place_points(random.uniform(8, 12, 50_000), random.uniform(44.5, 46, 50_000))
    assert time.process_time() - started < 20 and sum(bool(one.codes) for one in found) > 45_000
