"""How far chance alone could move a count, and so a position in a ranking.

The model is the usual one for counts of rare events: each count is one outcome of a Poisson process. A catalogue is a
chosen collection and not a sample, so an interval is a caution about small numbers, not an estimate of what exists.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv

CONFIDENCE = 0.95

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


def poisson_interval(counts: npt.ArrayLike, confidence: float = CONFIDENCE) -> tuple[Numbers, Numbers]:
    """Return the exact (Garwood) lower and upper limits of the means behind whole counts; NaN where a count is NaN.

    With a tail of a/2 on each side, the lower limit is the a/2 quantile of a gamma distribution of shape n (0 for
    n = 0), the upper one the 1 - a/2 quantile of shape n + 1: half the chi-square quantiles with 2n and 2n + 2 degrees
    of freedom. Coverage is never below `confidence`. A rate has the same limits divided by its denominator, which is
    taken as known. ValueError for a negative or fractional count: parts of initiatives are no Poisson counts.

    Source: F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28 (1936), 437-442; the chi-square form
    is in K. Ulm, American Journal of Epidemiology 131 (1990), 373-375. scipy.special and not scipy.stats, whose import
    costs five times as much.
    """
    numbers = np.asarray(counts, dtype=float)
    known = numbers[~np.isnan(numbers)]
    if np.any(known < 0) or np.any(known % 1):
        raise ValueError("a Poisson interval needs whole counts that are not negative")
    tail = (1 - confidence) / 2
    lower = np.where(numbers == 0, 0.0, gammaincinv(np.where(numbers == 0, 1.0, numbers), tail))
    return lower, np.asarray(gammaincinv(numbers + 1, 1 - tail), dtype=float)


def rank_ranges(lower: npt.ArrayLike, upper: npt.ArrayLike) -> tuple[Places, Places]:
    """Return the best and the worst rank (1 is the highest) compatible with each interval.

    Two territories can be told apart only when their intervals do not overlap. Best is 1 + how many are surely above
    (their lower limit is over my upper one), worst is n - how many are surely below. Territories that overlap with all
    the others share 1 to n. An unknown interval (NaN) has ranks 0 and 0 and is ignored in the others.

    Source: M. Klein, T. Wright, J. Wieczorek, A joint confidence region for an overall ranking of populations, Journal
    of the Royal Statistical Society C 69 (2020), 589-606, here with the intervals that are drawn, one by one at 95%,
    and not widened to hold all together. For a pair, not overlapping is the stricter test: with intervals of equal
    width it errs less than once in a hundred (N. Schenker, J. F. Gentleman, The American Statistician 55 (2001),
    182-186).
    """
    low, high = np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
    known = ~(np.isnan(low) | np.isnan(high))
    above = (low[None, :] > high[:, None]).sum(axis=1)
    below = (high[None, :] < low[:, None]).sum(axis=1)
    best = np.where(known, 1 + above, 0)
    worst = np.where(known, known.sum() - below, 0)
    return best.astype(np.intp), worst.astype(np.intp)
