"""Two to four territories side by side: the same figures for each, and the themes that only some of them have."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from atlas.base.columns import UNKNOWN
from atlas.base.model import COMPARED_AT_MOST, CountingRule, Level, Measure, Selection
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.selection import count_options, initiatives_in
from atlas.indicators.indicators import PER, count_by_territory, count_touching, is_inside
from atlas.indicators.intervals import poisson_interval
from atlas.indicators.peers import similar_regions
from atlas.territory.territory import COUNTRY, Territory

PROFILES = ("themes", "targets", "service_types")


@dataclass(frozen=True)
class Side:
    """One territory: a region, a province or the country.

    ids: its initiatives in the catalogue's order; the country has the national ones too. municipalities: initiatives
    of each one involved inside. inhabitants: of those, unknown ones skipped. n_municipalities and population: of the
    whole territory. per_million, low, high: its initiatives per million inhabitants with the 95% interval, NaN without
    a population. profiles: initiatives by option of each of PROFILES, zeros included. only_here: themes that no other
    side has, None when the others all hold it or are part of it; missing_here: themes that only other sides
    have; targets_only_here and targets_missing_here: the same of target groups.
    """

    code: str
    ids: tuple[str, ...]
    municipalities: dict[str, int]
    n_municipalities: int
    inhabitants: int
    population: float
    per_million: float
    low: float
    high: float
    profiles: dict[str, dict[str, int]]
    only_here: tuple[str, ...] | None = None
    missing_here: tuple[str, ...] = ()
    targets_only_here: tuple[str, ...] | None = None
    targets_missing_here: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chance:
    """Which pairs of territories differ, in initiatives per million inhabitants, by more than chance explains.

    apart: (higher, lower), whose 95% intervals do not overlap; alike: those that overlap; nested: one holds the other.
    """

    apart: tuple[tuple[str, str], ...]
    alike: tuple[tuple[str, str], ...]
    nested: tuple[tuple[str, str], ...]


def compare(selected: Catalogue, codes: Sequence[str], territory: Territory) -> tuple[Side, ...]:
    """Return the sides in the order of `codes`; `selected` must not be restricted to a region or place."""
    sides = [_build_side(selected, code, territory) for code in codes]
    return tuple(_tell_apart(side, [other for other in sides if other is not side], territory) for side in sides)


def _build_side(selected: Catalogue, code: str, territory: Territory) -> Side:
    index = selected.store.initiatives.index
    is_country = code == COUNTRY
    ids = [str(id_) for id_ in index[selected.kept]] if is_country else initiatives_in(selected, code)
    inside = is_inside(territory, Selection(place="" if is_country else code))
    own = selected.keep(np.asarray(index.isin(ids)))
    counts = count_touching(own, territory, Level.MUNICIPALITY) * inside
    people = territory.municipalities["population"].to_numpy(dtype=float)
    population = float(np.nansum(people[inside]))
    per_one = PER[Measure.PER_MILLION] / population if population else np.nan
    lower, upper = poisson_interval([len(ids)])
    return Side(
        code=code,
        ids=tuple(ids),
        municipalities=dict(zip(territory.municipalities.index[counts > 0], counts[counts > 0].tolist(), strict=True)),
        n_municipalities=int(inside.sum()),
        inhabitants=int(np.nansum(people[counts > 0])),
        population=population if population else np.nan,
        per_million=len(ids) * per_one,
        low=float(lower[0]) * per_one,
        high=float(upper[0]) * per_one,
        profiles={dimension: count_options(own, dimension) for dimension in PROFILES},
    )


def first_pair(selection: Selection, catalogue: Catalogue, territory: Territory) -> tuple[str, ...]:
    """Return what to compare where nothing is chosen: the regions of the filters, or the two with most initiatives.

    A single region in the filters is compared with the most similar one.
    """
    chosen = selection.regions[:COMPARED_AT_MOST]
    if len(chosen) == 1:
        chosen = (*chosen, *similar_regions(chosen[0], territory, 1))
    if len(chosen) > 1:
        return chosen
    counts = count_by_territory(catalogue, territory, Level.REGION, CountingRule.PRESENCE)["value"]
    return tuple(map(str, counts.sort_values(ascending=False, kind="stable").index[:2]))


def tell_by_chance(sides: Sequence[Side], territory: Territory) -> Chance:
    """Return which pairs of sides chance alone could explain; a part and its whole are no pair to compare."""
    apart, alike, nested = [], [], []
    for one, other in combinations(sides, 2):
        if are_nested(one.code, other.code, territory):
            nested.append((one.code, other.code))
        elif math.isnan(one.per_million) or math.isnan(other.per_million):
            continue
        elif one.low > other.high or other.low > one.high:
            higher, lower = (one, other) if one.per_million > other.per_million else (other, one)
            apart.append((higher.code, lower.code))
        else:
            alike.append((one.code, other.code))
    return Chance(tuple(apart), tuple(alike), tuple(nested))


def _tell_apart(side: Side, others: Sequence[Side], territory: Territory) -> Side:
    themes, missing = _differences(side, others, "themes", territory)
    targets, no_targets = _differences(side, others, "targets", territory)
    return replace(
        side, only_here=themes, missing_here=missing, targets_only_here=targets, targets_missing_here=no_targets
    )


def _differences(
    side: Side, others: Sequence[Side], dimension: str, territory: Territory
) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Return what only this side has, None if no other can be compared, and what only the others have."""
    mine = _options_of(side, dimension)
    theirs = {option for other in others for option in _options_of(other, dimension)}
    apart = [other for other in others if not are_nested(side.code, other.code, territory)]
    elsewhere = {option for other in apart for option in _options_of(other, dimension)}
    only = tuple(option for option in mine if option not in elsewhere) if apart else None
    known = (option for option in side.profiles[dimension] if option != UNKNOWN)
    return only, tuple(option for option in known if option in theirs and option not in mine)


def are_nested(one: str, other: str, territory: Territory) -> bool:
    """Tell whether one of two territories contains the other or is the same."""
    region = territory.region_of(one)
    return COUNTRY in (one, other) or (len(one) != len(other) and region == territory.region_of(other))


def _options_of(side: Side, dimension: str) -> list[str]:
    return [option for option, n in side.profiles[dimension].items() if n and option != UNKNOWN]
