import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.model import Level, Selection, View, ViewOptions
from atlas.catalogue.drill import MAX_STEPS, go_down, go_to, go_up, path_of
from tests.factories import small_territory

TERRITORY = small_territory()
CODES = [code for level in Level for code in TERRITORY.at(level).index]
views = st.builds(
    View,
    selection=st.builds(
        lambda code, theme: Selection(
            themes=theme, regions=(TERRITORY.region_of(code),), place=code if len(code) > 2 else ""
        ),
        st.sampled_from(CODES),
        st.sampled_from([(), ("housing",)]),
    )
    | st.just(Selection()),
    options=st.builds(ViewOptions, level=st.sampled_from(list(Level))),
    initiative=st.sampled_from(["", "bologna"]),
)


def view(level=Level.REGION, **selection):
    return View(selection=Selection(**selection), options=ViewOptions(level=level))


def test_a_region_opens_its_provinces_a_province_its_municipalities():
    region = go_to(view(), "08", TERRITORY)
    assert (region.selection.regions, region.selection.place, region.options.level) == (("08",), "", Level.PROVINCE)
    province = go_to(region, "037", TERRITORY)
    assert (province.selection.place, province.options.level) == ("037", Level.MUNICIPALITY)
    municipality = go_to(province, "037006", TERRITORY)
    assert municipality.selection.regions == ("08",)
    assert (municipality.selection.place, municipality.options.level) == ("037006", Level.MUNICIPALITY)


def test_a_finer_level_than_needed_is_kept():
    assert go_to(view(Level.MUNICIPALITY), "08", TERRITORY).options.level is Level.MUNICIPALITY


def test_other_filters_stay_and_an_open_card_closes():
    start = View(selection=Selection(themes=("housing",), text="casa"), initiative="bologna")
    there = go_to(start, "037", TERRITORY)
    assert (there.selection.themes, there.selection.text, there.initiative) == (("housing",), "casa", "")


def test_an_unknown_code_changes_nothing_and_the_country_empties():
    start = view(regions=("08",), place="037")
    for code in ("99", "999", "999999", "x", "1", "<b>"):
        assert go_to(start, code, TERRITORY) == start
    assert go_to(start, "", TERRITORY).selection == Selection()


def test_the_way_back_is_the_way_one_came():
    start = view(Level.REGION)
    one, trail = go_down(start, "08", TERRITORY, ())
    two, trail = go_down(one, "037", TERRITORY, trail)
    three, trail = go_down(two, "037006", TERRITORY, trail)
    for expected in (two, one, start):
        three, trail = go_up(three, TERRITORY, trail)
        assert three == expected
    assert trail == ()


def test_without_a_trail_up_is_to_the_territory_that_holds_this_one():
    there = view(Level.MUNICIPALITY, regions=("08",), place="037006")
    seen = []
    while there.selection != Selection():
        there, _ = go_up(there, TERRITORY, ())
        seen.append((there.selection.regions, there.selection.place))
    assert seen == [(("08",), "037"), (("08",), ""), ((), "")]


def test_a_second_click_keeps_the_choice_and_adds_no_step():
    one, trail = go_down(view(), "08", TERRITORY, ())
    assert go_down(one, "08", TERRITORY, trail) == (one, trail)


@given(views, st.lists(st.sampled_from(CODES), max_size=30))
def test_the_trail_never_grows_without_end_and_up_always_ends_at_the_country(start, clicks):
    trail, there = (), start
    for code in clicks:
        there, trail = go_down(there, code, TERRITORY, trail)
        assert path_of(there, TERRITORY)[-1] == code
        assert len(trail) <= MAX_STEPS
    for _ in range(MAX_STEPS + 3):
        there, trail = go_up(there, TERRITORY, trail)
    assert there.selection.themes == start.selection.themes
    assert (there.selection.regions, there.selection.place) == ((), "")


@pytest.mark.parametrize(
    ("selection", "path"),
    [
        ({}, ()),
        ({"regions": ("08",)}, ("08",)),
        ({"regions": ("08", "01")}, ()),
        ({"regions": ("08",), "place": "037"}, ("08", "037")),
        ({"regions": ("08",), "place": "037006"}, ("08", "037", "037006")),
        ({"place": "037006"}, ("08", "037", "037006")),
    ],
)
def test_breadcrumbs(selection, path):
    assert path_of(view(**selection), TERRITORY) == path
