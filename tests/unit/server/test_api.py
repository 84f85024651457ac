import csv
import io
import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl

import pyogrio
import pytest
from starlette.applications import Starlette

from atlas.base.model import DataError, Fault, Language, Level
from atlas.catalogue.links import from_query
from atlas.catalogue.provenance import Provenance
from atlas.catalogue.selection import select
from atlas.catalogue.source import bundle
from atlas.figures.mapview import build_map_view
from atlas.indicators.ranking import build_ranking
from atlas.publish.export import to_csv
from atlas.server.api import routes
from atlas.server.api.query import LONGEST_QUERY, read_query
from atlas.server.api.shelf import BusyError, Shelf
from tests.asgi import call

APP = Starlette(routes=routes.routes("/atlante"))
QUERIES = [
    "", "theme=housing", "theme=housing,work&target=elderly", "region=08", "place=035", "place=001272", "q=casa",
    "year=unknown&lang=en", "scale=national", "theme=unknown",
]  # fmt: skip


def get(name, query="", method="GET", **headers):
    return call(APP, f"/atlante/api/{name}", query, method, **headers)


def view_of(query):
    """What the page would make of the same parameters, read by the page's own codec."""
    return from_query(dict(parse_qsl(query)), bundle.published_world())


def rows_of(body):
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("query", QUERIES)
def test_the_csv_is_the_download_of_the_page(query):
    view = view_of(query)
    selected = select(bundle.published_catalogue(), view.selection)
    answer = get("initiatives.csv", query)
    assert answer.status == 200
    assert answer.content == to_csv(selected, bundle.published_world(), view.language)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="atlante-iniziative.csv"'


@pytest.mark.parametrize("query", QUERIES)
def test_the_formats_say_the_same(query):
    ids = [row["id"] for row in rows_of(get("initiatives.csv", query).content)]
    document = get("initiatives.json", query).json
    assert [row["id"] for row in document["initiatives"]] == ids
    assert document["meta"]["total"] == document["meta"]["count"] == len(ids)
    points = get("initiatives.geojson", query).json
    on_the_map = {id_ for point in points["features"] for id_ in point["properties"]["initiative_ids"].split(";")}
    assert on_the_map | set(points["metadata"]["not_on_the_map"]) == set(ids)


def test_what_the_source_does_not_say_is_null_and_lists_are_lists():
    rows = get("initiatives.json").json["initiatives"]
    assert len(rows) == 35
    frame = bundle.published_catalogue().initiatives
    for row in rows:
        cells = frame.loc[row["id"]]
        assert row["themes"] == cells["themes"].split(";")
        assert (row["funding_eur"] is None) == bool(frame["funding_eur"].isna()[row["id"]])
        assert "" not in row.values()
    assert sum(row["beneficiaries"] is not None for row in rows) == 1


def test_pages_of_the_rows_are_all_the_rows():
    whole = get("initiatives.json").json["initiatives"]
    taken, offset = [], 0
    while offset is not None:
        document = get("initiatives.json", f"limit=10&offset={offset}").json
        taken += document["initiatives"]
        offset = document["meta"]["next_offset"]
    assert taken == whole
    assert get("initiatives.json", "offset=500").json["initiatives"] == []


@pytest.mark.parametrize("rule", ["presence", "share", "lead"])
@pytest.mark.parametrize("measure", ["count", "per_million", "per_100k_target"])
@pytest.mark.parametrize("level", ["region", "province", "municipality"])
def test_indicators_are_the_numbers_of_the_map(level, measure, rule):
    query = f"level={level}&measure={measure}&rule={rule}&target=elderly&region=08,03"
    shown = build_map_view(
        select(bundle.published_catalogue(), view_of(query).selection),
        view_of(query),
        bundle.published_world(),
    )
    document = get("indicators.json", f"{query}&limit=10000").json
    inside = shown.frame[shown.inside]
    assert [row["istat_code"] for row in document["indicators"]] == list(inside.index)
    for row, (_, seen) in zip(document["indicators"], inside.iterrows(), strict=True):
        assert row["n_initiatives"] == seen["n_initiatives"]
        assert row["value"] == (None if seen["is_missing"] else pytest.approx(seen["value"]))
        assert row["is_small"] == seen["is_small"] and row["is_missing"] == seen["is_missing"]
        assert (row["low"] is None) == (rule == "share" or seen["is_missing"])
    assert document["meta"]["counting_rule"]["id"] == rule and document["meta"]["counting_rule"]["description"]
    assert {row["rule"] for row in rows_of(get("indicators.csv", query).content)} == {rule}


