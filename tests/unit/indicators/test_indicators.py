import math

import pytest
from hypothesis import given

from atlas.base.model import CountingRule, Level, Measure, Selection
from atlas.catalogue.catalogue import build_catalogue
from atlas.catalogue.selection import select
from atlas.indicators.indicators import (
    count_by,
    count_by_territory,
    count_by_theme_and_target,
    count_by_year,
    rate_by_territory,
    summarise,
)
from tests import factories
from tests.factories import make_row
from tests.unit.catalogue.test_selection import selections

TERRITORY = factories.small_territory()
CATALOGUE = factories.small_catalogue()
EVERYTHING = Selection()


def _count(level, rule, selection=EVERYTHING):
    return count_by_territory(select(CATALOGUE, selection), TERRITORY, level, rule)


def _rate(measure, level=Level.MUNICIPALITY, rule=CountingRule.PRESENCE, group=None, catalogue=CATALOGUE):
    return rate_by_territory(catalogue, TERRITORY, level, rule, measure, group)


def test_presence_counts_an_initiative_once_in_every_territory_it_touches():
    assert _count(Level.REGION, CountingRule.PRESENCE)["value"].to_dict() == {"01": 2, "04": 1, "08": 4}
    assert _count(Level.PROVINCE, CountingRule.PRESENCE)["value"].to_dict() == {
        "001": 2, "021": 1, "034": 1, "037": 4, "099": 1,
    }  # fmt: skip
    assert _count(Level.MUNICIPALITY, CountingRule.PRESENCE)["value"].to_dict() == {
        "001168": 1, "001272": 2, "021008": 1, "034027": 1, "037006": 4, "037020": 2, "099030": 1,
    }  # fmt: skip


def test_share_splits_an_initiative_over_its_municipalities():
    shares = _count(Level.REGION, CountingRule.SHARE)["value"]
    assert shares.to_dict() == pytest.approx({"01": 1 + 1 / 3, "04": 1 / 3, "08": 3 + 1 / 3})


def test_lead_counts_only_where_the_lead_is():
    leads = _count(Level.MUNICIPALITY, CountingRule.LEAD)["value"]
    assert leads[leads > 0].to_dict() == {"001272": 1, "021008": 1, "037006": 1}


def test_presence_behind_a_value_is_kept_whatever_the_rule():
    counted = _count(Level.REGION, CountingRule.LEAD)
    assert counted.loc["08"].to_dict() == {"n_initiatives": 4, "value": 1.0}


def test_every_territory_is_there_when_nothing_is_selected():
    counted = _count(Level.PROVINCE, CountingRule.SHARE, Selection(text="nessuno"))
    assert counted.index.equals(TERRITORY.provinces.index)
    assert counted["value"].eq(0).all()


@pytest.mark.parametrize("level", list(Level))
@given(selection=selections())
def test_share_sums_to_the_initiatives_on_the_map(level, selection):
    selected = select(CATALOGUE, selection)
    shares = count_by_territory(selected, TERRITORY, level, CountingRule.SHARE)
    assert shares["value"].sum() == pytest.approx(selected.placed.sum())


@pytest.mark.parametrize("level", list(Level))
@given(selection=selections())
def test_presence_is_never_below_share_or_lead(level, selection):
    selected = select(CATALOGUE, selection)
    presence, share, lead = (count_by_territory(selected, TERRITORY, level, rule)["value"] for rule in CountingRule)
    assert (presence >= share - 1e-12).all()
    assert (presence >= lead).all()
    assert lead.sum() <= selected.placed.sum()


@pytest.mark.parametrize("rule", list(CountingRule))
@given(one=selections(), other=selections())
def test_a_restriction_never_raises_a_count(rule, one, other):
    kept = select(CATALOGUE, one)
    restricted = select(kept, other)
    for level in Level:
        before = count_by_territory(kept, TERRITORY, level, rule)["value"]
        after = count_by_territory(restricted, TERRITORY, level, rule)["value"]
        assert (after <= before + 1e-12).all()


def test_a_count_has_no_denominator_and_is_never_small():
    rates = _rate(Measure.COUNT)
    assert rates["value"].tolist() == rates["n_initiatives"].tolist()
    assert rates["denominator"].isna().all()
    assert not rates["is_small"].any()
    assert not rates["is_missing"].any()


def test_per_million_inhabitants():
    rates = _rate(Measure.PER_MILLION, Level.PROVINCE)
    assert rates.at["037", "denominator"] == 408_000
    assert rates.at["037", "value"] == pytest.approx(4 / 0.408)


def test_no_population_is_missing_and_no_initiative_is_zero():
    selected = select(CATALOGUE, Selection(themes=("poverty",)))
    rates = _rate(Measure.PER_MILLION, catalogue=selected)
    assert rates.loc["001168", ["n_initiatives", "value", "is_missing"]].tolist() == [0, 0.0, False]
    assert math.isnan(rates.at["099030", "value"])
    assert rates.at["099030", "is_missing"]


