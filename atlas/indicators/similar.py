"""Which initiatives are like one: the same themes, the same target groups, municipalities of the same size."""

from dataclasses import dataclass

import numpy as np

from atlas.base.columns import UNKNOWN
from atlas.base.model import Level
from atlas.catalogue.catalogue import Catalogue
from atlas.indicators.peers import size_class
from atlas.territory.territory import Territory

# What a shared theme, a shared group and the same size weigh.
_THEME, _TARGET, _SIZE = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Similar:
    """An initiative like another, and why: shared themes, shared target groups, the same class of size."""

    id: str
    themes: tuple[str, ...]
    targets: tuple[str, ...]
    same_size: bool


def find_similar(id_: str, catalogue: Catalogue, territory: Territory, limit: int) -> tuple[Similar, ...]:
    """Return the initiatives most like one, of those that share a theme or a target group.

    A shared theme counts 3, a shared group 2, the same class of size 1 (of the median municipality where there are
    several). At equal likeness they stay in the catalogue's order.
    """
    store = catalogue.store
    own = int(np.flatnonzero(store.initiatives.index == id_)[0])
    shared = {}
    for dimension, weight in (("themes", _THEME), ("targets", _TARGET)):
        membership = store.memberships[dimension]
        known = np.array([option != UNKNOWN for option in membership.options])
        shared[dimension] = (membership.matrix & membership.matrix[:, [own]] & known[:, None], weight)
    likeness = sum(matrix.sum(axis=0) * weight for matrix, weight in shared.values())
    sizes = _sizes(catalogue, territory)
    same_size = (sizes == sizes[own]) & (sizes >= 0)
    points = np.where(likeness > 0, likeness + same_size * _SIZE, 0)
    points[own] = 0

    def shares(dimension: str, row: int) -> tuple[str, ...]:
        options = np.array(store.memberships[dimension].options, dtype=object)
        return tuple(map(str, options[shared[dimension][0][:, row]]))

    return tuple(
        Similar(str(store.initiatives.index[row]), shares("themes", row), shares("targets", row), bool(same_size[row]))
        for row in np.argsort(-points, kind="stable")[:limit].tolist()
        if points[row] > 0
    )


def _sizes(catalogue: Catalogue, territory: Territory) -> np.ndarray:
    """Return the class of size of the median municipality of each initiative; -1 where it is not known."""
    footprint = catalogue.store.footprints[Level.MUNICIPALITY]
    population = territory.municipalities["population"].to_numpy(dtype=float)[footprint.territory]
    sizes = np.full(len(catalogue.store.initiatives), -1)
    order = np.argsort(footprint.row, kind="stable")
    rows, starts = np.unique(footprint.row[order], return_index=True)
    for row, people in zip(rows.tolist(), np.split(population[order], starts[1:]), strict=True):
        if not np.isnan(people).all():
            sizes[row] = size_class(float(np.nanmedian(people)))
    return sizes