def test_the_interval_is_that_of_the_ranking():
    view = view_of("level=region&measure=per_million")
    ranking = build_ranking(
        bundle.published_catalogue(), bundle.bundled_territory(), view.options.rule, view.options.measure, None
    ).frame
    for row in get("indicators.json", "level=region&measure=per_million").json["indicators"]:
        assert [row["low"], row["high"]] == pytest.approx(ranking.loc[row["istat_code"], ["low", "high"]].tolist())


def test_missing_is_null_in_json_and_empty_in_csv_never_zero():
    codes = bundle.bundled_territory().municipalities.query("population != population").index
    assert len(codes) == 3
    query = "level=municipality&measure=per_million"
    by_code = {row["istat_code"]: row for row in get("indicators.json", f"{query}&limit=10000").json["indicators"]}
    cells = {row["istat_code"]: row for row in rows_of(get("indicators.csv", query).content)}
    for code in codes:
        assert by_code[code]["denominator"] is None and by_code[code]["value"] is None and by_code[code]["is_missing"]
        assert cells[code]["denominator"] == cells[code]["value"] == "" and cells[code]["is_missing"] == "true"
    assert by_code["001001"]["value"] == 0


def test_polygons_have_the_numbers_of_the_indicators():
    query = "level=province&measure=per_million&region=20,08"
    rows = {row["istat_code"]: row for row in get("indicators.json", query).json["indicators"]}
    features = get("areas.geojson", query).json["features"]
    assert {"112", "113", "119"} <= rows.keys()
    for feature in features:
        known = {name: value for name, value in feature["properties"].items() if name in rows["112"]}
        assert known == pytest.approx(rows[known["istat_code"]])
        assert feature["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert len(features) == len(rows)


def test_a_package_comes_in_the_coordinates_that_were_asked_for(tmp_path):
    path = tmp_path / "a.gpkg"
    path.write_bytes(get("areas.gpkg", "crs=32632&region=02").content)
    layer = pyogrio.read_dataframe(path, layer="municipalities")
    assert layer.crs == "EPSG:32632" and len(layer) == 74 and layer["istat_code"].iloc[0] == "007001"


@pytest.mark.parametrize("query", ["region=08", "region=08,20", "region=02&lang=en"])
def test_boundaries_are_those_of_the_file(query):
    regions = query.split("&")[0].partition("=")[2].split(",")
    document = get("municipalities.geojson", query).json
    whole = json.loads((bundle.DATA_DIR / "comuni.geojson").read_text(encoding="utf-8"))
    assert document["features"] == [one for one in whole["features"] if one["properties"]["region_code"] in regions]
    assert document["metadata"] == whole["metadata"]


FAULTS = {
    "theme=nonesiste": ("theme", "nonesiste"),
    "theme=housing,x": ("theme", "x"),
    "theme=work,work": ("theme", "work,work"),
    "theme=work&theme=housing": ("theme", None),
    "theme=": ("theme", None),
    "tema=casa": ("tema", "casa"),
    "region=99": ("region", "99"),
    "region=8": ("region", "8"),
    "place=08": ("place", "08"),
    "place=999999": ("place", "999999"),
    "lang=fr": ("lang", "fr"),
    "year=1800": ("year", "1800"),
    "limit=0": ("limit", "0"),
    "limit=10001": ("limit", "10001"),
    "limit=x": ("limit", "x"),
    "offset=-1": ("offset", "-1"),
    "level=region": ("level", "region"),
    "id=x": ("id", "x"),
    "q=" + "a" * 201: ("q", None),
}


@pytest.mark.parametrize("query", FAULTS)
def test_what_is_not_known_is_named_and_not_dropped(query):
    answer = get("initiatives.json", query)
    assert answer.status == 400 and answer.headers["content-type"] == "application/problem+json"
    document = answer.json
    assert document["status"] == 400 and document["title"] == "Bad Request" and document["detail"]
    (fault,) = document["errors"]
    assert (fault["parameter"], fault.get("value")) == FAULTS[query]
    assert fault["parameter"] in fault["detail"]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("indicators.json", "level=municipality&measure=per_100_municipalities"),
        ("indicators.csv", "level=region&measure=per_100k_target"),
        ("indicators.csv", "limit=3"),
        ("areas.gpkg", "crs=3857"),
        ("areas.geojson", "crs=32632"),
        ("municipalities.geojson", ""),
        ("municipalities.geojson", "region=01,02,03,04"),
        ("municipalities.geojson", "theme=housing"),
        ("initiatives.json", "q=%FF"),
        ("initiatives.json", "&".join(f"x{n}=1" for n in range(60))),
    ],
)
def test_what_the_page_would_change_is_refused(name, query):
    assert get(name, query).status == 400


