import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.base.model import DIMENSIONS, Language, Selection, View
from atlas.catalogue.selection import count_options, facet_counts, initiatives_in, select
from tests import factories

CATALOGUE = factories.small_catalogue()
OPTIONS = {dimension: CATALOGUE.store.memberships[dimension].options for dimension in DIMENSIONS}


def _ids(selection, catalogue=CATALOGUE):
    return list(select(catalogue, selection).initiatives.index)


@st.composite
def selections(draw):
    """Selections over the small catalogue, most of them with something left."""
    chosen = {
        dimension: tuple(draw(st.lists(st.sampled_from(options), unique=True, max_size=2)))
        for dimension, options in OPTIONS.items()
    }
    for dimension in draw(st.sets(st.sampled_from(DIMENSIONS), min_size=4)):
        chosen[dimension] = ()
    text = draw(st.sampled_from(["", "", "", "caffe", "desk", "bologna", "nessuno"]))
    place = draw(st.sampled_from(["", "", "037", "037006", "021008"]))
    return Selection(text=text, place=place, **chosen)


def test_nothing_chosen_keeps_everything():
    assert _ids(Selection()) == list(CATALOGUE.initiatives.index)


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        (Selection(themes=("poverty",)), ["bologna", "cintura"]),
        (Selection(themes=("poverty", "digital")), ["bologna", "cintura", "emilia", "torino"]),
        (Selection(themes=("housing",), targets=("elderly",)), ["cintura"]),
        (Selection(scales=("national",)), ["italia"]),
        (Selection(channels=("unknown",)), ["cintura"]),
        (Selection(years=("unknown", "2001")), ["emilia", "italia"]),
        (Selection(regions=("04",)), ["tre-citta"]),
        (Selection(regions=("08",)), ["bologna", "cintura", "emilia", "tre-citta"]),
        (Selection(place="037020"), ["cintura", "emilia"]),
        (Selection(place="001"), ["torino", "tre-citta"]),
        (Selection(regions=("01",), place="037006"), ["tre-citta"]),
        (Selection(regions=("20",)), []),
        (Selection(place="999999"), []),
        (Selection(themes=("cucina",)), []),
    ],
)
def test_choices(selection, ids):
    assert _ids(selection) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("CAFFE", ["bologna"]),
        ("caffè comunità", ["bologna"]),
        ("sportelli", ["cintura", "emilia", "torino", "tre-citta", "italia"]),
        ("unione comuni", ["cintura"]),
        ("ferrara acli", ["emilia"]),
        ("montecopiolo", ["emilia"]),
        ("bozen", ["tre-citta"]),
        ("sudtirol", ["tre-citta"]),
        ("anziane", ["bologna", "cintura"]),
        ("nonno", ["bologna", "cintura"]),
        ("bologna nessuno", []),
        ("Bologna", ["bologna", "cintura", "emilia", "tre-citta"]),
        ("Felsina", ["bologna", "cintura", "emilia", "tre-citta"]),
        ("BO", ["bologna", "cintura", "emilia", "tre-citta"]),
        ("Comune di Parma", ["emilia"]),
        # Parts of words, and words of the other language, are not found.
        ("sport", []),
        ("desk", []),
        ("giovanissimi", []),
        ("olog", []),
        ("   ", ["bologna", "cintura", "emilia", "torino", "tre-citta", "italia"]),
    ],
)
def test_text(text, ids):
    assert _ids(Selection(text=text)) == ids


def test_a_search_reads_the_language_of_the_page():
    for text, n in (("desk", 6), ("desks", 6), ("sportello", 0), ("seniors", 2), ("nonni", 0)):
        assert len(select(CATALOGUE, Selection(text=text, language=Language.EN))) == n, text
    assert View(language=Language.EN, selection=Selection(text="desk")).selection.language is Language.EN
    assert View(language=Language.EN).selection == Selection()


def test_a_region_keeps_the_whole_footprint():
    kept = select(CATALOGUE, Selection(regions=("04",)))
    assert kept.placements["region_code"].tolist() == ["01", "08", "04"]


def test_selecting_twice_is_selecting_both():
    first, second = Selection(themes=("housing",)), Selection(targets=("youth",))
    twice = select(select(CATALOGUE, first), second)
    assert list(twice.initiatives.index) == _ids(Selection(themes=("housing",), targets=("youth",)))


def test_options_keep_their_order_and_unknown_is_there_only_if_some_are():
    counts = facet_counts(CATALOGUE, Selection())
    assert list(counts["themes"]) == ["poverty", "housing", "digital"]
    assert list(counts["years"]) == ["2001", "2018", "2019", "2020", "unknown"]
    assert counts["channels"] == {"digital": 1, "in_person": 3, "both": 1, "unknown": 1}
    assert "unknown" not in counts["scales"]


def test_counts_of_a_selection_with_nothing_left_are_zeros():
    counts = facet_counts(CATALOGUE, Selection(text="nessuno"))
    assert {count for options in counts.values() for count in options.values()} == {0}


@given(selections())
def test_a_facet_count_is_what_choosing_that_option_alone_would_keep(selection):
    counts = facet_counts(CATALOGUE, selection)
    for dimension in DIMENSIONS:
        for option, count in counts[dimension].items():
            assert count == len(select(CATALOGUE, selection.with_(**{dimension: (option,)})))


@given(selections(), selections())
def test_a_restriction_never_adds(one, other):
    kept = select(CATALOGUE, one)
    restricted = select(kept, other)
    assert set(restricted.initiatives.index) <= set(kept.initiatives.index)
    for dimension in DIMENSIONS:
        before, after = count_options(kept, dimension), count_options(restricted, dimension)
        assert all(after[option] <= before[option] for option in before)


def test_initiatives_in_a_place():
    assert initiatives_in(CATALOGUE, "099030") == ["emilia"]
    assert initiatives_in(CATALOGUE, "01") == ["torino", "tre-citta"]
    assert initiatives_in(select(CATALOGUE, Selection(themes=("digital",))), "01") == ["torino"]
    assert initiatives_in(CATALOGUE, "999999") == []
