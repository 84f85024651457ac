"""Counts, rates and totals of a selected catalogue."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from atlas.base.columns import UNKNOWN
from atlas.base.model import CountingRule, Level, Measure, Selection
from atlas.catalogue.catalogue import Catalogue
from atlas.catalogue.selection import count_options
from atlas.territory.territory import Positions, Territory

# A rate based on fewer initiatives says more about chance than about the territory.
SMALL_COUNT = 5

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The figures at the top of the page.

    initiatives and national (those on no map) count initiatives. municipalities, regions and inhabitants are of the
    distinct municipalities that the initiatives involve: all of them or, when regions or a place are chosen, those
    inside. inhabitants leaves out municipalities_without_population. undisclosed_partners are places that the source
    counts without naming; they are those of the whole initiatives, because their location is unknown. shared counts the
    initiatives of several municipalities, shared_municipalities the distinct municipalities of those.
    """

    initiatives: int
    municipalities: int
    regions: int
    inhabitants: int
    undisclosed_partners: int
    national: int
    municipalities_without_population: int
    shared: int
    shared_municipalities: int


def summarise(selected: Catalogue, territory: Territory, selection: Selection) -> KeyFigures:
    """Return the key figures of a selected catalogue; `selection` is what selected it."""
    inside = is_inside(territory, selection)
    involved = (count_touching(selected, territory, Level.MUNICIPALITY) > 0) & inside
    footprint = selected.store.footprints[Level.MUNICIPALITY]
    has_several = (np.bincount(footprint.row, minlength=len(selected.kept)) > 1) & selected.kept
    shared = footprint.territory[has_several[footprint.row]]
    population = territory.municipalities["population"].to_numpy(dtype=float)[involved]
    partners = selected.store.initiatives["undisclosed_partners"].to_numpy(dtype=float, na_value=0.0)
    return KeyFigures(
        initiatives=len(selected),
        municipalities=int(involved.sum()),
        regions=len(np.unique(territory.parents[Level.REGION][involved])),
        inhabitants=int(np.nansum(population)),
        undisclosed_partners=int(partners[selected.rows].sum()),
        national=int((~selected.placed).sum()),
        municipalities_without_population=int(np.isnan(population).sum()),
        shared=int(has_several.sum()),
        shared_municipalities=len(np.unique(shared[inside[shared]])),
    )


def count_touching(selected: Catalogue, territory: Territory, level: Level) -> Positions:
    """Return how many initiatives touch each territory of a level, in the order of its frame."""
    footprint = selected.store.footprints[level]
    return np.bincount(footprint.territory[selected.kept[footprint.row]], minlength=len(territory.at(level)))


def count_by_territory(selected: Catalogue, territory: Territory, level: Level, rule: CountingRule) -> pd.DataFrame:
    """Return the initiatives of every territory of a level, zeros included, indexed by code.

    n_initiatives (int): initiatives that touch the territory, whatever the rule. value (float): by the rule. Under
    presence and lead it is a number of initiatives; under share it is a sum of parts, and its total over the level is
    the number of initiatives on the map.
    """
    frame = territory.at(level)
    n_initiatives, value = _count(selected, level, rule, len(frame))
    return pd.DataFrame({"n_initiatives": n_initiatives, "value": value}, index=frame.index)


def rate_by_territory(
    selected: Catalogue,
    territory: Territory,
    level: Level,
    rule: CountingRule,
    measure: Measure,
    target_group: str | None = None,
) -> pd.DataFrame:
    """Return the measure for every territory of the level, indexed by code.

    n_initiatives (int) as in count_by_territory; numerator (float) by the rule; denominator (float): inhabitants,
    municipalities, or inhabitants of the age bands in `target_group` (a population_group of the vocabulary; without
    one there is no denominator), NaN where unknown and for Measure.COUNT, which has none; value (float), NaN where the
    denominator is unknown or 0; is_missing (bool): value is NaN, which is not the 0.0 of a territory where the
    catalogue has nothing; is_small (bool): 1 to 4 initiatives behind a rate; under the lead rule, 1 to 4 led there.
    """
    frame = territory.at(level)
    n_initiatives, numerator = _count(selected, level, rule, len(frame))
    behind = numerator if rule is CountingRule.LEAD else n_initiatives
    denominator = _denominator(territory, level, measure, target_group)
    value = numerator
    if measure.is_rate:
        unknown = np.full(len(frame), np.nan)
        value = np.divide(numerator * PER[measure], denominator, out=unknown, where=denominator > 0)
    return pd.DataFrame(
        {
            "n_initiatives": n_initiatives,
            "numerator": numerator,
            "denominator": denominator,
            "value": value,
            "is_small": measure.is_rate & (behind > 0) & (behind < SMALL_COUNT),
            "is_missing": np.isnan(value),
        },
        index=frame.index,
    )


def count_by(selected: Catalogue, dimension: str) -> pd.Series:
    """Return initiatives by option of a dimension; one with several options counts in each."""
    return pd.Series(count_options(selected, dimension), name="n_initiatives", dtype=int)