def test_every_fault_is_told_in_the_language_that_was_asked_for():
    faults = get("indicators.json", "theme=x&level=y&lang=en").json["errors"]
    assert [fault["parameter"] for fault in faults] == ["theme", "level"]
    assert (
        faults[1]["detail"] == "the parameter “level” has no value “y”. You can write: region, province, municipality."
    )
    assert faults[1]["allowed"] == ["region", "province", "municipality"]
    assert "non ha il valore" in get("indicators.json", "level=y").json["errors"][0]["detail"]
    it, en = (get("initiatives.json", f"q=%FF{lang}").json for lang in ("", "&lang=en"))
    assert "non si può leggere" in it["errors"][0]["detail"] and "cannot be read" in en["errors"][0]["detail"]
    assert it["detail"] != en["detail"]


def test_a_query_that_is_too_long_is_refused():
    assert get("initiatives.json", "q=" + "a" * LONGEST_QUERY).status == 414


@pytest.mark.parametrize(
    "name", ["initiatives.json", "initiatives.csv", "indicators.csv", "openapi.json", "catalog.jsonld"]
)
def test_what_a_program_has_is_not_sent_again(name):
    first = get(name, accept_encoding="gzip")
    assert first.headers["cache-control"] == "public, max-age=60" and first.headers["content-encoding"] == "gzip"
    plain = get(name)
    assert plain.content == first.content and plain.headers["etag"] == first.headers["etag"]
    for tags in (first.headers["etag"], f'"x", {first.headers["etag"]}', first.headers["etag"].removeprefix("W/"), "*"):
        again = get(name, if_none_match=tags)
        assert (again.status, again.body) == (304, b"") and again.headers["etag"] == first.headers["etag"]
    assert get(name, if_none_match='W/"x"').status == 200


def test_the_mark_depends_on_the_content():
    assert get("initiatives.csv").headers["etag"] != get("initiatives.csv", "theme=housing").headers["etag"]
    assert get("initiatives.csv", "lang=it").headers["etag"] == get("initiatives.csv").headers["etag"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_open_data_can_only_be_read(method):
    answer = get("initiatives.json", method=method)
    assert answer.status == 405 and answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["content-type"] == "application/problem+json"


def test_pages_of_other_sites_may_read_everything_here():
    for answer in (
        get("initiatives.json"),
        get("nope"),
        get("initiatives.json", "x=1"),
        get("initiatives.json", method="POST"),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"
    asked = get("initiatives.json", method="OPTIONS")
    assert asked.status == 204 and "GET" in asked.headers["access-control-allow-methods"]


def test_only_the_head_is_a_head():
    whole, head = get("initiatives.json"), get("initiatives.json", method="HEAD")
    assert head.status == 200 and head.headers["content-length"] == whole.headers["content-length"]


@pytest.mark.parametrize("path", ["/atlante/api", "/atlante/api/", "/atlante/api/x", "/atlante/api/initiatives.json/x"])
def test_another_address_lists_those_that_exist(path):
    answer = call(APP, path)
    assert answer.status == 404 and "initiatives.json" in answer.json["addresses"]


def test_data_that_cannot_be_read_are_said_and_tried_again(monkeypatch, caplog):
    def fail():
        raise DataError([Fault("initiatives.csv", 3, "id", "manca")])

    monkeypatch.setattr(bundle, "published_edition", fail)
    answer = get("initiatives.json")
    assert answer.status == 503 and answer.headers["retry-after"] == "60"
    assert b"riga" not in answer.body and "riga 3" in caplog.text


def test_a_shelf_keeps_what_was_asked_for_last():
    shelf, made = Shelf(room=300), []

    def make(key):
        made.append(key)
        return key.encode() * 100

    for key in ("a", "a", "b", "a", "c", "a"):
        assert shelf.take(key, lambda key=key: make(key)).body == key.encode() * 100
    assert made == ["a", "b", "c"]
    shelf.take("b", lambda: make("b"))
    assert made == ["a", "b", "c", "b"]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: shelf.take(n % 5, lambda: b"x" * 100), range(200)))
    assert 0 < shelf._kept.size <= 300


