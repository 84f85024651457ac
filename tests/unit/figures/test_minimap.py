import re
import xml.etree.ElementTree as ET

import pytest

from atlas.base.model import Level
from atlas.figures.minimap import HEIGHT, WIDTH, Outlines, build_minimap, read_outlines
from atlas.indicators.classes import PALETTES
from tests import factories

OUTLINES = read_outlines(factories.DATA_DIR / "map" / "outlines.topojson")
SVG = "{http://www.w3.org/2000/svg}"
# Two squares that share the arc between them, the second one with a hole; steps of one degree from 10, 40.
SQUARES = Outlines(
    {
        "transform": {"scale": [1, 1], "translate": [10, 40]},
        "arcs": [
            [[2, 0], [0, 2]],
            [[2, 2], [-2, 0], [0, -2], [2, 0]],
            [[2, 0], [2, 0], [0, 2], [-2, 0]],
            [[3, 1], [0, 0]],
        ],
        "objects": {
            "regions": {
                "geometries": [
                    {"type": "Polygon", "id": "01", "arcs": [[0, 1]]},
                    {"type": "MultiPolygon", "id": "02", "arcs": [[[2, -1], [3]]]},
                ]
            },
            "provinces": {"geometries": []},
        },
    }
)


def test_arcs_are_added_up_joined_and_turned_round():
    assert SQUARES.rings(Level.REGION, "01") == [[(12, 40), (12, 42), (10, 42), (10, 40), (12, 40)]]
    assert SQUARES.rings(Level.REGION, "02") == [
        [(12, 40), (14, 40), (14, 42), (12, 42), (12, 40)],
        [(13, 41), (13, 41)],
    ]


@pytest.mark.parametrize("level", [Level.REGION, Level.PROVINCE])
def test_every_region_and_province_has_closed_outlines(level):
    codes = factories.real_territory().at(level).index
    assert sorted(OUTLINES.codes(level)) == sorted(codes)
    for code in codes:
        for ring in OUTLINES.rings(level, str(code)):
            assert ring[0] == ring[-1] and len(ring) >= 4


@pytest.mark.parametrize("theme", PALETTES)
def test_a_map_fills_its_picture_and_stays_inside(theme):
    territory = factories.real_territory()
    for level, code in ((Level.REGION, "08"), (Level.PROVINCE, "007"), (None, "IT")):
        inside = territory.expand(code) or territory.municipalities.index
        places = territory.municipalities.loc[list(inside)]
        points = [(float(lon), float(lat), 1) for lon, lat in zip(places["lon"], places["lat"], strict=True)]
        root = ET.fromstring(build_minimap(OUTLINES, level, code, points, theme))
        numbers = [float(n) for path in root.iter(f"{SVG}path") for n in re.findall(r"[\d.]+", path.get("d"))]
        xs, ys = numbers[::2], numbers[1::2]
        assert min(*xs, *ys) >= 0 and max(xs) <= WIDTH and max(ys) <= HEIGHT
        assert max(xs) - min(xs) > 0.85 * WIDTH or max(ys) - min(ys) > 0.85 * HEIGHT
        circles = list(root.iter(f"{SVG}circle"))
        assert len(circles) == len(points)
        assert all(min(xs) <= float(c.get("cx")) <= max(xs) for c in circles)


def test_the_area_of_a_circle_says_the_number_on_every_map():
    def radius(code, n):
        svg = build_minimap(OUTLINES, Level.REGION, code, [(11.0, 44.5, n)])
        return float(ET.fromstring(svg).find(f".//{SVG}circle").get("r"))

    assert radius("08", 4) == pytest.approx(2 * radius("08", 1), abs=0.1)
    assert radius("08", 4) == radius("03", 4)


def test_an_unknown_code_is_an_error():
    with pytest.raises(KeyError):
        build_minimap(OUTLINES, Level.REGION, "99", [])


def test_neighbours_share_a_border_and_say_so_of_each_other():
    assert set(OUTLINES.neighbours("09")) == {"07", "08", "10", "11", "12"}  # Toscana: five regions around it
    assert OUTLINES.neighbours("20") == OUTLINES.neighbours("19") == ()  # the two islands
    codes = list(OUTLINES.codes(Level.REGION))
    assert all(code in OUTLINES.neighbours(other) for code in codes for other in OUTLINES.neighbours(code))
