"""Which regions are similar, by the features and weights of similar municipalities (see `peers`)."""

import numpy as np
import pandas as pd

from atlas.base.model import Level
from atlas.indicators.peers import CHILDREN, ELDERLY, WEIGHTS
from atlas.territory.territory import Territory

SIMILAR = 3


def similar_regions(code: str, territory: Territory, n: int = SIMILAR) -> tuple[str, ...]:
    """Return the codes of the most similar regions, nearest first; none if its inhabitants are unknown."""
    features = _standardise(territory)
    weights = np.array(list(WEIGHTS.values()))
    own = features.loc[code].to_numpy()
    distance = pd.Series(
        np.sqrt((weights * (features.to_numpy() - own) ** 2).sum(axis=1) / weights.sum()), index=features.index
    )
    return tuple(map(str, distance.drop(code).dropna().sort_values(kind="stable").index[:n]))


def _standardise(territory: Territory) -> pd.DataFrame:
    """Return each feature of WEIGHTS by region, in standard deviations; NaN where inhabitants are unknown."""
    parents, size = territory.parents[Level.REGION], len(territory.regions)

    def total(values: pd.Series) -> np.ndarray:
        return np.bincount(parents, weights=values.fillna(0.0).to_numpy(dtype=float), minlength=size)

    bands = territory.age_bands
    people, population = total(bands.sum(axis=1)), total(territory.municipalities["population"])
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.column_stack(
            [
                np.log(population),
                np.log(population / total(territory.municipalities["area_km2"])),
                total(bands[list(CHILDREN)].sum(axis=1)) / people,
                total(bands[list(ELDERLY)].sum(axis=1)) / people,
            ]
        )
    values[~np.isfinite(values)] = np.nan
    deviation = np.nanstd(values, axis=0)
    standardised = (values - np.nanmean(values, axis=0)) / np.where(deviation > 0, deviation, 1.0)
    return pd.DataFrame(standardised, index=territory.regions.index, columns=list(WEIGHTS))
