import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.indicators.intervals import poisson_interval, rank_ranges

# 95% limits as printed in Garwood (1936) and reprinted in E. S. Pearson, H. O. Hartley, Biometrika Tables for
# Statisticians I, table 40 (to the figures printed there).
PUBLISHED = {
    0: (0.0, 3.689), 1: (0.0253, 5.572), 2: (0.242, 7.225), 3: (0.619, 8.767), 4: (1.090, 10.242), 5: (1.623, 11.668),
    6: (2.202, 13.059), 7: (2.814, 14.423), 8: (3.454, 15.763), 9: (4.115, 17.085), 10: (4.795, 18.390),
    15: (8.395, 24.740), 20: (12.217, 30.888), 30: (20.241, 42.827), 50: (37.11, 65.92),
}  # fmt: skip


@pytest.mark.parametrize(("count", "limits"), PUBLISHED.items())
def test_limits_are_the_published_ones(count, limits):
    lower, upper = poisson_interval([count])
    assert lower[0] == pytest.approx(limits[0], abs=0.0055 if count >= 50 else 0.00055)
    assert upper[0] == pytest.approx(limits[1], abs=0.0055 if count >= 50 else 0.00055)


def _cumulative(count, mean):
    """Chance of at most `count` events when the mean is `mean`, summed by hand."""
    return math.fsum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(count + 1))


@given(st.integers(1, 400), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_limits_leave_half_of_the_error_on_each_side(count, confidence):
    lower, upper = poisson_interval([count], confidence)
    tail = (1 - confidence) / 2
    assert _cumulative(count, upper[0]) == pytest.approx(tail, rel=1e-6)
    assert 1 - _cumulative(count - 1, lower[0]) == pytest.approx(tail, rel=1e-6)
    assert lower[0] < count < upper[0]


def test_an_unknown_count_has_no_limits():
    lower, upper = poisson_interval([np.nan, 3])
    assert np.isnan([lower[0], upper[0]]).all()
    assert lower[1] < 3 < upper[1]


@pytest.mark.parametrize("count", [-1, 0.5, 2.25])
def test_parts_of_initiatives_are_no_counts(count):
    with pytest.raises(ValueError, match="whole counts"):
        poisson_interval([3, count])


def test_nothing_to_rank():
    best, worst = rank_ranges([], [])
    assert not len(best) and not len(worst)


def test_intervals_that_do_not_overlap_have_one_place_each():
    best, worst = rank_ranges([0, 10, 20], [5, 15, 25])
    assert (best.tolist(), worst.tolist()) == ([3, 2, 1], [3, 2, 1])


def test_touching_limits_overlap():
    best, worst = rank_ranges([0, 5], [5, 10])
    assert (best.tolist(), worst.tolist()) == ([1, 1], [2, 2])


def test_overlap_need_not_be_shared_by_all():
    """The middle one overlaps with both, the outer ones do not overlap with each other."""
    best, worst = rank_ranges([0, 3, 6], [4, 7, 9])
    assert (best.tolist(), worst.tolist()) == ([2, 1, 1], [3, 3, 2])


def test_an_unknown_interval_counts_for_nobody():
    best, worst = rank_ranges([0, np.nan, 6], [4, np.nan, 9])
    assert (best.tolist(), worst.tolist()) == ([2, 0, 1], [2, 0, 1])


@given(st.lists(st.integers(0, 200), min_size=1, max_size=25))
def test_places_hold_every_order_that_the_intervals_allow(counts):
    lower, upper = poisson_interval(counts)
    best, worst = rank_ranges(lower, upper)
    assert (best >= 1).all() and (best <= worst).all() and (worst <= len(counts)).all()
    for position, count in enumerate(counts):
        observed_first = 1 + sum(other > count for other in counts)
        observed_last = sum(other >= count for other in counts)
        assert best[position] <= observed_first and observed_last <= worst[position]
        assert best[position] == 1 + sum(low > upper[position] for low in lower)


# Deaths, standardised mortality ratio and its exact 95% interval as a public table prints them, to two decimals
# (Table II of https://pmc.ncbi.nlm.nih.gov/articles/PMC4715601/). The limits of the ratio are those of the deaths
# divided by the same expected deaths, which the table gives only as ratio and deaths.
PUBLISHED_RATIOS = (
    (1, 0.42, 0.01, 2.35), (7, 0.29, 0.12, 0.60), (12, 0.28, 0.15, 0.50), (25, 0.49, 0.32, 0.73),
    (37, 0.60, 0.42, 0.82), (45, 0.54, 0.39, 0.72), (43, 0.42, 0.30, 0.57), (40, 0.35, 0.25, 0.48),
    (50, 0.38, 0.28, 0.50), (70, 0.46, 0.36, 0.58), (330, 0.43, 0.39, 0.48),
)  # fmt: skip


@pytest.mark.parametrize(("deaths", "ratio", "low", "high"), PUBLISHED_RATIOS)
def test_limits_of_a_published_ratio(deaths, ratio, low, high):
    lower, upper = poisson_interval([deaths])
    for printed, limit in ((low, lower[0]), (high, upper[0])):
        # The printed ratio is the true one within half a hundredth, and so is the printed limit.
        assert (ratio - 0.005) * limit / deaths - 0.005 <= printed <= (ratio + 0.005) * limit / deaths + 0.005


def test_no_case_has_the_upper_limit_that_epitools_documents():
    """3.689 with half of the error on each side, not the 2.996 of one side alone (manual of epitools, pois.exact)."""
    assert poisson_interval([0])[1][0] == pytest.approx(3.689, abs=0.0005)


def _limits_by_hand(count):
    """The two limits by halving, from the definition: the means that give `count` or further with a chance of 2.5%."""

    def find(is_below):
        low, high = 0.0, 10.0 * count + 50
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if is_below(middle) else (low, middle)
        return low

    upper = find(lambda mean: _cumulative(count, mean) > 0.025)
    return (find(lambda mean: 1 - _cumulative(count - 1, mean) < 0.025) if count else 0.0), upper


@given(st.lists(st.tuples(st.integers(0, 60), st.floats(0.1, 10)), min_size=1, max_size=6))
def test_places_are_those_of_all_the_orders_that_the_intervals_allow(rows):
    """Every order of the territories is tried; it is allowed when nobody stands above one that is surely higher."""
    own = [tuple(limit / size for limit in _limits_by_hand(count)) for count, size in rows]
    surely_higher = {(i, j) for i, (low, _) in enumerate(own) for j, (_, high) in enumerate(own) if low > high}
    places = {i: set() for i in range(len(rows))}
    for order in permutations(range(len(rows))):
        at = {i: place for place, i in enumerate(order, 1)}
        if all(at[i] < at[j] for i, j in surely_higher):
            for i, place in at.items():
                places[i].add(place)
    counts, sizes = zip(*rows, strict=True)
    lower, upper = poisson_interval(counts)
    best, worst = rank_ranges(lower / np.array(sizes), upper / np.array(sizes))
    assert best.tolist() == [min(places[i]) for i in range(len(rows))]
    assert worst.tolist() == [max(places[i]) for i in range(len(rows))]
