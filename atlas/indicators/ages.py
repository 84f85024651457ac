"""The inhabitants of a place by age, compared with its region and the country."""

import numpy as np

from atlas.base.model import Selection
from atlas.indicators.indicators import is_inside
from atlas.territory.territory import Territory
from atlas.territory.territory_files import COUNTRY

# The age bands of population.csv merged into four groups.
AGES = {
    "minors": ("0-2", "3-5", "6-13", "14-17"),
    "young": ("18-34",),
    "adults": ("35-64",),
    "elderly": ("65-74", "75+"),
}


def share_by_age(territory: Territory, code: str) -> dict[str, dict[str, float]]:
    """Return the share (0 to 1) of each of AGES for a place, its region and the country, by code.

    Municipalities without figures are left out of the sums; a place without any figures has NaN.
    """
    region = territory.region_of(code)
    inside = {place: is_inside(territory, Selection(place=place)) for place in (code, region)}
    inside[COUNTRY] = is_inside(territory, Selection())
    people = territory.age_bands.to_numpy(dtype=float)
    bands = list(territory.age_bands.columns)
    ages = {age: [bands.index(band) for band in columns] for age, columns in AGES.items()}
    shares = {}
    for place, here in inside.items():
        known = here & ~np.isnan(people).any(axis=1)
        total = people[known].sum(axis=0)
        share = total / total.sum() if total.sum() > 0 else np.full(len(bands), np.nan)
        shares[place] = {age: float(share[columns].sum()) for age, columns in ages.items()}
    return shares
