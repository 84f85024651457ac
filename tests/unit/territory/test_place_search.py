import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.model import Level
from atlas.territory.places.search import former_name, index_places, search_places, suggest_places
from tests import factories

PLACES = index_places(factories.real_territory())


def found(text, limit=20):
    territory = factories.real_territory()
    return [territory.name_of(code) for code in search_places(text, PLACES, limit)[0]]


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
        ("Cantu", "Cantù"),
        ("Forli", "Forlì"),
        ("forli'", "Forlì"),
        ("Reggio nell'Emilia", "Reggio nell'Emilia"),
        ("Comune di Bari", "Bari"),
        ("Gambugliano", "Sovizzo"),
        ("Mestre", "Venezia"),
        ("Cividale", "Cividale del Friuli"),
        ("Lombardy", "Lombardia"),
    ],
)
def test_what_people_type_finds_the_municipality_first(text, first):
    assert found(text)[0] == first


def test_the_province_tells_homonyms_apart():
    frame = factories.real_territory().municipalities
    homonyms = set(frame.index[frame["name"] == "Samone"])
    assert set(search_places("samone", PLACES, 20)[0]) == homonyms and len(homonyms) == 2
    ((trento,), total) = search_places("samone tn", PLACES, 20)
    assert total == 1 and frame.at[trento, "province_abbr"] == "TN"


def test_names_and_codes_find_themselves():
    frame = factories.real_territory().municipalities
    for code, name in frame["name"].iloc[::29].items():
        assert code in search_places(name, PLACES, 50)[0]
        assert search_places(code, PLACES, 5)[0] == (code,)


def test_the_list_is_cut_but_counted():
    codes, total = search_places("san", PLACES, 20)
    assert len(codes) == 20 and total > 600


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Provincia di Bari", "072"),
        ("provincia bari", "072"),
        ("Città metropolitana di Milano", "015"),
        ("Metropolitan City of Milan", "015"),
        ("Province of Florence", "048"),
        ("Südtirol", "021"),
        ("BT", "110"),
        ("Apulia", "16"),
        ("Regione Lazio", "12"),
        ("03", "03"),
    ],
)
def test_provinces_and_regions_are_found_first_by_what_people_call_them(text, code):
    assert search_places(text, PLACES, 20)[0][0] == code


def test_a_search_can_be_kept_to_municipalities():
    municipalities, total = search_places("bari", PLACES, 20, (Level.MUNICIPALITY,))
    everything, all_of_them = search_places("bari", PLACES, 20)
    assert municipalities[0] == "072006" and all(len(code) == 6 for code in municipalities)
    assert set(everything) - set(municipalities) == {"072"} and all_of_them == total + 1
    assert search_places("provincia di bari", PLACES, 20, (Level.MUNICIPALITY,)) == ((), 0)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Roma", {"058091", "058"}),
        ("roma", {"058091", "058"}),
        ("Asti", {"005005", "005"}),
        ("Cantu", {"013041"}),
        ("Provincia di Roma", {"058"}),
        ("Comune di Roma", {"058091"}),
        ("Regione Puglia", {"16"}),
        ("Reggio Emilia", {"035033", "035"}),
        ("Emilia", {"08"}),
        ("Romagn", set()),
        ("arte", set()),
        ("", set()),
    ],
)
def test_a_whole_name_means_the_places_that_bear_it(text, codes):
    assert set(PLACES.named(text)) == codes


def test_a_name_of_today_hides_the_same_former_one_and_a_former_one_is_told():
    assert former_name("024128", "gambugliano", PLACES) == "Gambugliano"
    assert former_name("024128", "sovizzo", PLACES) == "" == former_name("072006", "bari", PLACES)
    in_use = {name for place in PLACES.places for name in place.names[: place.current]}
    assert in_use & PLACES.former.keys()
    for name in in_use & PLACES.former.keys():
        assert PLACES.named(name) == PLACES.by_name[name]


@pytest.mark.parametrize("text", ["", "   ", "!!", "'", "xyzzyx", "crema milano"])
def test_nothing_is_found_without_a_name(text):
    assert search_places(text, PLACES, 20) == ((), 0)


@given(st.text(max_size=30))
def test_any_text_can_be_typed(text):
    codes, total = search_places(text, PLACES, 5)
    assert len(codes) == min(total, 5)
    assert len(suggest_places(text, PLACES, 5)) <= 5


def test_a_wrong_letter_still_gives_a_suggestion():
    territory = factories.real_territory()
    assert "Crema" in [territory.name_of(code) for code in suggest_places("Cremma", PLACES, 5)]
    assert suggest_places("qqqqqqq", PLACES, 5) == ()
