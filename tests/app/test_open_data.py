"""The examples of the method page, each asked of the routes that answer them."""

from urllib.parse import urlsplit

import pyogrio
import pytest
from starlette.applications import Starlette

from atlas.server.api import routes
from atlas.ui.present import downloads
from tests.app.reading import page_text
from tests.asgi import call


@pytest.mark.parametrize(("language", "title"), [("it", "Dati aperti e API"), ("en", "Open data and API")])
def test_every_example_of_the_page_answers(open_page, language, title):
    page = open_page("metodo", lang=language)
    assert title in page_text(page)
    examples = [urlsplit(block.value) for block in page.code]
    assert len(examples) == 7
    app = Starlette(routes=routes.routes())
    for example in examples:
        answer = call(app, f"/{example.path.lstrip('/')}", example.query)
        assert answer.status == 200 and answer.content


def test_the_map_is_taken_away_for_gis_in_degrees_and_in_metres(open_page, monkeypatch, tmp_path):
    offered = {}

    def offer(label, make, name, mime, **options):
        offered[name] = make

    monkeypatch.setattr(downloads.st, "download_button", offer)
    app = open_page("presenta", level="province", region="20")
    assert not app.exception
    for name, crs in (("atlante-territori.gpkg", "EPSG:4326"), ("atlante-territori-utm.gpkg", "EPSG:32632")):
        path = tmp_path / name
        path.write_bytes(offered[name]())
        layer = pyogrio.read_dataframe(path, layer="provinces")
        assert layer.crs == crs and layer["istat_code"].tolist() == [str(code) for code in range(112, 120)]
    for name in ("atlante-iniziative.zip", "atlante-territori.zip"):
        path = tmp_path / name
        path.write_bytes(offered[name]())
        assert pyogrio.list_layers(f"/vsizip/{path}/{path.stem}.csv")[0][0] == path.stem