def test_few_answers_are_computed_at_a_time_and_the_rest_come_back_later():
    shelf, begun, go = Shelf(queue=2), threading.Event(), threading.Event()

    def make():
        begun.set()
        assert go.wait(10)
        return b"x"

    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(shelf.take, "slow", make)
        assert begun.wait(10)
        second = threads.submit(shelf.take, "second", lambda: b"y")
        while shelf._places._value:
            pass
        with pytest.raises(BusyError):
            shelf.take("third", lambda: b"z")
        go.set()
        assert (slow.result().body, second.result().body) == (b"x", b"y")
    assert shelf.take("slow", lambda: b"other").body == b"x"
    assert shelf.take("third", lambda: b"z").body == b"z"


def test_who_comes_too_often_is_told_when_to_come_back(monkeypatch):
    def fail(*_):
        raise BusyError

    monkeypatch.setattr(Shelf, "take", fail)
    answer = get("initiatives.json", "lang=en")
    assert answer.status == 429 and answer.headers["retry-after"] == "5"
    assert "Try again" in answer.json["detail"]


@pytest.mark.parametrize("search", ["%00", "%e2%80%ae", "+" * 50, "%e2%80%8d" * 20])
def test_a_search_that_says_nothing_is_not_a_search_for_everything(search):
    answer = get("initiatives.json", f"q={search}")
    assert answer.status == 400
    assert answer.json["errors"][0]["parameter"] == "q"


@pytest.mark.parametrize("damage", ["cut", "empty", "gone", "one letter"])
def test_damaged_boundaries_are_an_error_at_once_and_right_again_when_mended(monkeypatch, tmp_path, caplog, damage):
    shutil.copytree(bundle.DATA_DIR, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(bundle, "DATA_DIR", tmp_path)
    path = tmp_path / "comuni.geojson"
    whole = path.read_bytes()
    before = get("municipalities.geojson", "region=14")
    assert before.status == 200
    path.unlink()
    if damage != "gone":
        path.write_bytes(
            {"cut": whole[:-500_000], "empty": b"", "one letter": whole.replace(b"Roma", b"Rosa", 1)}[damage]
        )
    for query in ("region=14", "region=02"):  # the first is kept from before, the second is not
        answer = get("municipalities.geojson", query)
        assert answer.status == 503
    assert "comuni.geojson" in caplog.text
    path.write_bytes(whole)
    assert get("municipalities.geojson", "region=14").body == before.body


def test_two_ways_to_say_the_same_are_one_query():
    accepted = ("theme", "q", "lang")
    one = read_query(b"theme=work&q=casa", accepted, bundle.published_world())
    assert one == read_query(b"lang=it&q=%20casa%20&theme=work", accepted, bundle.published_world())
    assert one.view.language is Language.IT and one.view.options.level is Level.MUNICIPALITY


@pytest.mark.parametrize("licence", ["", "CC0"])
def test_the_licence_is_the_one_that_the_published_catalogue_names(monkeypatch, licence):
    assert get("initiatives.json").json["meta"]["licence"] == "CC-BY-4.0"
    monkeypatch.setattr(bundle, "published_provenance", lambda: Provenance(licence=licence))
    app = Starlette(routes=routes.routes())  # with answers of its own
    meta = call(app, "/api/initiatives.json").json["meta"]
    assert (meta["licence"], meta["licence_url"]) == (licence or None, None)
    described = call(app, "/api/openapi.json").json["info"]
    assert described.get("license") == ({"name": "CC0"} if licence else None)
    features = call(app, "/api/initiatives.geojson").content.decode()
    assert "CC-BY-4.0" not in features and "crisi pandemica" not in features
