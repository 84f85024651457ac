import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.intervals import poisson_interval, rank_ranges

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