def count_by_year(selected: Catalogue) -> pd.Series:
    """Return initiatives by start year (str): every year from the first to the last of the file, then unknown."""
    counts = count_by(selected, "years")
    years = [int(year) for year in counts.index if year != UNKNOWN]
    every = [str(year) for year in range(min(years), max(years) + 1)] if years else []
    return counts.reindex([*every, *([UNKNOWN] if UNKNOWN in counts.index else [])], fill_value=0)


def count_by_theme_and_target(selected: Catalogue) -> pd.DataFrame:
    """Return initiatives by theme (rows) and target group (columns), zeros included: an empty cell is a white spot."""
    themes, targets = (selected.store.memberships[dimension] for dimension in ("themes", "targets"))
    both = themes.matrix[:, selected.rows].astype(float) @ targets.matrix[:, selected.rows].T.astype(float)
    return pd.DataFrame(both.astype(int), index=list(themes.options), columns=list(targets.options))


def count_by_region_and_theme(selected: Catalogue, territory: Territory, rule: CountingRule) -> pd.DataFrame:
    """Return the initiatives of each region (rows) on each theme (columns), zeros included, by the counting rule.

    An initiative with several themes counts in each of them, whole; the national ones are in no region.
    """
    footprint = selected.store.footprints[Level.REGION]
    themes = selected.store.memberships["themes"]
    kept = selected.kept[footprint.row]
    if rule is CountingRule.LEAD:
        kept = kept & footprint.is_lead
    row, region = footprint.row[kept], footprint.territory[kept]
    weight = footprint.weight[kept] if rule is CountingRule.SHARE else np.ones(len(row))
    counts = [
        np.bincount(region, weights=weight * has_theme[row], minlength=len(territory.regions))
        for has_theme in themes.matrix
    ]
    return pd.DataFrame(np.array(counts).T, index=territory.regions.index, columns=list(themes.options))


def inhabitants_by_region(selected: Catalogue, territory: Territory) -> pd.DataFrame:
    """Return the inhabitants of the municipalities involved in each region, and of the whole region.

    Columns involved and population; municipalities without a population are skipped in both.
    """
    involved = count_touching(selected, territory, Level.MUNICIPALITY) > 0
    population = np.nan_to_num(territory.municipalities["population"].to_numpy(dtype=float))
    regions = territory.parents[Level.REGION]
    people = np.bincount(regions, weights=population * involved, minlength=len(territory.regions))
    return pd.DataFrame(
        {"involved": people, "population": territory.regions["population"].to_numpy(dtype=float)},
        index=territory.regions.index,
    )


# The unit of each rate: so many inhabitants, municipalities or people of the target group.
PER = {
    Measure.PER_MILLION: 1_000_000,
    Measure.PER_100_MUNICIPALITIES: 100,
    Measure.PER_100K_TARGET: 100_000,
}


def _count(selected: Catalogue, level: Level, rule: CountingRule, size: int) -> tuple[Positions, Numbers]:
    footprint = selected.store.footprints[level]
    kept = slice(None) if selected.is_whole else selected.kept[footprint.row]
    territory = footprint.territory[kept]
    presence = np.bincount(territory, minlength=size)
    if rule is CountingRule.SHARE:
        value = np.bincount(territory, weights=footprint.weight[kept], minlength=size).astype(float)
    elif rule is CountingRule.LEAD:
        value = np.bincount(territory[footprint.is_lead[kept]], minlength=size).astype(float)
    else:
        value = presence.astype(float)
    return presence, value


def _denominator(territory: Territory, level: Level, measure: Measure, target_group: str | None) -> Numbers:
    frame = territory.at(level)
    if measure is Measure.PER_MILLION:
        return frame["population"].to_numpy(dtype=float)
    if measure is Measure.PER_100_MUNICIPALITIES:
        return np.bincount(territory.parents[level], minlength=len(frame)).astype(float)
    if measure is Measure.PER_100K_TARGET and target_group:
        people = territory.age_bands[target_group.split(";")].to_numpy(dtype=float).sum(axis=1)
        known = ~np.isnan(people)
        parents = territory.parents[level][known]
        total = np.bincount(parents, weights=people[known], minlength=len(frame))
        return np.where(np.bincount(parents, minlength=len(frame)) > 0, total, np.nan)
    return np.full(len(frame), np.nan)


def is_inside(territory: Territory, selection: Selection) -> npt.NDArray[np.bool_]:
    """Tell which municipalities are inside the chosen regions and place; all of them if none is chosen."""
    inside = np.ones(len(territory.municipalities), dtype=bool)
    for codes in (selection.regions, (selection.place,) if selection.place else ()):
        if codes:
            within = np.zeros_like(inside)
            for code in codes:
                level = territory.level_of(code)
                if level is not None:
                    within |= territory.parents[level] == territory.positions[level][code]
            inside &= within
    return inside
