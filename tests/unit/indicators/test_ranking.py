from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.base.model import CountingRule, Level, Measure, Selection
from atlas.catalogue.selection import select
from atlas.indicators.indicators import rate_by_territory
from atlas.indicators.ranking import build_ranking
from tests import factories

pytestmark = pytest.mark.fast

TERRITORY = factories.small_territory()
CATALOGUE = factories.small_catalogue()
YOUTH = "14-17;18-34"


def _rank(rule=CountingRule.PRESENCE, measure=Measure.COUNT, group=None, catalogue=CATALOGUE):
    return build_ranking(catalogue, TERRITORY, rule, measure, group)


def test_every_region_is_there_the_highest_first_and_equal_ones_by_name():
    frame = _rank().frame
    # Emilia-Romagna 4 (bologna, cintura, emilia, tre-citta), Piemonte 2, Trentino-Alto Adige 1.
    assert frame["value"].to_dict() == {"08": 4, "01": 2, "04": 1}
    assert frame["n_initiatives"].tolist() == [4, 2, 1]
    equal = _rank(catalogue=CATALOGUE.keep(np.zeros(len(CATALOGUE), dtype=bool))).frame
    assert list(equal.index) == ["08", "01", "04"]  # Emilia-Romagna, Piemonte, Trentino


def test_a_count_has_the_limits_of_garwood_and_a_rate_the_same_divided():
    count, rate = _rank().frame, _rank(measure=Measure.PER_100_MUNICIPALITIES).frame
    assert (count.at["08", "low"], count.at["08", "high"]) == pytest.approx((1.0899, 10.2416), abs=1e-4)
    # Four municipalities of the seven are in Emilia-Romagna.
    assert rate.at["08", "low"] == pytest.approx(count.at["08", "low"] * 100 / 4)
    assert rate.at["08", "high"] == pytest.approx(count.at["08", "high"] * 100 / 4)


def test_a_region_without_initiatives_has_an_upper_limit_and_a_place():
    frame = _rank(catalogue=select(CATALOGUE, Selection(regions=("08",), themes=("digital",)))).frame
    assert frame.loc[["01", "04"], "value"].tolist() == [0, 0]
    assert frame.at["04", "low"] == 0 and frame.at["04", "high"] == pytest.approx(3.6889, abs=1e-4)
    assert frame.at["04", "best"] == 1 and not frame.at["04", "is_small"]


def test_parts_of_initiatives_have_neither_interval_nor_place():
    ranking = _rank(rule=CountingRule.SHARE)
    assert not ranking.has_intervals
    assert ranking.frame[["low", "high"]].isna().all(axis=None)
    assert ranking.frame["best"].tolist() == [0, 0, 0] == ranking.frame["worst"].tolist()
    assert ranking.possible_leaders == []


def test_few_cases_are_those_behind_the_number():
    """Under the lead rule Emilia-Romagna has one case, though four initiatives touch it."""
    assert _rank().frame["is_small"].to_dict() == {"08": True, "01": True, "04": True}
    lead = _rank(rule=CountingRule.LEAD).frame
    assert lead["value"].to_dict() == {"08": 1, "01": 1, "04": 1}
    assert lead.at["08", "high"] == pytest.approx(5.5716, abs=1e-4)


def test_an_unknown_denominator_comes_last_without_an_interval():
    ranking = _rank(measure=Measure.PER_100K_TARGET, group=None)
    assert ranking.frame["is_missing"].all() and ranking.is_empty
    assert ranking.frame["best"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("rule", list(CountingRule))
@pytest.mark.parametrize("measure", list(Measure))
@settings(max_examples=25)
@given(kept=st.lists(st.booleans(), min_size=6, max_size=6))
def test_the_ranking_says_what_the_map_says(rule, measure, kept):
    part = CATALOGUE.keep(np.array(kept))
    group = YOUTH if measure is Measure.PER_100K_TARGET else None
    ranking = _rank(rule, measure, group, part)
    on_map = rate_by_territory(part, TERRITORY, Level.REGION, rule, measure, group)["value"]
    assert ranking.frame["value"].sort_index().tolist() == pytest.approx(on_map.tolist(), nan_ok=True)
    assert sorted(ranking.frame["value"], reverse=True) == ranking.frame["value"].tolist()
    if ranking.has_intervals:
        assert (ranking.frame["low"] <= ranking.frame["value"]).all()
        assert (ranking.frame["value"] <= ranking.frame["high"]).all()


def test_with_the_published_catalogue_no_region_can_be_told_apart():

    territory = factories.real_territory()
    path = factories.CATALOGUE
    catalogue = factories.read_initiatives(path, territory, factories.real_vocabulary())
    for measure in (Measure.COUNT, Measure.PER_MILLION, Measure.PER_100_MUNICIPALITIES):
        ranking = build_ranking(catalogue, territory, CountingRule.PRESENCE, measure, None)
        assert len(ranking.frame) == 20 == len(ranking.possible_leaders)


def test_with_many_cases_regions_can_be_told_apart():
    ranking = build_ranking(
        factories.make_catalogue(3_000, 7_000), factories.real_territory(), CountingRule.PRESENCE, Measure.COUNT, None
    )
    frame = ranking.frame
    assert 1 <= len(ranking.possible_leaders) < 20
    assert frame["best"].is_monotonic_increasing and frame["best"].iat[-1] > 10


def test_positions_are_told_only_when_an_interval_rules_one_out():
    ranking = _rank()
    assert not ranking.tells_places  # three regions whose intervals overlap: each may be first or last
    apart = replace(ranking, frame=ranking.frame.assign(best=[1, 2, 2], worst=[1, 3, 3]))
    assert apart.tells_places
    assert not _rank(rule=CountingRule.SHARE).tells_places


def test_who_takes_part_but_leads_nothing_is_named_by_the_lead_rule_only():
    housing = select(CATALOGUE, Selection(themes=("housing",)))
    lead, presence = _rank(rule=CountingRule.LEAD, catalogue=housing), _rank(catalogue=housing)
    without = lead.frame[(lead.frame["value"] == 0) & (lead.frame["n_initiatives"] > 0)].index
    assert lead.led_elsewhere == list(without) and presence.led_elsewhere == []
