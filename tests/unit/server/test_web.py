import json
import logging
import re

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from atlas.base import settings
from atlas.base.i18n import translator
from atlas.base.model import DataError, Fault, Language
from atlas.catalogue.source import bundle
from atlas.figures import map_files
from atlas.figures.maps import build_base_map
from atlas.figures.marks import RADII
from atlas.indicators.classes import PALETTES
from atlas.server import middleware
from atlas.server import routes as web
from atlas.server.api import routes as api
from atlas.ui.session.streamlit_private import STREAMLIT
from tests.asgi import call
from tests.factories import real_territory

pytestmark = pytest.mark.fast

GEOMETRY = ("names", "outlines", "municipalities")


def _answer_with_server(request):
    return PlainTextResponse("ciao", headers={"server": "x/1.0", "referrer-policy": "no-referrer"})


def get(path, query="", **headers):
    """What the atlas's own routes and headers answer, as the server would ask them."""
    routes = [*web.routes(), *api.routes(), Route("/other", _answer_with_server), Route("/page", _answer_page)]
    routes.append(Route("/component/map/index.html", _answer_page))
    return call(Starlette(routes=routes, middleware=web.middleware(STREAMLIT)), path, query, **headers)


@pytest.mark.parametrize("name", sorted(map_files.published_files()))
def test_every_file_is_compressed_once_and_kept_for_ever(name):
    file = map_files.published_files()[name]
    answer = get(file.path, accept_encoding="gzip, br")
    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(file.compressed) < len(file.body)
    assert answer.content == file.body
    assert "immutable" in answer.headers["cache-control"] and "max-age=31536000" in answer.headers["cache-control"]
    assert answer.headers["vary"] == "Accept-Encoding"
    plain = get(file.path, accept_encoding="identity")
    assert "content-encoding" not in plain.headers and plain.content == file.body


@pytest.mark.parametrize("name", sorted(map_files.published_files()))
def test_a_file_that_the_browser_has_is_not_sent_again(name):
    path = map_files.published_files()[name].path
    again = get(path, if_none_match=get(path).headers["etag"])
    assert (again.status, again.content) == (304, b"")
    for known in (f'"1", {again.headers["etag"]}', f"W/{again.headers['etag']}", "*"):  # as a cache on the way may ask
        assert get(path, if_none_match=known).status == 304
    other = get(path, if_none_match='"000000000000"')
    assert other.status == 200


def test_an_address_names_its_content():
    files = map_files.published_files().values()
    assert all(re.fullmatch(r"map/[a-z]+\.[0-9a-f]{12}\.(js|css|json)", file.path) for file in files)
    assert len({file.path for file in files}) == len(files)
    assert all(address.startswith("../../map/") for address in map_files.addresses().values())


@pytest.mark.parametrize("path", ["/map/leaflet.js", "/map/map.000000000000.js", "/map/..%2f..%2fpyproject.toml"])
def test_other_files_are_not_there(path):
    assert get(path).status == 404


def test_all_geometry_in_all_is_light():
    assert sum(len(map_files.published_files()[name].compressed) for name in GEOMETRY) <= 450_000


def test_what_never_changes_is_in_the_file_of_the_map_and_in_no_message():
    last = map_files.published_files()["map_js"].body.decode().splitlines()[-1]
    known = json.loads(re.fullmatch(r"atlasMap\.know\((.+)\);", last)[1])
    assert known == {
        "palettes": PALETTES,
        "radii": RADII,
        "regionOf": dict(real_territory().provinces["region_code"]),
    }
    assert len(build_base_map(map_files.addresses()).get_root().render()) < 2_600


def test_the_boundary_files_hold_every_territory_once():
    territory = real_territory()
    names = json.loads(map_files.published_files()["names"].body)
    shapes = {}
    for name in ("outlines", "municipalities"):
        shapes |= json.loads(map_files.published_files()[name].body)["objects"]
    for level, object_name in (("region", "regions"), ("province", "provinces"), ("municipality", "municipalities")):
        codes = names[level]["codes"]
        assert codes == sorted(territory.at(level).index)
        full = ("codes", "name", "lat", "lon", "population")
        assert {len(names[level][column]) for column in full} == {len(codes)}
        assert sorted(str(geometry["id"]) for geometry in shapes[object_name]["geometries"]) == codes
    assert names["municipality"]["population"].count(None) == 3
    english = {names["region"]["name"][int(at)]: name for at, name in names["region"]["en"].items()}
    assert english["Lombardia"] == "Lombardy" and len(english) == 8
    bolzano = codes.index("021008")
    assert names["municipality"]["other"][str(bolzano)] == "Bozen" and bolzano in names["municipality"]["capitals"]


