"""One initiative is one mark: what stands on the map of numbers adds up to what is selected."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.model import DIMENSIONS, CountingRule, Level, Selection, View, ViewOptions
from atlas.catalogue.selection import select
from atlas.catalogue.world import World
from atlas.figures import marks as marks_module
from atlas.figures.mapview import build_map_view
from atlas.figures.marks import build_marks, gather, mark_areas, mark_points
from tests.factories import make_catalogue, real_territory, real_vocabulary, small_world


def marks_of(world, level=Level.MUNICIPALITY, rule=CountingRule.PRESENCE, selection=None):
    selection = selection or Selection()
    view = View(selection=selection, options=ViewOptions(level=level, rule=rule))
    selected = select(world.catalogue, selection)
    shown = build_map_view(selected, view, world)
    return selected, build_marks(selected, world.territory, level, rule, shown.inside)


def titles(world, marks):
    return [world.catalogue.store.initiatives.index[mark.row] for mark in marks.shared]


def at(world, position):
    return world.territory.municipalities.index[position]


WORLDS = {
    "small": small_world(),
    "large": World(real_territory(), real_vocabulary(), make_catalogue(400, 300)),
}


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("name", list(WORLDS))
def test_for_every_value_of_every_filter_the_marks_add_up(name, level):
    world = WORLDS[name]
    selections = [Selection(), Selection(place=at(world, 0)), Selection(place=at(world, 0)[:3])]
    for dimension in DIMENSIONS:
        options = world.catalogue.store.memberships[dimension].options
        selections += [Selection(**{dimension: (option,)}) for option in options]
    for selection in selections:
        selected, marks = marks_of(world, level, selection=selection)
        assert marks.total == int(selected.placed.sum()), selection
        assert marks.value.sum() + sum(mark.value for mark in marks.shared) == marks.total


@pytest.mark.parametrize("name", list(WORLDS))
def test_the_circles_of_a_small_map_add_up_to_its_initiatives(name):
    world = WORLDS[name]
    territory, catalogue = world.territory, world.catalogue
    selected = select(catalogue, Selection())
    for code in ["IT", *territory.regions.index[:4], *territory.provinces.index[:4]]:
        level = territory.level_of(code)
        where = {} if level is None else {"regions": (code,)} if level is Level.REGION else {"place": code}
        there = int(select(catalogue, Selection(**where)).placed.sum())
        for drawn in [Level.MUNICIPALITY, Level.PROVINCE] if level is Level.PROVINCE else Level:
            assert sum(n for *_, n in mark_points(selected, territory, code, drawn)) == there, (code, drawn)
    assert mark_points(select(catalogue, Selection(text="zzzz")), territory) == []


@pytest.mark.parametrize("name", list(WORLDS))
def test_an_area_of_a_small_map_is_the_municipalities_inside_that_share_an_initiative(name):
    world = WORLDS[name]
    territory, catalogue = world.territory, world.catalogue
    selected = select(catalogue, Selection())
    members = catalogue.placements.groupby("initiative_id", observed=True)["istat_code"].agg(set)
    for code in ["IT", *territory.regions.index[:4], *territory.provinces.index[:4]]:
        inside = set(territory.expand(code)) if territory.level_of(code) else set(territory.municipalities.index)
        wanted = {frozenset(own & inside) for own in members if len(own) > 1}
        areas = mark_areas(selected, territory, code)
        assert {frozenset(area) for area in areas} == {area for area in wanted if len(area) > 1}, code
    assert mark_areas(select(catalogue, Selection(text="zzzz")), territory) == []


@pytest.mark.parametrize("level", list(Level))
def test_shares_add_up_to_what_is_on_the_map(level):
    selected, marks = marks_of(WORLDS["large"], level, CountingRule.SHARE)
    total = marks.value.sum() + sum(mark.value for mark in marks.shared)
    assert total == pytest.approx(int(selected.placed.sum()))


def test_an_initiative_of_several_is_one_circle_at_its_lead_or_in_the_middle():
    world = WORLDS["small"]
    _, marks = marks_of(world)
    assert titles(world, marks) == ["cintura", "emilia", "torino", "tre-citta"]
    anchors = {
        id_: (at(world, mark.anchor), mark.is_lead)
        for id_, mark in zip(titles(world, marks), marks.shared, strict=True)
    }
    assert anchors["torino"] == ("001272", True)
    assert anchors["tre-citta"] == ("021008", True)
    assert anchors["emilia"][1] is False and anchors["emilia"][0] in ("037006", "037020", "034027", "099030")
    assert {at(world, i) for i in np.flatnonzero(marks.areas[marks.shared[0].area])} == {"037006", "037020"}
    assert marks.n.sum() == 1


def test_what_lies_in_one_territory_of_the_level_is_counted_there():
    world = WORLDS["small"]
    _, marks = marks_of(world, Level.REGION)
    assert titles(world, marks) == ["tre-citta"]
    regions = dict(zip(world.territory.regions.index, marks.n.tolist(), strict=True))
    assert regions == {"01": 1, "04": 0, "08": 3}


def test_where_the_lead_is_outside_the_choice_the_circle_stands_inside():
    world = WORLDS["small"]
    _, marks = marks_of(world, selection=Selection(regions=("08",)))
    three = dict(zip(titles(world, marks), marks.shared, strict=True))["tre-citta"]
    assert (at(world, three.anchor), three.is_lead) == ("037006", False)


def test_under_the_lead_rule_only_what_leads_has_a_mark():
    world = WORLDS["small"]
    _, marks = marks_of(world, rule=CountingRule.LEAD)
    assert titles(world, marks) == ["torino", "tre-citta"] and marks.total == 3


def test_the_same_area_is_kept_once():
    _, marks = marks_of(WORLDS["large"])
    different = {area.tobytes() for area in marks.areas}
    assert len(different) == len(marks.areas) > 20


def test_too_many_to_be_told_apart_are_counted_where_they_would_stand(monkeypatch):
    world = WORLDS["small"]
    _, one_by_one = marks_of(world)
    monkeypatch.setattr(marks_module, "SHARED_AT_MOST", 3)
    _, marks = marks_of(world)
    assert marks.total == one_by_one.total and not marks.shared and not marks.areas
    anchors = np.bincount([mark.anchor for mark in one_by_one.shared], minlength=len(marks.n))
    assert (marks.n == one_by_one.n + anchors).all() and (marks.value == marks.n).all()


points = st.lists(st.tuples(st.floats(0, 400), st.floats(0, 400), st.integers(1, 30).map(float)), max_size=60)


@given(points)
def test_circles_never_touch_and_no_mark_is_lost(marks):
    circles = gather(marks, 5.0, 2.5, 30.0)
    assert sorted(i for circle in circles for i in circle.members) == list(range(len(marks)))
    assert math.isclose(sum(circle.value for circle in circles), sum(value for _, _, value in marks))
    for i, one in enumerate(circles):
        for other in circles[i + 1 :]:
            assert math.hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius


def test_marks_that_touch_are_counted_in_their_middle():
    (circle,) = gather([(0.0, 0.0, 3.0), (4.0, 0.0, 1.0)], 5.0, 2.5, 30.0)
    assert (circle.x, circle.y, circle.value, circle.members) == (1.0, 0.0, 4.0, (0, 1))
    assert circle.radius == pytest.approx(10)
    assert len(gather([(0.0, 0.0, 3.0), (40.0, 0.0, 1.0)], 5.0, 2.5, 30.0)) == 2
