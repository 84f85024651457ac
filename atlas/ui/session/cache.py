"""Data shared by all sessions of the process, read once and never modified."""

import gc
from functools import cache as once
from functools import lru_cache

from atlas.base.folders import DATA_DIR
from atlas.territory.codes import read_code_changes
from atlas.territory.territory import Territory
from atlas.territory.vintage import CodeYears


@lru_cache(maxsize=4)
def code_years_of(territory: Territory) -> CodeYears:
    """Return the codes that municipalities had in other years."""
    return CodeYears(territory.municipalities.index, read_code_changes(DATA_DIR), territory.dates.geography.year)


@once
def set_aside_shared_memory() -> None:
    """Exclude process-wide objects from garbage collection, which would scan the whole territory every time.

    To be called at the end of a run.
    """
    gc.collect()
    gc.freeze()
