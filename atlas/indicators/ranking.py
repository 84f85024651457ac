"""The regions ordered by a measure, with the interval of each value and the ranks it allows."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from atlas.base.model import CountingRule, Level, Measure
from atlas.catalogue.catalogue import Catalogue
from atlas.indicators.indicators import PER, SMALL_COUNT, Numbers, rate_by_territory
from atlas.indicators.intervals import poisson_interval, rank_ranges
from atlas.territory.territory import Territory


@dataclass(frozen=True)
class Ranking:
    """All regions, highest value first, equal ones by name, unknown ones last.

    frame: by code, with n_initiatives, value, denominator and is_missing of indicators.rate_by_territory; low and high
    (95% interval of the value, NaN where there is none); best and worst (the places that it allows, 0 where none);
    is_small (1 to 4 cases behind the value, also for a count). A region of the country without initiatives has value 0.
    """

    measure: Measure
    rule: CountingRule
    frame: pd.DataFrame

    @property
    def has_intervals(self) -> bool:
        """Tell whether the numbers are counts, or rates of counts: parts of initiatives have no interval."""
        return self.rule is not CountingRule.SHARE

    @property
    def is_empty(self) -> bool:
        return not bool((self.frame["value"] > 0).any())

    @property
    def tells_places(self) -> bool:
        """Tell whether the intervals rule out any position: where all allow all, positions say nothing."""
        known = self.frame["best"] > 0
        return bool(((self.frame["best"] > 1) | (self.frame["worst"] < known.sum()))[known].any())

    @property
    def led_elsewhere(self) -> list[str]:
        """The regions that take part in initiatives but, by the lead rule, lead none."""
        return [str(c) for c in self.frame.index[(self.frame["n_initiatives"] > 0) & (self.frame["value"] == 0)]]

    @property
    def possible_leaders(self) -> list[str]:
        """The regions that could be first according to the intervals."""
        return [str(code) for code in self.frame.index[self.frame["best"] == 1]]


def build_ranking(
    selected: Catalogue, territory: Territory, rule: CountingRule, measure: Measure, target_group: str | None
) -> Ranking:
    """Rank all regions by the initiatives of `selected`."""
    frame = rate_by_territory(selected, territory, Level.REGION, rule, measure, target_group)
    value = frame["value"].to_numpy(dtype=float)
    cases = _cases(frame, rule)
    low, high = interval_of(frame, rule, measure)
    best, worst = rank_ranges(low, high)
    frame = frame.drop(columns=["numerator", "is_small"]).assign(
        low=low, high=high, best=best, worst=worst, is_small=(cases > 0) & (cases < SMALL_COUNT)
    )
    order = np.lexsort((territory.regions["name"].to_numpy(dtype=str), -np.where(np.isnan(value), -1.0, value)))
    return Ranking(measure, rule, frame.iloc[order])


def interval_of(frame: pd.DataFrame, rule: CountingRule, measure: Measure) -> tuple[Numbers, Numbers]:
    """Return the 95% interval of each value of a frame of indicators.rate_by_territory.

    NaN where there is none: for fractions of initiatives, and for a rate without a denominator.
    """
    unknown = np.full(len(frame), np.nan)
    if rule is CountingRule.SHARE:
        return unknown, unknown
    denominator = frame["denominator"].to_numpy(dtype=float)
    one = np.divide(PER[measure], denominator, where=denominator > 0, out=unknown) if measure.is_rate else 1.0
    low, high = (limit * one for limit in poisson_interval(_cases(frame, rule)))
    return low, high


def _cases(frame: pd.DataFrame, rule: CountingRule) -> Numbers:
    return frame["numerator" if rule is CountingRule.LEAD else "n_initiatives"].to_numpy(dtype=float)
