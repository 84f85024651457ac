"""Cross-tabulations of the selected initiatives."""

import numpy as np
import pandas as pd

from atlas.base.model import CountingRule, Level
from atlas.catalogue.catalogue import Catalogue
from atlas.territory.territory import Territory


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
    footprint = selected.store.footprints[Level.MUNICIPALITY]
    involved = np.zeros(len(territory.municipalities), dtype=bool)
    involved[footprint.territory[selected.kept[footprint.row]]] = True
    population = np.nan_to_num(territory.municipalities["population"].to_numpy(dtype=float))
    regions = territory.parents[Level.REGION]
    people = np.bincount(regions, weights=population * involved, minlength=len(territory.regions))
    return pd.DataFrame(
        {"involved": people, "population": territory.regions["population"].to_numpy(dtype=float)},
        index=territory.regions.index,
    )
