import re
import xml.etree.ElementTree as ET

import pytest

from atlas.figures.minimap import HEIGHT, WIDTH, build_minimap, draw_marks
from atlas.indicators.classes import PALETTES
from tests import factories

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("theme", PALETTES)
def test_a_map_fills_its_picture_and_stays_inside(theme):
    territory = factories.real_territory()
    for code in ("08", "007", ""):
        inside = territory.expand(code) if code else territory.municipalities.index
        places = territory.municipalities.loc[list(inside)]
        points = [(float(lon), float(lat), 1) for lon, lat in zip(places["lon"], places["lat"], strict=True)]
        root = ET.fromstring(build_minimap(code, points, theme))
        numbers = [float(n) for path in root.iter(f"{SVG}path") for n in re.findall(r"[\d.]+", path.get("d"))]
        xs, ys = numbers[::2], numbers[1::2]
        assert min(*xs, *ys) >= 0 and max(xs) <= WIDTH and max(ys) <= HEIGHT
        assert max(xs) - min(xs) > 0.85 * WIDTH or max(ys) - min(ys) > 0.85 * HEIGHT
        circles = list(root.iter(f"{SVG}circle"))
        assert len(circles) == len(points)
        assert all(min(xs) <= float(c.get("cx")) <= max(xs) for c in circles)


def test_the_area_of_a_circle_says_the_number_on_every_map():
    def radius(code, n):
        svg = build_minimap(code, [(11.0, 44.5, n)])
        return float(ET.fromstring(svg).find(f".//{SVG}circle").get("r"))

    assert radius("08", 4) == pytest.approx(2 * radius("08", 1), abs=0.1)
    assert radius("08", 4) == radius("03", 4)


def test_the_municipalities_of_an_initiative_are_one_area_with_one_outline():
    province = factories.real_territory().expand("001")
    drawn = build_minimap("001", [(7.6, 45.0, 1)], areas=[tuple(province)])
    land, area = (path.get("d") for path in ET.fromstring(drawn).iter(f"{SVG}path"))

    def extent(path):
        numbers = [float(n) for n in re.findall(r"[\d.]+", path)]
        return [min(numbers[::2]), max(numbers[::2]), min(numbers[1::2]), max(numbers[1::2])]

    assert extent(area) == pytest.approx(extent(land), abs=1.5)
    assert area.count("M") < len(province) / 4


def test_an_initiative_is_one_mark_and_says_whether_it_is_outlined():
    shared = factories.make_row("casa", places="001272;001002", lead_place="001272")
    world = factories.real_world(shared, factories.make_row("orto", places="001272", lead_place="001272"))
    ids = world.catalogue.store.initiatives.index
    for id_, is_outlined in (("casa", True), ("orto", False)):
        drawn, outlined = draw_marks(world.catalogue.keep(ids == id_), world.territory, "01")
        root = ET.fromstring(drawn)
        assert outlined is is_outlined
        assert len(list(root.iter(f"{SVG}circle"))) == 1
        assert len(list(root.iter(f"{SVG}path"))) == 1 + is_outlined


def test_an_unknown_code_is_an_error():
    with pytest.raises(KeyError):
        build_minimap("99", [])