def test_a_denominator_of_zero_is_missing():
    territory = factories.small_territory()
    territory.municipalities.loc["037006", "population"] = 0.0
    rates = rate_by_territory(CATALOGUE, territory, Level.MUNICIPALITY, CountingRule.PRESENCE, Measure.PER_MILLION)
    assert rates.loc["037006", ["n_initiatives", "is_missing"]].tolist() == [4, True]


def test_per_hundred_municipalities():
    rates = _rate(Measure.PER_100_MUNICIPALITIES, Level.REGION)
    assert rates["value"].to_dict() == {"01": 100.0, "04": 100.0, "08": 100.0}


def test_per_hundred_thousand_of_the_target_group():
    rates = _rate(Measure.PER_100K_TARGET, Level.PROVINCE, CountingRule.SHARE, "65-74;75+")
    assert rates.at["037", "denominator"] == pytest.approx(408_000 * 0.24)
    assert rates.at["037", "value"] == pytest.approx((1 + 1 + 0.5 + 1 / 3) / (408_000 * 0.24) * 1e5)
    assert rates.at["099", "is_missing"]


@pytest.mark.parametrize("group", [None, ""])
def test_a_target_without_a_population_group_has_no_rate(group):
    assert _rate(Measure.PER_100K_TARGET, group=group)["is_missing"].all()


@pytest.mark.parametrize(("n", "is_small"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_rate_on_fewer_than_five_initiatives_is_small(n, is_small):
    rows = [make_row(f"i{number}") for number in range(n)] + [make_row("altrove", places="034027")]
    catalogue = build_catalogue(factories.make_frame(*rows), TERRITORY, factories.small_vocabulary())
    rates = _rate(Measure.PER_MILLION, catalogue=catalogue)
    assert (rates.at["037006", "n_initiatives"], rates.at["037006", "is_small"]) == (n, is_small)


def test_key_figures_of_everything():
    figures = summarise(CATALOGUE, TERRITORY, EVERYTHING)
    assert (figures.initiatives, figures.national, figures.municipalities, figures.regions) == (6, 1, 7, 3)
    assert figures.inhabitants == 8_000 + 840_000 + 106_000 + 390_000 + 18_000 + 196_000
    assert (figures.municipalities_without_population, figures.undisclosed_partners) == (1, 4)


def test_shared_initiatives_count_their_municipalities_inside_the_chosen_territory():
    rows = [
        make_row("uno", places="037006"),
        make_row("due", places="037006;001272"),
        make_row("tre", places="001272;034027"),
        make_row("italia", places="IT", scale="national"),
    ]
    catalogue = build_catalogue(factories.make_frame(*rows), TERRITORY, factories.small_vocabulary())
    everywhere = summarise(catalogue, TERRITORY, EVERYTHING)
    assert (everywhere.shared, everywhere.shared_municipalities) == (2, 3)
    selection = Selection(regions=("08",))
    inside = summarise(select(catalogue, selection), TERRITORY, selection)
    assert (inside.shared, inside.shared_municipalities) == (2, 2)


@pytest.mark.parametrize(
    ("selection", "municipalities", "regions", "inhabitants"),
    [
        (Selection(regions=("04",)), 1, 1, 106_000),
        (Selection(regions=("01", "04")), 3, 2, 954_000),
        (Selection(place="037"), 2, 1, 408_000),
        (Selection(place="037006"), 1, 1, 390_000),
        (Selection(regions=("01",), place="037006"), 0, 0, 0),
        (Selection(text="nessuno"), 0, 0, 0),
    ],
)
def test_key_figures_stay_inside_the_chosen_territory(selection, municipalities, regions, inhabitants):
    figures = summarise(select(CATALOGUE, selection), TERRITORY, selection)
    assert (figures.municipalities, figures.regions, figures.inhabitants) == (municipalities, regions, inhabitants)


def test_counts_by_term_have_every_term():
    selected = select(CATALOGUE, Selection(themes=("poverty",)))
    assert count_by(selected, "themes").to_dict() == {"poverty": 2, "housing": 1, "digital": 0}
    assert count_by(selected, "targets").to_dict() == {"elderly": 2, "youth": 1, "everyone": 0}
    assert count_by(selected, "service_types").to_dict() == {"new": 2, "reshaped": 0, "established": 0}


def test_years_have_no_gaps():
    counts = count_by_year(CATALOGUE)
    assert counts.index.tolist() == [*map(str, range(2001, 2021)), "unknown"]
    assert (counts["2001"], counts["2005"], counts["2020"], counts["unknown"]) == (1, 0, 2, 1)


def test_white_spots_of_theme_and_target():
    matrix = count_by_theme_and_target(CATALOGUE)
    assert matrix.at["poverty", "elderly"] == 2
    assert matrix.at["digital", "elderly"] == 0
    assert matrix.shape == (3, 3)
