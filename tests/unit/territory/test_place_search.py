import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.territory.places.search import build_place_names, search_places, suggest_places
from tests import factories

NAMES = build_place_names(factories.real_territory())


def found(text, limit=20):
    territory = factories.real_territory()
    return [territory.name_of(code) for code in search_places(text, NAMES, limit)[0]]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Crema", "Crema"),
        ("  CREMA ", "Crema"),
        ("reggio emilia", "Reggio nell'Emilia"),
        ("Reggio Calabria", "Reggio di Calabria"),
        ("san dona", "San Donà di Piave"),
        ("L’Aquila", "L'Aquila"),
        ("Bozen", "Bolzano"),
        ("Rome", "Roma"),
        ("Florence", "Firenze"),
        ("None", "None"),
        ("019035", "Crema"),
        ("Roma", "Roma"),
    ],
)
def test_what_people_type_finds_the_municipality_first(text, first):
    assert found(text)[0] == first


def test_the_province_tells_homonyms_apart():
    frame = factories.real_territory().municipalities
    homonyms = set(frame.index[frame["name"] == "Samone"])
    assert set(search_places("samone", NAMES, 20)[0]) == homonyms and len(homonyms) == 2
    ((trento,), total) = search_places("samone tn", NAMES, 20)
    assert total == 1 and frame.at[trento, "province_abbr"] == "TN"


def test_names_and_codes_find_themselves():
    frame = factories.real_territory().municipalities
    for code, name in frame["name"].iloc[::29].items():
        assert code in search_places(name, NAMES, 50)[0]
        assert search_places(code, NAMES, 5)[0] == (code,)


def test_the_list_is_cut_but_counted():
    codes, total = search_places("san", NAMES, 20)
    assert len(codes) == 20 and total > 600


@pytest.mark.parametrize("text", ["", "   ", "!!", "'", "xyzzyx", "crema milano"])
def test_nothing_is_found_without_a_name(text):
    assert search_places(text, NAMES, 20) == ((), 0)


@given(st.text(max_size=30))
def test_any_text_can_be_typed(text):
    codes, total = search_places(text, NAMES, 5)
    assert len(codes) == min(total, 5)
    assert len(suggest_places(text, NAMES, 5)) <= 5


def test_a_wrong_letter_still_gives_a_suggestion():
    territory = factories.real_territory()
    assert "Crema" in [territory.name_of(code) for code in suggest_places("Cremma", NAMES, 5)]
    assert suggest_places("qqqqqqq", NAMES, 5) == ()
