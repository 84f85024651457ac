"""The boundaries of pictures: every territory has its shape, and joined ones have no line between them."""

import json

import pytest
import shapely

from atlas.base.model import Level
from atlas.figures.shapes import (
    DEGREE,
    join_shapes,
    neighbours_of,
    read_shapes,
    shape_of,
    shapes_by_code,
    to_plane,
)
from tests.factories import real_territory

# Two squares that share the arc between them, the second one with a hole; steps of one degree from 10, 40.
SQUARES = {
    "type": "Topology",
    "transform": {"scale": [1, 1], "translate": [10, 40]},
    "arcs": [
        [[2, 0], [0, 2]],
        [[2, 2], [-2, 0], [0, -2], [2, 0]],
        [[2, 0], [2, 0], [0, 2], [-2, 0]],
        [[3, 1], [0.5, 0], [0, 0.5], [-0.5, -0.5]],
    ],
    "objects": {
        "regions": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "02", "arcs": [[2, -1], [3]]},
                {"type": "Polygon", "id": "01", "arcs": [[0, 1]]},
            ],
        }
    },
}


def test_shapes_are_read_by_code_on_the_plane(tmp_path):
    (tmp_path / "outlines.topojson").write_text(json.dumps(SQUARES), encoding="utf-8")
    shapes = read_shapes(Level.REGION, tmp_path)
    assert list(shapes.index) == ["01", "02"]
    assert shapes["01"].bounds[::2] == pytest.approx((10 * DEGREE, 12 * DEGREE))
    assert len(shapes["02"].interiors) == 1


@pytest.mark.parametrize("level", list(Level))
def test_every_territory_has_a_shape(level):
    shapes = read_shapes(level)
    assert set(shapes.index) == set(real_territory().at(level).index)
    assert not shapes.is_empty.any()
    by_code = shapes_by_code(level)
    assert list(by_code) == list(shapes.index) and all(shape == shapes[code] for code, shape in by_code.items())


def test_codes_of_every_level_are_found_and_unknown_ones_left_out():
    for level, code in ((Level.REGION, "08"), (Level.PROVINCE, "037"), (Level.MUNICIPALITY, "037006")):
        assert shape_of(code) == read_shapes(level)[code]
    assert shape_of("99") is shape_of("999999") is shape_of("") is None
    assert join_shapes(("037006", "999999")) == join_shapes(("037006",)) and join_shapes(()).is_empty


def test_neighbours_joined_have_no_line_between_them():
    territory = real_territory()
    own = territory.expand("037")
    joined = join_shapes(own)
    shapes = read_shapes(Level.MUNICIPALITY)[list(own)]
    lines = shapely.length(shapes.values).sum()
    assert shapely.length(joined) < 0.4 * lines
    assert shapely.area(joined) == pytest.approx(shapely.area(shapes.make_valid().values).sum(), rel=1e-3)


def test_points_and_shapes_lie_on_the_same_plane():
    ((x, y),) = to_plane([11.34], [44.49])
    assert shapely.contains_xy(read_shapes(Level.PROVINCE)["037"], x, y)


def test_neighbours_share_a_border_and_say_so_of_each_other():
    assert set(neighbours_of("09")) == {"07", "08", "10", "11", "12"}  # Toscana: five regions around it
    assert neighbours_of("20") == neighbours_of("19") == ()  # the two islands
    codes = list(read_shapes(Level.REGION).index)
    assert all(code in neighbours_of(other) for code in codes for other in neighbours_of(code))


def test_joined_territories_are_areas_and_nothing_else():
    for province in real_territory().provinces.index[::15]:
        codes = tuple(real_territory().expand(province))
        assert {part.geom_type for part in join_shapes(codes).geoms} == {"Polygon"}, province
