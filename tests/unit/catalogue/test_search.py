import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.model import Language, Selection, View
from atlas.catalogue.search import read_search, stems
from atlas.catalogue.selection import select
from atlas.territory.places.search import index_places
from tests import factories

TERRITORY, VOCABULARY = factories.real_territory(), factories.real_vocabulary()
PLACES = index_places(TERRITORY)
IT, EN = Language.IT, Language.EN


@pytest.fixture(scope="module")
def catalogue():
    return factories.read_initiatives(factories.CATALOGUE, TERRITORY, VOCABULARY)


def read(text, language=IT):
    return read_search(text, language, VOCABULARY, PLACES)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        (IT, "anziani", "anziana"),
        (IT, "profughi", "profugo"),
        (IT, "amiche", "amici"),
        (IT, "famiglie", "famiglia"),
        (IT, "volontari", "volontario"),
        (IT, "nido", "nidi"),
        (IT, "casa", "case"),
        (IT, "rete", "reti"),
        (IT, "luogo", "luoghi"),
        (IT, "spiaggia", "spiagge"),
        (EN, "families", "family"),
        (EN, "nurseries", "nursery"),
        (EN, "children", "child"),
        (EN, "boxes", "box"),
        (EN, "services", "service"),
        (EN, "women", "woman"),
    ],
)
def test_forms_of_a_word_share_a_stem(language, one, other):
    assert set(stems(one, language)) & set(stems(other, language))


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        (IT, "rom", "roma"),
        (IT, "bar", "bari"),
        (IT, "casa", "caso"),
        (IT, "casa", "cassa"),
        (IT, "arte", "parte"),
        (EN, "bus", "bu"),
        (EN, "homeless", "home"),
        (EN, "news", "newt"),
    ],
)
def test_other_words_share_none(language, one, other):
    assert not set(stems(one, language)) & set(stems(other, language))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Roma", ("058091", "058")),
        ("BT", ("110",)),
        ("bt", ("110",)),
        ("Provincia di Bari", ("072",)),
        ("Cantu", ("013041",)),
        ("L'Aquila", ("066049", "066")),
        ("arte", ()),
        ("rom", ()),
        ("nido", ()),
    ],
)
def test_a_name_is_a_place_and_a_word_is_not(text, places):
    (meaning,) = read(text)
    assert meaning.places == places and meaning.written == text


def test_expressions_are_read_whole_and_the_longest_first():
    assert [one.written for one in read("asilo nido a Reggio Emilia per i nonni")] == [
        "asilo nido",
        "Reggio Emilia",
        "nonni",
    ]
    nursery, place, elderly = read("asilo nido a Reggio Emilia per i nonni")
    assert nursery.words == ("nido",) and place.places == ("035033", "035")
    assert elderly.terms == (("targets", "elderly"),)


def test_abbreviations_need_capitals_beside_other_words():
    assert [one.places for one in read("sport a BO")] == [(), ("037",)]
    assert not any(one.places for one in read("si va a scuola"))
    assert not any(one.places for one in read("LE SCUOLE SI APRONO"))


def test_words_that_say_nothing_are_left_out_unless_they_are_all():
    assert [one.written for one in read("le chiavi della città")] == ["chiavi", "città"]
    assert [one.written for one in read("per la")] == ["per", "la"]
    assert read("") == read("!! …") == ()


@pytest.mark.parametrize(
    ("text", "kind", "option"),
    [
        ("profughi", "targets", "migrants"),
        ("immigrati", "targets", "migrants"),
        ("senzatetto", "targets", "homeless"),
        ("nonni", "targets", "elderly"),
        ("sfratti", "themes", "housing"),
        ("carcerati", "targets", "prisoners"),
        ("disabili", "targets", "disabilities"),
    ],
)
def test_what_people_say_for_a_group_finds_the_whole_group(catalogue, text, kind, option):
    found = set(select(catalogue, Selection(text=text)).rows)
    assert set(select(catalogue, Selection(**{kind: (option,)})).rows) <= found and found


@pytest.mark.parametrize(
    ("text", "language", "place"),
    [("Roma", IT, "058091"), ("Rome", EN, "058091"), ("Reggio Emilia", IT, "035033"), ("Asti", IT, "005005"),
     ("Cantù", IT, "013041"), ("BT", IT, "110"), ("bt", EN, "110"), ("Provincia di Bari", IT, "072")],
)  # fmt: skip
def test_a_place_finds_what_is_placed_there_and_nothing_else(catalogue, text, language, place):
    selection = View(language=language, selection=Selection(text=text)).selection
    assert list(select(catalogue, selection).rows) == list(select(catalogue, Selection(place=place)).rows)


def test_the_reviewed_list_repeats_nothing():
    rows = [(one.language, one.expression, one.kind, one.meaning) for one in VOCABULARY.synonyms]
    assert len(set(rows)) == len(rows)


@given(st.text(max_size=40), st.sampled_from(list(Language)))
def test_any_text_can_be_searched(text, language):
    for meaning in read_search(text, language, VOCABULARY, PLACES):
        assert meaning.written in text
    small = factories.small_catalogue()
    assert len(select(small, Selection(text=text, language=language))) <= len(small)
