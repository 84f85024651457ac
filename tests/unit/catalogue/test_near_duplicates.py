import pandas as pd
import pytest

from atlas.catalogue.near_duplicates import MAX_TITLES, find_twins

NOTHING = pd.DataFrame({"title_it": [], "places": []}, dtype="str")


def frame(*rows):
    return pd.DataFrame(rows, columns=["title_it", "places"], dtype="str")


@pytest.mark.parametrize(
    ("one", "other", "are_twins"),
    [
        ("Spesa a casa", "spesa A CASA!", True),
        ("Sportello d'ascolto per anziani", "Sportello di ascolto per anziani", True),
        ("Casa per tutti a Torino", "A Torino casa per tutti", True),
        ("Lotto 1 sportello lavoro", "Lotto 2 sportello lavoro", False),
        ("Casa", "Cassa", False),
        ("Spesa a casa", "Doposcuola in biblioteca", False),
        ("", "", False),
    ],
)
def test_titles_of_one_place(one, other, are_twins):
    found = find_twins(frame((one, "001272"), (other, "001272")), NOTHING)
    assert [(t.row, t.other) for t in found] == ([(0, 1)] if are_twins else [])


def test_the_same_title_elsewhere_is_another_initiative():
    assert not find_twins(frame(("Spesa a casa", "001272"), ("Spesa a casa", "058091")), NOTHING)


def test_one_shared_place_is_enough_and_a_pair_is_named_once():
    rows = frame(("Spesa a casa", "001272;058091;015146"), ("Spesa a casa", "058091;015146"))
    (twins,) = find_twins(rows, NOTHING)
    assert (twins.likeness, twins.place, twins.is_published) == (100, "058091", False)


def test_published_ones_are_named_but_never_paired_among_themselves():
    published = frame(("Spesa a casa", "001272"), ("Spesa a casa", "001272")).set_axis(["a", "b"])
    found = find_twins(frame(("Spesa a casa!", "001272")), published)
    assert [(twins.row, twins.other, twins.is_published) for twins in found] == [(0, "a", True), (0, "b", True)]
    assert not find_twins(NOTHING, published)


def test_a_place_with_too_many_titles_still_finds_equal_ones():
    letters = [f"{'abcdefghij'[n // 100 % 10]}{n} servizio" for n in range(MAX_TITLES + 1)]
    rows = frame(*[(title, "058091") for title in letters], ("a0 servizio", "058091"), ("a0 servizi", "058091"))
    assert [(t.row, t.other) for t in find_twins(rows, NOTHING)] == [(0, MAX_TITLES + 1)]
