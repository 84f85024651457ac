from xml.etree import ElementTree

import pytest

from atlas.publish.stills.thumbnail import SIZE, build_thumbnail
from atlas.publish.stops.gathering import build_content, build_contents
from atlas.publish.stops.story import Stop, StopKind
from tests.payloads import PAYLOADS
from tests.sheets import TODAY, make_content, make_view, prepared, world

SVG = "{http://www.w3.org/2000/svg}"


def _draw(content):
    return ElementTree.fromstring(build_thumbnail(content))


@pytest.mark.parametrize("query", ["", "theme=housing", "region=16", "q=zzzz", "lang=en&theme=digital"])
def test_every_stop_of_a_deck_has_a_light_picture_with_its_title(query):
    for content in build_contents(prepared(query), world(), TODAY):
        root = _draw(content)
        said = " ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))
        whole = said.removesuffix("…")  # a title that finds no room says so
        assert whole and content.title.startswith(whole)
        assert said.endswith("…") == (whole != content.title)
        assert (root.get("width"), root.get("height")) == tuple(map(str, SIZE))
        assert len(build_thumbnail(content)) < 40_000


def test_a_map_shows_its_marks_and_a_chart_its_bars():
    marks = list(_draw(make_content("theme=housing&level=region")).iter(f"{SVG}circle"))
    assert len(marks) == 3  # Lombardia, Calabria, Sicilia
    content = build_content(Stop(StopKind.THEMES, make_view("")), world(), TODAY)
    bars = next(_draw(content).iter(f"{SVG}g"))
    widths = [float(rect.get("width")) for rect in bars]
    assert len(widths) == 7 and widths[0] == 125 and widths == sorted(widths, reverse=True)


def test_a_grid_is_inside_the_picture():
    content = build_content(Stop(StopKind.REGIONS, make_view("face=matrix")), world(), TODAY)
    boxes = [
        [float(rect.get(name)) for name in ("x", "y", "width", "height")]
        for rect in _draw(content).iter(f"{SVG}rect")
        if rect.get("x")
    ]
    assert all(x + width <= SIZE[0] and y + height <= SIZE[1] for x, y, width, height in boxes)


@pytest.mark.parametrize("payload", PAYLOADS.values())
def test_a_hostile_title_is_text(payload):
    root = _draw(make_content("level=region", title=payload))
    assert {node.tag for node in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "rect", "text", "g", "path", "circle")
    }
