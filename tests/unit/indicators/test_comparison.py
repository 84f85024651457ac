import math
from dataclasses import replace

import pytest

from atlas.indicators.comparison import compare, tell_by_chance
from tests import factories

TERRITORY = factories.small_territory()
CATALOGUE = factories.small_catalogue()


def sides(*codes):
    return compare(CATALOGUE, codes, TERRITORY)


def test_a_side_counts_inside_its_own_borders():
    emilia, torino = sides("08", "001")
    assert emilia.ids == ("bologna", "cintura", "emilia", "tre-citta")
    # "tre-citta" also involves Torino and Bolzano, which are elsewhere; "emilia" is all the region.
    assert emilia.municipalities == {"034027": 1, "037006": 4, "037020": 2, "099030": 1}
    assert emilia.n_municipalities == 4
    assert emilia.inhabitants == 390_000 + 18_000 + 196_000  # Montecopiolo's are not known
    assert torino.ids == ("torino", "tre-citta")
    assert torino.municipalities == {"001168": 1, "001272": 2}
    assert torino.per_million == pytest.approx(2 / 0.848)
    assert (torino.low, torino.high) == pytest.approx((0.2422 / 0.848, 7.2247 / 0.848), abs=1e-3)


def test_the_country_has_the_national_initiatives_too():
    italy, piemonte = sides("IT", "01")
    assert len(italy.ids) == len(CATALOGUE) and "italia" in italy.ids
    assert italy.profiles["themes"]["housing"] == 4
    assert italy.only_here is None and piemonte.only_here is None
    assert piemonte.missing_here == ("poverty",)


def test_what_one_has_and_the_others_lack():
    emilia, piemonte, trentino = sides("08", "01", "04")
    assert emilia.only_here == ("poverty",) and emilia.missing_here == ()
    assert piemonte.only_here == () and piemonte.missing_here == ("poverty",)
    assert trentino.missing_here == ("poverty", "digital")


def test_a_part_is_not_told_apart_from_its_whole():
    bologna, emilia, torino = sides("037", "08", "001")
    assert bologna.only_here == ("poverty",) == emilia.only_here  # only Torino stands against them
    assert torino.only_here == ()
    alone, whole = sides("037", "08")
    assert alone.only_here is None and whole.only_here is None


def test_a_territory_without_inhabitants_has_no_rate():
    rimini, _ = sides("099", "08")
    assert rimini.ids == ("emilia",)
    assert math.isnan(rimini.per_million) and math.isnan(rimini.high)


def test_nothing_selected_is_a_side_of_zeros():
    empty = CATALOGUE.keep(CATALOGUE.kept & False)
    for side in compare(empty, ("08", "IT"), TERRITORY):
        assert side.ids == () and side.municipalities == {} and side.inhabitants == 0
        assert side.low == 0 < side.high
        assert set(side.profiles["themes"].values()) == {0}


def test_target_groups_are_told_apart_like_themes():
    emilia, piemonte = sides("08", "01")
    groups = {side.code: {group for group, n in side.profiles["targets"].items() if n} for side in (emilia, piemonte)}
    assert set(emilia.targets_only_here) == groups["08"] - groups["01"]
    assert set(emilia.targets_missing_here) == groups["01"] - groups["08"]
    bologna, region = sides("037", "08")
    assert bologna.targets_only_here is None and region.targets_only_here is None


def test_chance_speaks_of_pairs_that_can_be_compared():
    emilia, piemonte, italy = sides("08", "01", "IT")
    chance = tell_by_chance((emilia, piemonte, italy), TERRITORY)
    assert chance.alike == (("08", "01"),) and chance.apart == ()
    assert chance.nested == (("08", "IT"), ("01", "IT"))
    higher = replace(piemonte, per_million=emilia.high + 2, low=emilia.high + 1, high=emilia.high + 3)
    assert tell_by_chance((emilia, higher), TERRITORY).apart == (("01", "08"),)
    rimini, _ = sides("099", "08")  # no inhabitants, no rate
    assert tell_by_chance((rimini, piemonte), TERRITORY).alike == ()