@pytest.mark.parametrize("name", ["map_js", "map_css", "leaflet_js", "leaflet_css"])
def test_our_scripts_and_styles_name_no_other_host(name):
    text = map_files.published_files()[name].body.decode()
    found = set(re.findall(r"""(?:https?:|url\(\s*["']?)//[^\s"')]+""", text))
    assert found <= {"http://www.w3.org/2000/svg"}  # a namespace, which nobody fetches


@pytest.mark.parametrize("path", ["/healthz", "/other", "/map/nothing", "/nothing"])
def test_every_answer_keeps_the_browser_at_home(path):
    headers = get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["object-src"] == "'none'"
    assert not re.search(r"https?:|\*", headers["content-security-policy"])
    assert headers["x-content-type-options"] == "nosniff"
    assert "geolocation=()" in headers["permissions-policy"]
    assert "server" not in headers


def test_a_header_that_an_answer_has_of_its_own_is_kept_once():
    headers = get("/other").headers
    assert headers.getlist("referrer-policy") == ["no-referrer"]
    assert get("/healthz").headers["referrer-policy"] == "same-origin"


def test_the_policy_names_the_tiles_that_an_operator_chose(monkeypatch):
    tiles = settings.TileSettings("https://{s}.tiles.example.org/{z}/{x}/{y}.png", "© Esempio")
    monkeypatch.setattr(middleware, "read_settings", lambda: settings.Settings(tiles=tiles))
    policy = dict(middleware.security_headers.__wrapped__())[b"content-security-policy"].decode()
    assert "img-src 'self' data: blob: https://*.tiles.example.org;" in policy
    assert policy.count("example.org") == 1


def test_healthy_means_that_the_data_are_loaded(monkeypatch, caplog):
    assert json.loads(get("/healthz").body) == {"status": "ok", "initiatives": 35}

    def fail():
        raise DataError([Fault("initiatives.csv", 3, "id", "manca")])

    monkeypatch.setattr(bundle, "published_catalogue", fail)
    with caplog.at_level(logging.ERROR):
        answer = get("/healthz")
    assert answer.status == 503
    assert "riga 3" in caplog.text and b"riga" not in answer.body


def _answer_page(request):
    page = '<!doctype html><html lang="en"><head></head><body class="a"><p>corpo</body></html>'
    return HTMLResponse(page, headers={"etag": '"old"'})


@pytest.mark.parametrize(("query", "language"), [("", "it"), ("lang=en", "en"), ("lang=xx", "it"), ("lang=%7B", "it")])
def test_the_page_says_its_language(query, language):
    answer = get("page", query=query, accept="text/html", accept_encoding="gzip")
    assert answer.content.decode().startswith(f'<!doctype html><html lang="{language}"><head>')
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "etag" not in answer.headers


def test_the_style_sheet_comes_with_the_page_before_anything_it_is_about():
    sheet = middleware.STYLE.read_text(encoding="utf-8")
    assert "</style" not in sheet
    page = get("page", accept="text/html").content.decode()
    assert f'<body class="a"><style>{sheet}</style><p>corpo' in page


@pytest.mark.parametrize("query", ["", "lang=en"])
def test_the_head_of_the_page_says_what_is_published(query):
    page = get("page", query=query, accept="text/html").content.decode()
    head = page[: page.index("</head>")]
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', head)[1])
    assert (data["@context"], data["@type"]) == ("https://schema.org", "Dataset")
    assert data["name"] == translator(Language.EN if query else Language.IT)("app.title")
    assert data["license"].startswith("https://creativecommons.org/licenses/by/4.0")
    assert "publisher" not in data  # nobody has said who it is
    for download in data["distribution"]:
        answer = get(*download["contentUrl"].partition("?")[::2])
        assert answer.status == 200
        assert answer.headers["content-type"].split(";")[0] == download["encodingFormat"]


def test_the_frame_of_the_map_publishes_nothing():
    frame = get("component/map/index.html", accept="text/html").content
    assert b'lang="it"' in frame and b"ld+json" not in frame


def test_only_pages_are_rewritten():
    assert b'lang="en"' in get("page", accept="*/*").content
    assert get("other", accept="text/html").content == b"ciao"
