import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.columns import UNKNOWN
from atlas.base.model import (
    COMPARED_AT_MOST,
    Channel,
    CountingRule,
    Face,
    Language,
    Level,
    Listing,
    Measure,
    Order,
    Question,
    Scale,
    Selection,
    ServiceType,
    View,
    ViewOptions,
)
from atlas.catalogue.links import TEXT_LIMIT, clean_text, from_query, to_query
from tests import factories

TERRITORY = factories.small_territory()
VOCABULARY = factories.small_vocabulary()
WORLD = factories.small_world()
IDS = ("bologna", "cintura")


def _from(params, **options):
    return from_query(params, WORLD, **options)


def _some(values):
    return st.lists(st.sampled_from([*map(str, values)]), unique=True, max_size=4).map(tuple)


VIEWS = st.builds(
    View,
    language=st.sampled_from(Language),
    listing=st.sampled_from(Listing),
    order=st.sampled_from([None, *Order]),
    selection=st.builds(
        Selection,
        text=st.text(max_size=300).map(clean_text),
        themes=_some([*VOCABULARY.themes, UNKNOWN]),
        targets=_some([*VOCABULARY.targets, UNKNOWN]),
        regions=_some(TERRITORY.regions.index),
        place=st.sampled_from(["", *TERRITORY.provinces.index, *TERRITORY.municipalities.index]),
        scales=_some([*Scale, UNKNOWN]),
        service_types=_some([*ServiceType, UNKNOWN]),
        channels=_some([*Channel, UNKNOWN]),
        years=_some([*range(1995, 2030), UNKNOWN]),
    ),
    options=st.builds(
        ViewOptions,
        level=st.sampled_from(Level),
        measure=st.sampled_from(Measure),
        rule=st.sampled_from(CountingRule),
    ),
    initiative=st.sampled_from(["", *IDS]),
    face=st.sampled_from(Face),
    compared=_some(["IT", *TERRITORY.regions.index, *TERRITORY.provinces.index]),
    question=st.sampled_from([None, *Question]),
    region=st.sampled_from(["", *TERRITORY.regions.index]),
)
PARAMS = ("lang", "q", "theme", "target", "region", "place", "scale", "type", "channel", "year", "level", "measure",
          "rule", "id", "face", "compare", "question", "about")  # fmt: skip


@given(VIEWS)
def test_a_view_survives_its_link(view):
    assert _from(to_query(view)) == view


@given(VIEWS)
def test_a_link_survives_its_view(view):
    query = to_query(view)
    assert to_query(_from(query)) == query


@given(st.dictionaries(st.one_of(st.sampled_from(PARAMS), st.text(max_size=5)), st.text(max_size=30)))
def test_garbage_is_dropped_without_an_error(params):
    view = _from(params)
    assert _from(to_query(view)) == view


def test_the_default_view_is_an_empty_link():
    assert to_query(View()) == {}
    assert _from({}) == View()


def test_a_link_is_short_and_made_of_codes():
    view = View(
        language=Language.EN,
        selection=Selection(
            themes=("housing", "poverty"), targets=("elderly",), regions=("08",), years=("2019", UNKNOWN)
        ),
        options=ViewOptions(Level.REGION, Measure.PER_MILLION, CountingRule.LEAD),
        initiative="bologna",
        face=Face.COMPARE,
        compared=("08", "037", "IT"),
    )
    assert to_query(view) == {
        "lang": "en", "theme": "housing,poverty", "target": "elderly", "region": "08", "year": "2019,unknown",
        "level": "region", "measure": "per_million", "rule": "lead", "id": "bologna",
        "face": "compare", "compare": "08,037,IT",
    }  # fmt: skip


def test_the_known_part_of_a_value_is_kept():
    view = _from({"theme": "housing,cucina,,housing", "region": "08,99", "lang": "fr", "id": "altro"})
    assert view == View(selection=Selection(themes=("housing",), regions=("08",)))


def test_regions_provinces_and_the_country_stand_side_by_side():
    view = _from({"compare": "08,IT,37006,037006,99,08,cintura-bologna,037,01,04", "face": "dance"})
    assert view == View(compared=("08", "IT", "037", "01"))
    assert len(view.compared) == COMPARED_AT_MOST


@pytest.mark.parametrize("place", ["08", "IT", "cintura-bologna", "37006", "999999"])
def test_a_place_is_a_province_or_a_municipality(place):
    assert _from({"place": place}).selection.place == ""


def test_only_the_years_that_can_be_chosen():
    assert _from({"year": "2019,2020,1800,unknown"}).selection.years == ("2019", "2020", "unknown")
    assert _from({"year": "2019,2020,unknown"}, years=["2019"]).selection.years == ("2019",)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  a,  b;\n c ", "a, b; c"),
        ("città 🏠 l’Aquila", "città 🏠 l’Aquila"),
        ("a\x00b", "a b"),
        ("x" * 500, "x" * TEXT_LIMIT),
    ],
)
def test_text_is_one_short_line(text, cleaned):
    assert clean_text(text) == cleaned
    assert _from({"q": text}).selection.text == cleaned


@pytest.mark.parametrize("question", ["", "REGION_RATE", "chi-e-prima", "region_rate,nearest"])
def test_an_unknown_question_is_dropped(question):
    assert _from({"question": question}).question is None


def test_a_link_carries_a_question_with_its_filters():
    view = View(selection=Selection(themes=("digital",), place="037006"), question=Question.NEAREST)
    assert to_query(view) == {"theme": "digital", "place": "037006", "question": "nearest"}
