"""The tables beside the boundaries: merges, population by age band; it knows nothing of geometry."""

import pandas as pd

from .sources import BuildError

# Every change after the 2022 layer and before the list of 22 January 2024 is a union of whole municipalities.
# Old code → (new code, last day of the old one where a public source gives it).
MERGES = {
    "005079": "005122",
    "005110": "005122",
    "012009": "012144",
    "012018": "012144",
    "012095": "012144",
    "013199": "013256",
    "013228": "013256",
    "018002": "018026",
    "024044": "024128",
    "024103": "024128",
    "025002": "025075",
    "025070": "025075",
    "028022": "028108",
    "028098": "028108",
}

AGE_BANDS = {
    "0-2": (0, 2),
    "3-5": (3, 5),
    "6-13": (6, 13),
    "14-17": (14, 17),
    "18-34": (18, 34),
    "35-64": (35, 64),
    "65-74": (65, 74),
    "75+": (75, 100),
}


def build_population(by_age: pd.DataFrame, codes: pd.Series) -> pd.DataFrame:
    """Residents by age band, women and men together: index istat_code (the wanted codes), columns AGE_BANDS, Int64.

    Merged municipalities are summed; a municipality the source does not have stays empty, never zero.
    """
    current = by_age.groupby(by_age.index.to_series().replace(MERGES).to_numpy()).sum()
    bands = {band: current.loc[:, first:last].sum(axis=1) for band, (first, last) in AGE_BANDS.items()}
    table = pd.DataFrame(bands).reindex(codes).astype("Int64").rename_axis("istat_code")
    if int(table.to_numpy(dtype=object, na_value=0).sum()) != int(by_age.to_numpy().sum()):
        raise BuildError("population: the age bands do not add up to the source's total.")
    return table
